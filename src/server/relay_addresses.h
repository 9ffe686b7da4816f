#pragma once

#include <optional>
#include <vector>

#include "net/address.h"
#include "server/config.h"
#include "turn/peer_policy.h"
#include "turn/server_config.h"

// Where the relay has its addresses, and to whom it relays.
namespace parley::server {

// What there is to choose from. From the system, or from a test.
struct HostAddresses {
  std::vector<net::IpAddress> all = {};
  // By which this host reaches the rest of the world; none: not at all.
  std::optional<net::IpAddress> primary_v4 = {};
  std::optional<net::IpAddress> primary_v6 = {};
  std::vector<net::Network> networks =
      {};  // On which its addresses are, as far as others are, too.

  friend bool operator==(const HostAddresses&, const HostAddresses&) = default;

  static HostAddresses of_this_host();
};

// At most one of a family. The operator's public address where it is one of this host's own; where
// it is not, this host stands behind a one-to-one NAT, and the public address is announced of the
// primary one. Else the primary address of each family; without those, on a host that is alone,
// loopback. Who listens on one address only relays from that one.
std::vector<turn::RelayHost> relay_hosts(const Config& config, const HostAddresses& host);

// Where clients find media, the best first: where this host would relay, were it to listen there;
// and behind a one-to-one NAT its own address as well, for who is behind it, too.
std::vector<net::IpAddress> media_addresses(const Config& config, const HostAddresses& host);

// `media_ports` of this host may be reached, and its relayed addresses; beyond that, what is public
// and not beside this host, and what the operator allows.
turn::PeerPolicyConfig peer_policy(const Config& config, const HostAddresses& host,
                                   std::vector<std::uint16_t> media_ports);

}  // namespace parley::server
