#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/overloaded.h"
#include "probe/path_probe.h"
#include "turn/server.h"
#include "turn/test_server.h"

// For tests: a PathProbe, a TURN server, and the network between them, in virtual time.
namespace parley::probe::test {

struct WorldConfig {
  bool blocks = false;             // Nothing passes.
  bool opens = true;               // Wires come about; else they stay silent.
  bool nat_is_dependent = false;   // Another port for each destination.
  bool nat_is_strict = false;      // Lets in only what was written to.
  bool is_public = false;          // There is no NAT.
  bool knows_login = true;         // The server does.
  bool has_other_address = false;  // The server does (RFC 5780),
  bool other_is_silent = false;    // and it cannot be reached there.
  int lose_each = 0;               // Each so-many-th packet of ours through the relay; 0: none.
  Duration latency = std::chrono::milliseconds{10};  // One way.
  std::size_t bytes_per_second = 0;                  // Up; 0: no bound.
};

class World {
 public:
  World(PathProbe::Config config, const WorldConfig& world)
      : world_(world), way_(config.way), probe_(std::move(config), random_) {
    server_.server.set_calendar(server_.now, UnixTime{std::chrono::seconds{1}});
  }

  // Until it is done; how long that took. Bounded.
  Duration run() {
    const Time began = server_.now;
    probe_.start(server_.now);
    settle();
    for (int turns = 0; !done_ && turns < 1'000'000; ++turns) {
      Time next = std::min(probe_.next_deadline(), server_.server.next_deadline());
      if (!events_.empty()) next = std::min(next, events_.begin()->first);
      if (next == kNever) break;
      server_.now = std::max(server_.now, next);
      if (!events_.empty() && events_.begin()->first <= server_.now) {
        auto event = std::move(events_.extract(events_.begin()).mapped());
        event();
      }
      if (server_.server.next_deadline() <= server_.now) {
        server_.server.handle_timeout(server_.now);
      }
      if (probe_.next_deadline() <= server_.now) probe_.handle_timeout(server_.now);
      settle();
    }
    return server_.now - began;
  }

  void tell(PathProbe::Input input) { probe_.handle_input(server_.now, std::move(input)); }
  bool is_done() const { return done_; }
  const PathProbe& probe() const { return probe_; }
  turn::test::TestServer& server() { return server_; }

  static PathProbe::Config config(Way way) {
    return {.way = way,
            .server = turn::test::kServer,
            .login = turn::Login{"ada", "lovelace"},
            .other_ports = {turn::test::address("45.10.10.10:40000")},
            .measure_for = std::chrono::seconds{1}};
  }

 private:
  using Wire = PathProbe::Wire;

  net::SocketAddress local(Wire wire) const {
    const auto port = static_cast<std::uint16_t>(5000 + std::to_underlying(wire));
    return {turn::test::ip(world_.is_public ? "93.184.216.34" : "192.168.1.2"), port};
  }
  net::SocketAddress mapped(Wire wire, const net::SocketAddress& to) const {
    if (world_.is_public) return local(wire);
    const auto port = 20'000 + 100 * std::to_underlying(wire) +
                      (world_.nat_is_dependent ? 1'000 + (to.port + to.ip.bytes().back()) % 97 : 0);
    return {turn::test::ip("93.184.216.34"), static_cast<std::uint16_t>(port)};
  }

  void after(Duration time, std::function<void()> event) {
    events_.emplace(server_.now + time, std::move(event));
  }

  void settle() {
    while (auto output = probe_.poll_output()) {
      std::visit(
          overloaded{
              [&](PathProbe::Open& open) {
                if (!world_.opens) return;
                after({}, [this, wire = open.wire] { tell(PathProbe::Opened{wire, local(wire)}); });
              },
              [&](PathProbe::Send& send) { take(send); }, [&](PathProbe::Done) { done_ = true; }},
          *output);
    }
    server_.drain();
    for (auto& sent : std::exchange(server_.sent, {})) to_client(sent.path, std::move(sent.packet));
  }

  void take(PathProbe::Send& send) {
    contacted_.insert({send.wire, send.to});
    if (world_.blocks) return;
    const net::SocketAddress from = mapped(send.wire, send.to);
    last_mapped_[from] = send.wire;
    Duration wait = world_.latency;
    if (world_.bytes_per_second > 0) {
      const auto micros = send.packet.size() * 1'000'000 / world_.bytes_per_second;
      up_free_ = std::max(up_free_, server_.now) + Duration(static_cast<Duration::rep>(micros));
      wait += up_free_ - server_.now;
    }
    after(wait, [this, from, to = send.to, packet = std::move(send.packet)] {
      at_server(from, to, packet);
    });
  }

  void at_server(const net::SocketAddress& from, const net::SocketAddress& to,
                 const std::vector<std::uint8_t>& packet) {
    if (const auto relay = server_.relay_at(to)) return at_relay(relay, from, packet);
    const auto transport = way_ == Way::kUdp ? net::Transport::kUdp : net::Transport::kTcp;
    const auto to_peer = server_.server.from_client(server_.now, {transport, to, from}, packet);
    if (!to_peer) return;
    if (world_.lose_each > 0 && ++relayed_ % world_.lose_each == 0) return;
    const auto relay_address = server_.open.at(to_peer->relay).local;
    const std::vector<std::uint8_t> payload(to_peer->payload.begin(), to_peer->payload.end());
    if (const auto relay = server_.relay_at(to_peer->peer)) {
      return at_relay(relay, relay_address, payload);
    }
    to_socket(relay_address, to_peer->peer, payload);
  }

  void at_relay(turn::RelayId relay, const net::SocketAddress& from,
                const std::vector<std::uint8_t>& payload) {
    std::vector<std::uint8_t> buffer(turn::kHeadroom + payload.size() + turn::kTailroom);
    std::ranges::copy(payload, buffer.begin() + turn::kHeadroom);
    const auto to = server_.server.from_peer(server_.now, relay, from,
                                             {.buffer = buffer, .size = payload.size()});
    if (to) to_client(to->path, {to->packet.begin(), to->packet.end()});
  }

  void to_client(const net::Path& path, std::vector<std::uint8_t> packet) {
    if (world_.other_is_silent && path.local.ip != turn::test::kServer.ip) return;
    to_socket(path.local, path.remote, std::move(packet));
  }

  // Through the NAT.
  void to_socket(const net::SocketAddress& from, const net::SocketAddress& to,
                 std::vector<std::uint8_t> packet) {
    const auto wire = last_mapped_.find(to);
    if (wire == last_mapped_.end()) return;
    if (world_.nat_is_strict && !contacted_.contains({wire->second, from})) return;
    after(world_.latency, [this, from, wire = wire->second, packet = std::move(packet)] {
      tell(PathProbe::Packet{wire, from, packet});
    });
  }

  WorldConfig world_;
  Way way_;
  SeededRandom random_{7};
  turn::test::TestServer server_{[this] {
    auto config = turn::test::make_config();
    if (!world_.knows_login) {
      config.users = {turn::make_user(config.realm, {"ada", "byron"})};
    }
    if (world_.has_other_address) {
      config.binding.discovery = {turn::test::kServer, turn::test::address("45.10.10.11:3479")};
    }
    return config;
  }()};
  PathProbe probe_;
  bool done_ = false;
  int relayed_ = 0;
  Time up_free_ = kAtOnce;
  std::multimap<Time, std::function<void()>> events_;
  std::set<std::pair<Wire, net::SocketAddress>> contacted_;
  std::map<net::SocketAddress, Wire> last_mapped_;
};

}  // namespace parley::probe::test
