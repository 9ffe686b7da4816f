#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/address.h"

namespace parley::server {

// The links by which a person opens a server that listens on `address`: on this computer, and from
// others on the network by each of this host's addresses; by those of IPv6, which nobody likes to
// type, only where it has no other.
struct Links {
  std::vector<std::string> here = {};
  std::vector<std::string> network = {};

  friend bool operator==(const Links&, const Links&) = default;
};

Links links_to(std::string_view scheme, const net::SocketAddress& address,
               std::span<const net::IpAddress> local_addresses);

}  // namespace parley::server
