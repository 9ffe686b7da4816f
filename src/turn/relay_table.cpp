#include "turn/relay_table.h"

#include <algorithm>

namespace parley::turn {
namespace {

constexpr int kDraws = 64;  // Until it is taken that no port is left.

}  // namespace

RelayTable::RelayTable(const ServerConfig& config, Random& random)
    : hosts_(config.relay_hosts),
      first_port_(config.first_port),
      last_port_(config.last_port),
      random_(&random),
      own_ports_(config.relay_ports == nullptr ? std::make_unique<RelayPorts>() : nullptr),
      ports_(config.relay_ports == nullptr ? own_ports_.get() : config.relay_ports) {}

Relay* RelayTable::add(Family family, net::Transport transport, AllocationId allocation, bool even,
                       bool pair) {
  const RelayHost* const host = host_of(family);
  if (host == nullptr || last_port_ < first_port_) return nullptr;
  const std::uint32_t ports = last_port_ - first_port_ + 1u;
  for (int draw = 0; draw < kDraws; ++draw) {
    std::uint32_t port = first_port_ + random_->u32() % ports;
    if (even) port &= ~1u;
    if (port < first_port_ || port + (pair ? 1 : 0) > last_port_) continue;
    const net::SocketAddress local{host->local, static_cast<std::uint16_t>(port)};
    const net::SocketAddress next{host->local, static_cast<std::uint16_t>(port + 1)};
    if (!is_free(transport, local) || (pair && !is_free(transport, next))) continue;
    return &insert(transport, local, allocation);
  }
  return nullptr;
}

Relay& RelayTable::add_next(const Relay& even) {
  net::SocketAddress local = even.local;
  ++local.port;
  return insert(even.transport, local, even.allocation);
}

Relay* RelayTable::find(RelayId id) {
  const auto it = relays_.find(id);
  return it == relays_.end() ? nullptr : &it->second;
}

void RelayTable::set_open(Relay& relay) {
  relay.is_open = true;
  ports_->set(relay.transport, relay.local, true);
}

bool RelayTable::is_relay(net::Transport transport, const net::SocketAddress& peer) const {
  const auto is_at = [&](const RelayHost& host) {
    return host.local == peer.ip || host.announced == peer.ip;
  };
  return ports_->has(transport, peer) && std::ranges::any_of(hosts_, is_at);
}

void RelayTable::erase(RelayId id) {
  const auto it = relays_.find(id);
  if (it == relays_.end()) return;
  const Relay& relay = it->second;
  taken_.erase({relay.transport, relay.local, {}});
  // What could not be opened may be another server's.
  if (relay.is_open) ports_->set(relay.transport, relay.local, false);
  if (relay.reservation != 0) reservations_.erase(relay.reservation);
  relays_.erase(it);
}

std::uint64_t RelayTable::reserve(Relay& relay) {
  do {
    relay.reservation = random_->u64();
  } while (relay.reservation == 0 || reservations_.contains(relay.reservation));
  reservations_[relay.reservation] = relay.id;
  return relay.reservation;
}

Relay* RelayTable::find_reserved(std::uint64_t token) {
  const auto it = reservations_.find(token);
  return it == reservations_.end() ? nullptr : find(it->second);
}

void RelayTable::claim(Relay& relay, AllocationId allocation) {
  reservations_.erase(relay.reservation);
  relay.reservation = 0;
  relay.allocation = allocation;
}

net::SocketAddress RelayTable::to_local(const net::SocketAddress& announced) const {
  const auto host = std::ranges::find(hosts_, announced.ip, &RelayHost::announced);
  return host == hosts_.end() ? announced : net::SocketAddress{host->local, announced.port};
}

net::SocketAddress RelayTable::to_announced(const net::SocketAddress& local) const {
  const auto host = std::ranges::find(hosts_, local.ip, &RelayHost::local);
  return host == hosts_.end() ? local : net::SocketAddress{host->announced, local.port};
}

const RelayHost* RelayTable::host_of(Family family) const {
  const auto host = std::ranges::find_if(hosts_, [&](const RelayHost& candidate) {
    return candidate.local.is_v4() == (family == Family::kIpv4);
  });
  return host == hosts_.end() ? nullptr : &*host;
}

bool RelayTable::is_free(net::Transport transport, const net::SocketAddress& local) const {
  return !taken_.contains({transport, local, {}});
}

Relay& RelayTable::insert(net::Transport transport, const net::SocketAddress& local,
                          AllocationId allocation) {
  const RelayId id{++last_id_};
  Relay& relay = relays_[id];
  relay.id = id;
  relay.allocation = allocation;
  relay.transport = transport;
  relay.local = local;
  relay.announced = to_announced(local);
  taken_.insert({transport, local, {}});
  return relay;
}

}  // namespace parley::turn
