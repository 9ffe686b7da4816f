#include "turn/peer_policy.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/assert.h"

namespace parley::turn {
namespace {

std::vector<net::Network> networks(std::initializer_list<std::string_view> texts) {
  std::vector<net::Network> parsed;
  for (const std::string_view text : texts) {
    const auto network = net::Network::parse(text);
    PARLEY_ASSERT(network.has_value());
    parsed.push_back(*network);
  }
  return parsed;
}

bool in_any(const net::IpAddress& ip, const std::vector<net::Network>& networks) {
  return std::ranges::any_of(networks, [&](const net::Network& n) { return n.contains(ip); });
}

const std::vector<net::Network>& not_public() {
  static const std::vector<net::Network> kNotPublic = networks({
      "0.0.0.0/8",         // This network.
      "10.0.0.0/8",        // Private.
      "100.64.0.0/10",     // Shared by carriers; a cloud's metadata at 100.100.100.200.
      "127.0.0.0/8",       // Loopback.
      "168.63.129.16/32",  // A cloud's metadata, at an address like any other.
      "169.254.0.0/16",    // Link-local, and most clouds' metadata.
      "172.16.0.0/12",     // Private.
      "192.0.0.0/24",      // Protocol assignments; a cloud's metadata at 192.0.0.192.
      "192.0.2.0/24",      // Documentation.
      "192.88.99.0/24",    // 6to4 anycast.
      "192.168.0.0/16",    // Private.
      "198.18.0.0/15",     // Benchmarks.
      "198.51.100.0/24",   // Documentation.
      "203.0.113.0/24",    // Documentation.
      "224.0.0.0/4",       // Multicast.
      "240.0.0.0/4",       // Reserved, and broadcast.
      "2001::/23",         // Protocol assignments, Teredo among them.
      "2001:db8::/32",     // Documentation.
      "3fff::/20",         // Documentation.
  });
  return kNotPublic;
}

const net::Network& well_known_nat64() {
  static const net::Network kNat64 = networks({"64:ff9b::/96"}).front();
  return kNat64;
}

bool has_prefix(const net::IpAddress& ip, std::string_view network) {
  return net::Network::parse(network)->contains(ip);
}

net::IpAddress v4_at(Bytes bytes, std::size_t at) {
  return net::IpAddress::v4({bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]});
}

// What follows on a NAT64 prefix, with the byte in between that is always zero (RFC 6052, 2.2).
net::IpAddress v4_behind(unsigned prefix, const net::IpAddress& ip) {
  std::array<std::uint8_t, 4> v4 = {};
  std::size_t at = prefix / 8;
  for (std::uint8_t& byte : v4) {
    if (at == 8) ++at;
    byte = ip.bytes()[at++];
  }
  return net::IpAddress::v4(v4);
}

// The IPv4 host that a router on the way would deliver to: 6to4 (RFC 3056), and ISATAP, whose
// interface identifier is ::0:5efe or ::200:5efe before the address (RFC 5214, 6.1).
std::optional<net::IpAddress> embedded(const net::IpAddress& ip) {
  if (ip.is_v4()) return std::nullopt;
  const Bytes bytes = ip.bytes();
  if (bytes[0] == 0x20 && bytes[1] == 0x02) return v4_at(bytes, 2);
  const bool is_isatap =
      (bytes[8] & ~0x02) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
  if (is_isatap) return v4_at(bytes, 12);
  return std::nullopt;
}

}  // namespace

bool is_public_unicast(const net::IpAddress& ip) {
  if (in_any(ip, not_public())) return false;
  return ip.is_v4() || has_prefix(ip, "2000::/3");
}

PeerPolicy::PeerPolicy(PeerPolicyConfig config) : config_(std::move(config)) {
  std::ranges::sort(config_.own);
}

void PeerPolicy::set_host(std::vector<net::IpAddress> own, std::vector<net::Network> neighbours) {
  std::ranges::sort(own);
  config_.own = std::move(own);
  config_.neighbours = std::move(neighbours);
}

bool PeerPolicy::is_own(const net::IpAddress& ip) const {
  return std::ranges::binary_search(config_.own, ip);
}

bool PeerPolicy::allows(const net::IpAddress& ip) const {
  if (in_any(ip, config_.deny)) return false;
  if (in_any(ip, config_.allow) || is_own(ip)) return true;
  return !is_neighbour(ip) && allows_outside(ip);
}

bool is_nat64_prefix(const net::Network& network) {
  constexpr std::array kLengths = {32u, 40u, 48u, 56u, 64u, 96u};
  return network.address.is_v6() && std::ranges::find(kLengths, network.prefix) != kLengths.end();
}

bool PeerPolicy::is_neighbour(const net::IpAddress& ip) const {
  return in_any(ip, config_.neighbours);
}

bool PeerPolicy::allows(const net::SocketAddress& peer, bool is_relay) const {
  if (peer.port == 0 || !allows(peer.ip)) return false;
  return is_relay || !is_own(peer.ip) || in_any(peer.ip, config_.allow) ||
         std::ranges::find(config_.media_ports, peer.port) != config_.media_ports.end();
}

// An own address that is reached by a detour has no port to judge by: it is refused.
bool PeerPolicy::allows_outside(const net::IpAddress& ip) const {
  const auto is_allowed_v4 = [&](const net::IpAddress& v4) {
    if (in_any(v4, config_.deny) || is_own(v4)) return false;
    return in_any(v4, config_.allow) || (!is_neighbour(v4) && is_public_unicast(v4));
  };
  if (well_known_nat64().contains(ip)) return is_allowed_v4(v4_behind(96, ip));
  for (const net::Network& network : config_.nat64) {
    if (network.contains(ip)) return is_allowed_v4(v4_behind(network.prefix, ip));
  }
  if (!is_public_unicast(ip)) return false;
  const auto v4 = embedded(ip);
  return !v4 || is_allowed_v4(*v4);
}

}  // namespace parley::turn
