#pragma once

#include <cstdint>
#include <vector>

#include "net/address.h"

namespace parley::turn {

struct PeerPolicyConfig {
  std::vector<net::Network> allow = {};  // Beyond what is public. "127.0.0.0/8" for tests.
  std::vector<net::Network> deny = {};   // Goes before all else.
  // Beyond 64:ff9b::/96; is_nat64_prefix() of each.
  std::vector<net::Network> nat64 = {};
  // This host, as others see it, and what of it may be reached.
  std::vector<net::IpAddress> own = {};
  std::vector<std::uint16_t> media_ports = {};
  // Of its interfaces: who is there stands behind our firewall, with a public address or not.
  std::vector<net::Network> neighbours = {};
};

// To whom packets may be relayed: else everyone with a password could reach what stands behind our
// firewall, or the services of this host (RFC 8656, 21.1.5 and 21.2).
//
// Public unicast addresses are allowed, save those of this host's neighbours, and of this host: of
// it only relayed addresses and media. An IPv6 address that leads to an IPv4 one (6to4, NAT64,
// ISATAP) must be allowed as both; an IPv4-mapped one is the IPv4 address (net::IpAddress).
class PeerPolicy {
 public:
  explicit PeerPolicy(PeerPolicyConfig config);

  // This host has other addresses now, or is in other networks.
  void set_host(std::vector<net::IpAddress> own, std::vector<net::Network> neighbours);

  // For a permission, which has no port.
  bool allows(const net::IpAddress& ip) const;
  // `is_relay`: a relayed address is there.
  bool allows(const net::SocketAddress& peer, bool is_relay) const;
  bool is_own(const net::IpAddress& ip) const;

 private:
  bool allows_outside(const net::IpAddress& ip) const;
  bool is_neighbour(const net::IpAddress& ip) const;

  PeerPolicyConfig config_;  // Its `own` is sorted: it is asked for each packet.
};

// Reachable over the internet, and one host's: RFC 6890 and the registries that follow it, without
// the addresses at which clouds keep their secrets.
bool is_public_unicast(const net::IpAddress& ip);

// Of a length from which the IPv4 address behind it can be told (RFC 6052, 2.2).
bool is_nat64_prefix(const net::Network& network);

}  // namespace parley::turn
