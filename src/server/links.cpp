#include "server/links.h"

#include <fmt/core.h>

namespace parley::server {

Links links_to(std::string_view scheme, const net::SocketAddress& address,
               std::span<const net::IpAddress> local_addresses) {
  const std::string local = fmt::format("{}://localhost:{}", scheme, address.port);
  const auto link = [&](const net::IpAddress& ip) {
    return fmt::format("{}://{}", scheme, net::SocketAddress{ip, address.port}.to_string());
  };
  if (address.ip.is_loopback()) return {.here = {local}};
  if (!address.ip.is_any()) return {.network = {link(address.ip)}};
  Links links{.here = {local}};
  // 0.0.0.0 takes IPv4 alone, :: takes both.
  for (const bool v6 : {false, true}) {
    if (v6 && (address.ip.is_v4() || !links.network.empty())) break;
    for (const net::IpAddress& ip : local_addresses) {
      if (!ip.is_loopback() && ip.is_v6() == v6) links.network.push_back(link(ip));
    }
  }
  return links;
}

}  // namespace parley::server
