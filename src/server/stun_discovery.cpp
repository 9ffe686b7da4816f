#include "server/stun_discovery.h"

#include <fmt/core.h>

#include <limits>

namespace parley::server {
namespace {

// Else clients would be told addresses that they cannot reach.
std::optional<std::string> check_announced(const Config& config) {
  const net::IpAddress& stun = config.stun.listen.address.ip;
  const net::IpAddress first = config.public_address.value_or(stun);
  const auto& second = config.stun.alternate_public_address;
  if (first != stun && !second) {
    return fmt::format(
        "stun.alternate needs stun.alternate_public_address, as clients reach stun.listen, {}, "
        "under public_address, {}.",
        stun.to_string(), first.to_string());
  }
  if (first.is_v4() != stun.is_v4() || (second && second->is_v4() != stun.is_v4())) {
    return fmt::format("stun.alternate needs public addresses of the family of stun.listen, {}.",
                       stun.to_string());
  }
  if (second == first) {
    return fmt::format("stun.alternate_public_address must be another address than {}.",
                       first.to_string());
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> check_stun_alternate(const Config& config) {
  if (!config.stun.alternate) return std::nullopt;
  const net::SocketAddress& stun = config.stun.listen.address;
  const net::IpAddress& ip = config.stun.alternate->ip;
  if (config.single_port) return "stun.alternate is beside stun.listen, not beside a single_port.";
  if (!config.stun.listen.enabled) return "stun.alternate is beside stun.listen, which is off.";
  if (stun.ip.is_any()) {
    return fmt::format(
        "stun.alternate needs stun.listen to be one address, such as 192.0.2.1:{}, not {}.",
        stun.port, stun.to_string());
  }
  if (ip.is_v4() != stun.ip.is_v4()) {
    return fmt::format(
        "stun.alternate, {}, and stun.listen, {}, must both be of IPv4 or both of IPv6.",
        ip.to_string(), stun.to_string());
  }
  if (ip == stun.ip) {
    return fmt::format("stun.alternate must be another IP address than that of stun.listen, {}.",
                       ip.to_string());
  }
  if (stun.port == std::numeric_limits<std::uint16_t>::max() && !config.stun.alternate->port) {
    return "stun.alternate needs a port: there is none above that of stun.listen, 65535.";
  }
  if (stun.port != 0 && config.stun.alternate->port == stun.port) {
    return fmt::format("stun.alternate must have another port than stun.listen, {}.", stun.port);
  }
  return check_announced(config);
}

std::optional<std::array<net::IpAddress, 2>> announced_stun(const Config& config) {
  if (!config.public_address && !config.stun.alternate_public_address) return std::nullopt;
  return std::array{config.public_address.value_or(config.stun.listen.address.ip),
                    config.stun.alternate_public_address.value_or(config.stun.alternate->ip)};
}

net::SocketAddress stun_alternate(const Config& config, const net::SocketAddress& stun) {
  const Config::Stun::Alternate& alternate = *config.stun.alternate;
  if (alternate.port) return {alternate.ip, *alternate.port};
  const bool any_will_do = config.stun.listen.address.port == 0;
  return {alternate.ip, any_will_do ? std::uint16_t{0} : static_cast<std::uint16_t>(stun.port + 1)};
}

}  // namespace parley::server
