#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/overloaded.h"
#include "base/random.h"
#include "sim/network.h"
#include "turn/server.h"
#include "turn/stream_framer.h"

namespace parley::sim {

// A host on the simulated internet that runs our TURN server, over UDP and TCP on one port and over
// "TLS", which is only another TCP port here. Whoever includes this links parley_turn.
class TurnHost {
 public:
  static constexpr std::uint16_t kTlsPort = 5349;

  TurnHost(Network& network, const net::SocketAddress& address, std::uint64_t seed,
           const HostConfig& host = {})
      : network_(network),
        address_(address),
        random_(seed),
        server_(make_config(address.ip), random_) {
    HostConfig config = host;
    config.addresses = {address.ip};
    host_ = network.add_host(config);
    network.listen(host_, address);
    network.listen(host_, {address.ip, kTlsPort});
  }

  static turn::ServerConfig make_config(const net::IpAddress& ip) {
    turn::ServerConfig config;
    config.users = {turn::make_user(config.realm, {"ada", "lovelace"})};
    config.relay_hosts = {{ip, ip}};
    config.peers.allow = {net::Network::parse("0.0.0.0/0").value()};
    return config;
  }

  HostId host() const { return host_; }
  const net::SocketAddress& address() const { return address_; }
  turn::Server& server() { return server_; }
  // The machine is gone: nothing is answered, and nobody is told.
  void die() { dead_ = true; }
  // The program is gone: whoever is connected is told.
  void crash(Time now) {
    dead_ = true;
    for (const auto& [path, framer] : streams_) network_.disconnect(now, host_, path);
  }

  void handle(Time now, Arrival& arrival) {
    if (dead_) return;
    switch (arrival.kind) {
      case Arrival::Kind::kConnected: streams_[arrival.path]; break;
      case Arrival::Kind::kClosed:
        streams_.erase(arrival.path);
        server_.client_closed(now, arrival.path);
        break;
      case Arrival::Kind::kPacket: handle_packet(now, arrival);
    }
    drain(now);
  }

  void handle_timeout(Time now) {
    if (dead_) return;
    server_.handle_timeout(now);
    drain(now);
  }
  Time next_deadline() const { return dead_ ? kNever : server_.next_deadline(); }

 private:
  void handle_packet(Time now, Arrival& arrival) {
    if (arrival.path.transport == net::Transport::kTcp) {
      auto& framer = streams_[arrival.path];
      framer.append(arrival.payload);
      while (const auto packet = framer.next().value()) from_client(now, arrival.path, *packet);
      return;
    }
    if (arrival.path.local == address_) return from_client(now, arrival.path, arrival.payload);
    const auto relay = std::ranges::find_if(
        relays_, [&](const auto& each) { return each.second == arrival.path.local; });
    if (relay == relays_.end()) return;
    std::vector<std::uint8_t> buffer(turn::kHeadroom + arrival.payload.size() + turn::kTailroom);
    std::ranges::copy(arrival.payload, buffer.begin() + turn::kHeadroom);
    const auto to_client = server_.from_peer(now, relay->first, arrival.path.remote,
                                             {.buffer = buffer, .size = arrival.payload.size()});
    if (to_client) network_.send(now, host_, to_client->path, to_client->packet);
  }

  void from_client(Time now, const net::Path& path, Bytes packet) {
    const auto to_peer = server_.from_client(now, path, packet);
    if (!to_peer) return;
    const net::Path out{net::Transport::kUdp, relays_.at(to_peer->relay), to_peer->peer};
    network_.send(now, host_, out, to_peer->payload);
  }

  void drain(Time now) {
    while (auto output = server_.poll_output()) {
      std::visit(
          overloaded{[&](turn::SendToClient& x) { network_.send(now, host_, x.path, x.packet); },
                     [&](turn::OpenRelay& x) {
                       relays_[x.relay] = x.local;
                       server_.relay_opened(now, x.relay);
                     },
                     [&](turn::CloseRelay& x) { relays_.erase(x.relay); }, [](auto&) {}},
          *output);
    }
  }

  Network& network_;
  net::SocketAddress address_;
  SeededRandom random_;
  turn::Server server_;
  HostId host_ = 0;
  bool dead_ = false;
  std::map<turn::RelayId, net::SocketAddress> relays_;
  std::map<net::Path, turn::StreamFramer> streams_;
};

}  // namespace parley::sim
