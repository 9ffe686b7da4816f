#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string_view>

#include "net/address.h"

namespace parley::net {

// What carries a packet between two socket addresses.
enum class Transport : std::uint8_t {
  kUdp,
  kTcp,  // Each packet after its length in two bytes (RFC 4571).
};

constexpr std::string_view to_string(Transport transport) {
  return transport == Transport::kUdp ? "udp" : "tcp";
}

// The way of a packet between us and a peer: the same value for what comes and for its answer.
struct Path {
  Transport transport = Transport::kUdp;
  SocketAddress local = {};  // The address on our host that it came to, or leaves from.
  SocketAddress remote = {};

  friend auto operator<=>(const Path&, const Path&) = default;
};

}  // namespace parley::net

template <>
struct std::hash<parley::net::Path> {
  std::size_t operator()(const parley::net::Path& path) const noexcept {
    const std::hash<parley::net::SocketAddress> address_hash;
    return (address_hash(path.local) * 31 + address_hash(path.remote)) * 2 +
           static_cast<std::size_t>(path.transport);
  }
};
