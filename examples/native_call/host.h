#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "net/address.h"

namespace native_call {

// Where a server is.
struct Host {
  std::string name = {};  // Or an address; an IPv6 one without brackets.
  std::string port = "80";

  std::string to_string() const;  // "localhost:80", "[::1]:80".

  // Looks the name up, which may take a while. The error is a sentence for the user.
  std::expected<parley::net::SocketAddress, std::string> look_up() const;
};

// The address of a meeting, as a browser shows it: http://HOST[:PORT]/room/NAME
struct Meeting {
  Host host = {};
  std::string room = {};

  static std::optional<Meeting> parse(const std::string& url);
};

}  // namespace native_call
