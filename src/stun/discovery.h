#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "net/address.h"
#include "net/path.h"
#include "stun/message.h"

// How clients discover what their NAT does (RFC 5780): what they may ask of a Binding answer, and
// from where it then leaves.
namespace parley::stun {

// CHANGE-REQUEST's flags (RFC 5780, 7.2).
inline constexpr std::uint32_t kChangeIp = 4;
inline constexpr std::uint32_t kChangePort = 2;

// The four UDP addresses that this needs: two IP addresses of one family, at the same two ports.
struct DiscoveryAddresses {
  net::SocketAddress primary = {};    // A1:P1 in the RFC.
  net::SocketAddress alternate = {};  // A2:P2: another IP address and another port.
  // Behind a one-to-one NAT: the IP addresses under which clients know the two.
  std::optional<std::array<net::IpAddress, 2>> announced = {};

  std::array<net::SocketAddress, 4> all() const;  // The primary one first.
  bool has(const net::Path& path) const;          // Whether a packet has come to one of them.
  // Whether it came to one that is there for discovery alone.
  bool is_extra(const net::Path& path) const { return has(path) && path.local != primary; }

  // One of them as clients know it.
  net::SocketAddress announced_of(const net::SocketAddress& address) const;

  // Table 1 of RFC 5780: the one of them with the other IP address, the other port, or both.
  net::SocketAddress changed(const net::SocketAddress& from, std::uint32_t flags) const;
};

// What a Binding request asks of its answer.
struct DiscoveryRequest {
  std::uint32_t change = 0;                         // Flags.
  std::optional<std::uint16_t> response_port = {};  // To which it is to go; else back.
  bool padded = false;

  bool asks_for_something() const { return change != 0 || response_port || padded; }

  // Nothing: it is malformed, or asks for what must not be (6.1: a padded answer to another port).
  static std::optional<DiscoveryRequest> parse(const MessageView& request);

  friend bool operator==(const DiscoveryRequest&, const DiscoveryRequest&) = default;
};

}  // namespace parley::stun
