#include "server/relay_addresses.h"

#include <algorithm>

#include "server/local_addresses.h"

namespace parley::server {
namespace {

const net::IpAddress kLoopbackV4 = net::IpAddress::v4({127, 0, 0, 1});
const net::IpAddress kLoopbackV6 =
    net::IpAddress::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});

bool has(const std::vector<net::IpAddress>& all, const net::IpAddress& ip) {
  return std::ranges::find(all, ip) != all.end();
}

// Where clients come in: over UDP or TCP, else over TLS.
net::IpAddress listening(const Config& config) {
  if (config.single_port) return config.https.listen.address.ip;
  return config.stun.listen.enabled ? config.stun.listen.address.ip : config.turn.tls.address.ip;
}

std::optional<net::IpAddress> primary(const HostAddresses& host, bool v6) {
  const auto& address = v6 ? host.primary_v6 : host.primary_v4;
  if (address) return address;
  const bool alone = !host.primary_v4 && !host.primary_v6;
  const net::IpAddress& loopback = v6 ? kLoopbackV6 : kLoopbackV4;
  return alone && has(host.all, loopback) ? std::optional(loopback) : std::nullopt;
}

// "::" takes IPv4 as well.
std::optional<net::IpAddress> local_address(const net::IpAddress& listening,
                                            const HostAddresses& host, bool v6) {
  if (!listening.is_any()) return listening.is_v6() == v6 ? std::optional(listening) : std::nullopt;
  return listening.is_v4() && v6 ? std::nullopt : primary(host, v6);
}

std::vector<turn::RelayHost> hosts_at(const net::IpAddress& listens,
                                      const std::optional<net::IpAddress>& announced,
                                      const HostAddresses& host) {
  std::vector<turn::RelayHost> hosts;
  for (const bool v6 : {false, true}) {
    const auto local = local_address(listens, host, v6);
    if (!local) continue;
    if (!announced || announced->is_v6() != v6) {
      hosts.push_back({.local = *local, .announced = *local});
    } else if (listens.is_any() && has(host.all, *announced)) {
      hosts.push_back({.local = *announced, .announced = *announced});
    } else {
      hosts.push_back({.local = *local, .announced = *announced});
    }
  }
  return hosts;
}

}  // namespace

HostAddresses HostAddresses::of_this_host() {
  return {.all = local_addresses(),
          .primary_v4 = primary_address(false),
          .primary_v6 = primary_address(true),
          .networks = local_networks()};
}

std::vector<turn::RelayHost> relay_hosts(const Config& config, const HostAddresses& host) {
  return hosts_at(listening(config), config.public_address, host);
}

std::vector<net::IpAddress> media_addresses(const Config& config, const HostAddresses& host) {
  const Config::Listen& listen = config.single_port ? config.https.listen : config.media.listen;
  const auto hosts = hosts_at(listen.address.ip, config.public_address, host);
  std::vector<net::IpAddress> addresses;
  for (const turn::RelayHost& one : hosts) addresses.push_back(one.announced);
  for (const turn::RelayHost& one : hosts) {
    if (!has(addresses, one.local)) addresses.push_back(one.local);
  }
  return addresses;
}

// Of loopback there is nothing to reach, save where the relay itself is there: any program of this
// host may have a port among those of the relay, and trust whoever comes from this host.
turn::PeerPolicyConfig peer_policy(const Config& config, const HostAddresses& host,
                                   std::vector<std::uint16_t> media_ports) {
  turn::PeerPolicyConfig policy{.allow = config.turn.allow_peers,
                                .deny = config.turn.deny_peers,
                                .nat64 = config.turn.nat64,
                                .own = {},
                                .media_ports = std::move(media_ports),
                                .neighbours = host.networks};
  const auto add = [&](const net::IpAddress& ip) {
    if (!has(policy.own, ip)) policy.own.push_back(ip);
  };
  for (const net::IpAddress& ip : host.all) {
    if (!ip.is_loopback()) add(ip);
  }
  for (const turn::RelayHost& relay : relay_hosts(config, host)) {
    add(relay.local);
    add(relay.announced);
  }
  if (config.public_address) add(*config.public_address);
  if (config.test_hooks) {
    policy.allow.push_back({.address = net::IpAddress::v4({127, 0, 0, 0}), .prefix = 8});
    policy.allow.push_back({.address = kLoopbackV6, .prefix = 128});
  }
  return policy;
}

}  // namespace parley::server
