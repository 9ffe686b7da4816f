#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "probe/report.h"

namespace parley::probe {

// Where a Parley server is: "https://host[:port][/base]".
struct WebUrl {
  bool secure = true;
  std::string host = {};  // Without brackets.
  std::uint16_t port = 0;
  std::string base = {};  // Of the path, without a slash at its end.

  std::string to_string() const;  // The port only where it is not the scheme's.

  friend bool operator==(const WebUrl&, const WebUrl&) = default;
};

// Without a scheme it is https. Nothing where it is no such URL.
std::optional<WebUrl> parse_web_url(std::string_view text);

// "stun:", "turn:" and "turns:" (RFC 7064, RFC 7065); without the login. Nothing where it is none
// that we can try.
std::optional<Doctor::Server> parse_ice_url(std::string_view text);

// "host:port", with brackets around an IPv6 address.
std::string host_and_port(std::string_view host, std::uint16_t port);

}  // namespace parley::probe
