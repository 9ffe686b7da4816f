#include "sim/network.h"

#include <algorithm>
#include <array>
#include <utility>

#include "stun/message_builder.h"

namespace parley::sim {
namespace {

void write_address(ByteWriter& writer, const net::SocketAddress& address) {
  const Bytes ip = address.ip.bytes();
  writer.u8(static_cast<std::uint8_t>(ip.size()));
  writer.bytes(ip);
  writer.u16(address.port);
}

net::SocketAddress read_address(ByteReader& reader) {
  const Bytes ip = reader.bytes(reader.u8());
  net::SocketAddress address;
  if (ip.size() == 4) {
    std::array<std::uint8_t, 4> v4;
    std::ranges::copy(ip, v4.begin());
    address.ip = net::IpAddress::v4(v4);
  } else {
    std::array<std::uint8_t, 16> v6;
    std::ranges::copy(ip, v6.begin());
    address.ip = net::IpAddress::v6(v6);
  }
  address.port = reader.u16();
  return address;
}

LinkConfig reliable(LinkConfig config) {
  config.loss = config.duplicate = 0;
  config.reorder = false;
  return config;
}

}  // namespace

Datagram Network::to_bytes(const Packet& packet) {
  ByteWriter writer;
  writer.u8(static_cast<std::uint8_t>(packet.kind));
  write_address(writer, packet.from);
  write_address(writer, packet.to);
  write_address(writer, packet.peer);
  writer.bytes(packet.payload);
  return writer.take();
}

Network::Packet Network::to_packet(Bytes bytes) {
  ByteReader reader(bytes);
  Packet packet;
  packet.kind = static_cast<Kind>(reader.u8());
  packet.from = read_address(reader);
  packet.to = read_address(reader);
  packet.peer = read_address(reader);
  const Bytes payload = reader.bytes(reader.remaining());
  packet.payload.assign(payload.begin(), payload.end());
  return packet;
}

Network::Host Network::make_host(const HostConfig& config) {
  if (config.nat) nats_.try_emplace(config.nat->outside, *config.nat, random_());
  return {.config = config,
          .up = Link(config.up, random_()),
          .down = Link(config.down, random_()),
          .tcp_up = Link(reliable(config.up), random_()),
          .tcp_down = Link(reliable(config.down), random_())};
}

HostId Network::add_host(const HostConfig& config) {
  hosts_.push_back(make_host(config));
  return hosts_.size() - 1;
}

bool Network::has(const Host& host, const net::IpAddress& ip) const {
  return std::ranges::find(host.config.addresses, ip) != host.config.addresses.end();
}

// --- From a host
// -----------------------------------------------------------------------------------

void Network::send(Time now, HostId id, const net::Path& path, Bytes payload) {
  Host& host = hosts_.at(id);
  ++counters_.sent;
  Packet packet{.from = path.local, .to = path.remote};
  packet.payload.assign(payload.begin(), payload.end());
  if (path.transport == net::Transport::kTcp) {
    if (!host.connections.contains(path)) return;
    packet.kind = Kind::kData;
  } else if (const auto relayed = allocations_.find(path.local); relayed != allocations_.end()) {
    if (relayed->second.host != id) return;
    packet = {.kind = Kind::kRelayed,
              .from = relayed->second.base,
              .to = *relay_,
              .peer = path.remote,
              .payload = std::move(packet.payload)};
  }
  enter(now, id, packet);
}

void Network::enter(Time now, HostId id, const Packet& packet) {
  Host& host = hosts_.at(id);
  if (!has(host, packet.from.ip)) {
    ++counters_.unroutable;
    return;
  }
  if (host.udp_blocked && !is_tcp(packet.kind)) {
    ++counters_.refused_by_firewall;
    return;
  }
  (is_tcp(packet.kind) ? host.tcp_up : host.up).send(now, to_bytes(packet));
}

void Network::leave_host(Time now, HostId id, Packet packet) {
  const Host& host = hosts_.at(id);
  const bool translated = host.config.nat && packet.from.ip.is_v4();
  if (!translated) return route(now, std::move(packet));
  const auto neighbour = std::ranges::find_if(hosts_, [&](const Host& other) {
    return other.config.nat && other.config.nat->outside == host.config.nat->outside &&
           has(other, packet.to.ip);
  });
  if (neighbour != hosts_.end()) {
    return to_host(now, static_cast<HostId>(neighbour - hosts_.begin()), packet);
  }
  const net::Transport transport =
      is_tcp(packet.kind) ? net::Transport::kTcp : net::Transport::kUdp;
  packet.from = nat_of(id).translate_out(now, transport, packet.from, packet.to);
  route(now, std::move(packet));
}

// --- In the world
// ----------------------------------------------------------------------------------

void Network::route(Time now, Packet packet) {
  if (stun_servers_.contains(packet.to)) return answer_stun(now, packet);
  if (relay_ == packet.to) return to_relay(now, packet);
  if (allocations_.contains(packet.to)) return to_relayed(now, packet);
  if (nats_.contains(packet.to.ip)) return through_nat(now, std::move(packet));
  for (HostId id = 0; id < hosts_.size(); ++id) {
    const bool hidden = hosts_[id].config.nat && packet.to.ip.is_v4();
    if (!hidden && has(hosts_[id], packet.to.ip)) return to_host(now, id, packet);
  }
  ++counters_.unroutable;
}

void Network::through_nat(Time now, Packet packet) {
  const net::IpAddress outside = packet.to.ip;
  const net::Transport transport =
      is_tcp(packet.kind) ? net::Transport::kTcp : net::Transport::kUdp;
  const auto inside = nats_.at(outside).translate_in(now, transport, packet.to, packet.from);
  if (!inside) {
    ++counters_.refused_by_nat;
    return;
  }
  packet.to = *inside;
  for (HostId id = 0; id < hosts_.size(); ++id) {
    const auto& nat = hosts_[id].config.nat;
    if (nat && nat->outside == outside && has(hosts_[id], inside->ip)) {
      return to_host(now, id, packet);
    }
  }
  ++counters_.unroutable;
}

void Network::to_host(Time now, HostId id, const Packet& packet) {
  Host& host = hosts_.at(id);
  if (host.udp_blocked && !is_tcp(packet.kind)) {
    ++counters_.refused_by_firewall;
    return;
  }
  (is_tcp(packet.kind) ? host.tcp_down : host.down).send(now, to_bytes(packet));
}

void Network::answer_stun(Time now, const Packet& packet) {
  const auto request = stun::MessageView::parse(packet.payload);
  if (!request || request->message_class() != stun::Class::kRequest) return;
  stun::MessageBuilder answer(stun::Class::kSuccess, *request);
  answer.add_xor_address(stun::Attribute::kXorMappedAddress, packet.from);
  answer.add_fingerprint();
  route(now, {.from = packet.to, .to = packet.from, .payload = answer.take()});
}

net::SocketAddress Network::allocate(Time now, HostId id, const net::SocketAddress& base) {
  const net::SocketAddress relayed{.ip = relay_->ip, .port = next_port_++};
  const net::SocketAddress client =
      hosts_.at(id).config.nat ? nat_of(id).translate_out(now, net::Transport::kUdp, base, *relay_)
                               : base;
  allocations_[relayed] = {.host = id, .base = base, .client = client};
  return relayed;
}

// From its client, to a peer.
void Network::to_relay(Time now, const Packet& packet) {
  const auto found = std::ranges::find_if(
      allocations_, [&](const auto& entry) { return entry.second.client == packet.from; });
  if (packet.kind != Kind::kRelayed || found == allocations_.end()) {
    ++counters_.refused_by_relay;
    return;
  }
  found->second.permissions.insert(packet.peer.ip);
  route(now, {.from = found->first, .to = packet.peer, .payload = packet.payload});
}

// From a peer, to its client.
void Network::to_relayed(Time now, const Packet& packet) {
  const Allocation& allocation = allocations_.at(packet.to);
  if (packet.kind != Kind::kUdp || !allocation.permissions.contains(packet.from.ip)) {
    ++counters_.refused_by_relay;
    return;
  }
  route(now, {.kind = Kind::kRelayed,
              .from = *relay_,
              .to = allocation.client,
              .peer = packet.from,
              .payload = packet.payload});
}

// --- At a host
// -------------------------------------------------------------------------------------

void Network::arrive(Time now, HostId id, Packet packet) {
  const net::Transport transport =
      is_tcp(packet.kind) ? net::Transport::kTcp : net::Transport::kUdp;
  net::Path path{transport, packet.to, packet.from};
  if (is_tcp(packet.kind)) return arrive_tcp(now, id, path, std::move(packet));
  if (packet.kind == Kind::kRelayed) {
    const auto found = std::ranges::find_if(allocations_, [&](const auto& entry) {
      return entry.second.host == id && entry.second.base == packet.to;
    });
    if (found == allocations_.end()) return;
    path = {transport, found->first, packet.peer};
  }
  ++counters_.delivered;
  arrived_.push_back({.host = id, .path = path, .payload = std::move(packet.payload)});
}

void Network::arrive_tcp(Time now, HostId id, const net::Path& path, Packet packet) {
  Host& host = hosts_.at(id);
  const auto answer = [&](Kind kind) {
    enter(now, id, {.kind = kind, .from = packet.to, .to = packet.from});
  };
  const auto tell = [&](Arrival::Kind kind, const net::Path& asked) {
    arrived_.push_back({.kind = kind, .host = id, .path = path, .asked = asked});
  };
  switch (packet.kind) {
    case Kind::kSyn:
      if (!host.listening.contains(packet.to)) return answer(Kind::kReset);
      host.connections.insert(path);
      answer(Kind::kAccept);
      return tell(Arrival::Kind::kConnected, {});
    case Kind::kAccept:
      if (!host.asked.contains(packet.to)) return;
      host.connections.insert(path);
      return tell(Arrival::Kind::kConnected, host.asked.extract(packet.to).mapped());
    case Kind::kReset:
      if (!host.asked.contains(packet.to)) return;
      return tell(Arrival::Kind::kClosed, host.asked.extract(packet.to).mapped());
    case Kind::kFin:
      if (host.connections.erase(path) > 0) tell(Arrival::Kind::kClosed, {});
      return;
    default:
      if (!host.connections.contains(path)) return;
      ++counters_.delivered;
      arrived_.push_back({.host = id, .path = path, .payload = std::move(packet.payload)});
  }
}

void Network::listen(HostId id, const net::SocketAddress& local) {
  hosts_.at(id).listening.insert(local);
}

void Network::connect(Time now, HostId id, const net::Path& asked) {
  const net::SocketAddress local{.ip = asked.local.ip, .port = next_port_++};
  hosts_.at(id).asked[local] = asked;
  enter(now, id, {.kind = Kind::kSyn, .from = local, .to = asked.remote});
}

void Network::disconnect(Time now, HostId id, const net::Path& path) {
  if (hosts_.at(id).connections.erase(path) == 0) return;
  enter(now, id, {.kind = Kind::kFin, .from = path.local, .to = path.remote});
}

// --- Time
// ------------------------------------------------------------------------------------------

std::optional<Arrival> Network::poll(Time now) {
  while (arrived_.empty() && step(now)) {
  }
  if (arrived_.empty()) return std::nullopt;
  Arrival arrival = std::move(arrived_.front());
  arrived_.pop_front();
  return arrival;
}

// Takes one packet off a link, the earliest first. False if none has arrived by now.
bool Network::step(Time now) {
  const Time next = next_deadline();
  if (next == kNever || next > now) return false;
  for (HostId id = 0; id < hosts_.size(); ++id) {
    for (Link* const up : {&hosts_[id].up, &hosts_[id].tcp_up}) {
      if (up->next_deadline() != next) continue;
      leave_host(next, id, to_packet(*up->poll(next)));
      return true;
    }
    for (Link* const down : {&hosts_[id].down, &hosts_[id].tcp_down}) {
      if (down->next_deadline() != next) continue;
      arrive(next, id, to_packet(*down->poll(next)));
      return true;
    }
  }
  return false;
}

Time Network::next_deadline() const {
  if (!arrived_.empty()) return kAtOnce;
  Time next = kNever;
  for (const Host& host : hosts_) {
    for (const Link* const link : {&host.up, &host.down, &host.tcp_up, &host.tcp_down}) {
      next = std::min(next, link->next_deadline());
    }
  }
  return next;
}

// --- What happens to hosts
// -------------------------------------------------------------------------

void Network::set_down(HostId id, bool down) {
  Host& host = hosts_.at(id);
  for (Link* const link : {&host.up, &host.down, &host.tcp_up, &host.tcp_down}) {
    link->set_down(down);
  }
}

void Network::set_links(HostId id, const LinkConfig& up, const LinkConfig& down) {
  Host& host = hosts_.at(id);
  host.config.up = up;
  host.config.down = down;
  host.up.set_config(up);
  host.down.set_config(down);
  host.tcp_up.set_config(reliable(up));
  host.tcp_down.set_config(reliable(down));
}

void Network::move(HostId id, std::vector<net::IpAddress> addresses, std::optional<NatConfig> nat) {
  HostConfig config = hosts_.at(id).config;
  config.addresses = std::move(addresses);
  config.nat = std::move(nat);
  hosts_[id] = make_host(config);
  std::erase_if(allocations_, [&](const auto& entry) { return entry.second.host == id; });
}

}  // namespace parley::sim
