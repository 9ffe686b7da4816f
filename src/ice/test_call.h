#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/overloaded.h"
#include "ice/agent.h"
#include "sim/network.h"
#include "sim/turn_host.h"

// Two agents on a simulated internet, for the tests of this folder: a signalling channel between
// them, a STUN server, a relay, and the time.
namespace parley::ice::test {

using namespace std::chrono_literals;

inline constexpr Time kStart{1h};
inline const net::SocketAddress kStunServer =
    net::SocketAddress::parse("198.51.100.1:3478").value();
inline const net::SocketAddress kRelay = net::SocketAddress::parse("198.51.100.2:3478").value();
inline const net::SocketAddress kTurnServer =
    net::SocketAddress::parse("198.51.100.3:3478").value();
inline constexpr std::uint16_t kPort = 5000;  // Of each host's sockets.

inline net::IpAddress ip(std::string_view text) {
  return net::IpAddress::parse(text).value();
}

struct SideConfig {
  sim::HostConfig host = {};
  Config ice = {};
  bool udp = true;
  bool stun = false;
  bool relay = false;
  std::optional<TcpType> tcp = {};
  std::vector<RelayProtocol> turn = {};  // By way of which it asks a TURN server of ours.
  turn::Login login = {"ada", "lovelace"};
  bool hides_addresses = false;  // Behind mDNS names, as browsers do.
};

// One of the two, and all that came out of its agent.
struct Side {
  SideConfig config = {};
  sim::HostId host = 0;
  std::unique_ptr<SeededRandom> random = {};
  std::unique_ptr<Agent> agent = {};

  std::vector<Candidate> found = {};
  std::vector<std::pair<Time, net::Path>> selections = {};
  std::vector<std::pair<Time, State>> states = {};
  std::vector<Refused> refused = {};
  std::vector<ServerFailed> server_failures = {};
  std::vector<std::string> server_names = {};      // Whose certificates were to be shown, in turn.
  std::map<ServerStream, net::Path> streams = {};  // What was asked for, then what there is.
  bool gathered = false;
  int data_received = 0;  // Datagrams that were not STUN, from a validated path.
  int data_refused = 0;   // From another.

  bool connected() const {
    return agent->state() == State::kConnected || agent->state() == State::kCompleted;
  }
  bool completed() const { return agent->state() == State::kCompleted; }
  bool nominated() const {
    for (const PairStats& pair : agent->pairs()) {
      if (pair.selected && pair.nominated) return true;
    }
    return false;
  }
};

class Call {
 public:
  Call(std::uint64_t seed, const SideConfig& a, const SideConfig& b) : network_(seed) {
    network_.add_stun_server(kStunServer);
    network_.add_relay(kRelay);
    make(a_, a, seed * 2 + 1);
    make(b_, b, seed * 2 + 2);
    turn_ = std::make_unique<sim::TurnHost>(network_, kTurnServer, seed * 3);
  }

  Side& a() { return a_; }
  Side& b() { return b_; }
  sim::Network& network() { return network_; }
  sim::TurnHost& turn() { return *turn_; }
  Time now() const { return now_; }

  // How long what one says of its candidates takes to the other.
  void set_signalling_delay(Duration delay) { signalling_delay_ = delay; }

  // Both gather and tell each other all.
  void start() {
    describe(a_, b_);
    describe(b_, a_);
    gather(a_);
    gather(b_);
  }

  // `side` takes all its host's addresses as candidates.
  void gather(Side& side) {
    add_addresses(side);
    std::vector<net::SocketAddress> servers;
    if (side.config.stun) servers.push_back(kStunServer);
    side.agent->gather(now_, servers, relay_servers(side));
    drain(side);
  }

  static std::vector<RelayServer> relay_servers(const Side& side) {
    std::vector<RelayServer> servers;
    for (const RelayProtocol protocol : side.config.turn) {
      net::SocketAddress address = kTurnServer;
      if (protocol == RelayProtocol::kTls) address.port = sim::TurnHost::kTlsPort;
      servers.push_back({.protocol = protocol,
                         .address = address,
                         .login = side.config.login,
                         .url = "turn:" + std::string(to_string(protocol))});
    }
    return servers;
  }

  void add_addresses(Side& side) {
    for (const net::IpAddress& address : side.config.host.addresses) {
      const net::SocketAddress base{address, kPort};
      if (side.config.udp) side.agent->add_local_candidate(now_, Candidate::host(base));
      if (side.config.tcp) {
        if (side.config.tcp == TcpType::kPassive) network_.listen(side.host, base);
        side.agent->add_local_candidate(now_, Candidate::tcp_host(base, *side.config.tcp));
      }
      if (side.config.relay && address.is_v4()) {
        const net::SocketAddress relayed = network_.allocate(now_, side.host, base);
        side.agent->add_local_candidate(now_, Candidate::relayed(relayed, base));
      }
    }
    drain(side);
  }

  // `to` learns the credentials of `from`.
  void describe(Side& from, Side& to) {
    later([this, &to, credentials = from.agent->local_credentials(), lite = from.config.ice.lite] {
      to.agent->set_remote(now_, credentials, lite);
    });
  }

  void restart(Side& offerer, Side& answerer) {
    offerer.agent->restart(now_);
    answerer.agent->restart(now_);
    describe(offerer, answerer);
    describe(answerer, offerer);
    drain(offerer);
    drain(answerer);
  }

  void end_of_candidates() {
    later([this] {
      a_.agent->end_of_remote_candidates(now_);
      b_.agent->end_of_remote_candidates(now_);
    });
    settle();
  }

  // The host of `side` is elsewhere now, with these addresses; its agent is told, as by a system
  // that notices.
  void move(Side& side, std::vector<net::IpAddress> addresses,
            std::optional<sim::NatConfig> nat = {}) {
    const std::vector<net::IpAddress> old = side.config.host.addresses;
    side.config.host.addresses = addresses;
    side.config.host.nat = nat;
    network_.move(side.host, std::move(addresses), std::move(nat));
    for (const net::IpAddress& address : old) {
      side.agent->remove_local(now_, {address, kPort});
    }
    add_addresses(side);
  }

  void send_data(Side& side) {
    const auto path = side.agent->selected();
    if (!path) return;
    std::vector<std::uint8_t> packet(side.agent->room_for(*path));
    packet.insert(packet.end(), {0x80, 1, 2, 3});
    const auto output = side.agent->wrap(*path, std::move(packet));
    if (output) handle_output(side, *output);
  }

  void settle() {
    drain(a_);
    drain(b_);
  }

  // Runs until `done`, or for `limit`. False if it did not come to that.
  bool run_until(const std::function<bool()>& done, Duration limit) {
    const Time end = now_ + limit;
    settle();
    while (!done()) {
      const Time next = std::max(next_event(), now_);
      if (next > end) {
        now_ = end;
        return false;
      }
      now_ = next;
      step();
    }
    return true;
  }
  void run_for(Duration duration) {
    run_until([] { return false; }, duration);
  }
  bool connect(Duration limit) {
    return run_until([this] { return a_.connected() && b_.connected(); }, limit);
  }
  std::size_t steps() const { return steps_; }

 private:
  void make(Side& side, const SideConfig& config, std::uint64_t seed) {
    side.config = config;
    side.host = network_.add_host(config.host);
    side.random = std::make_unique<SeededRandom>(seed);
    side.agent = std::make_unique<Agent>(config.ice, *side.random);
  }

  Side& other(const Side& side) { return &side == &a_ ? b_ : a_; }

  void later(std::function<void()> what) {
    signals_.emplace(now_ + signalling_delay_, std::move(what));
  }

  Time next_event() const {
    Time next =
        std::min(network_.next_deadline(), signals_.empty() ? kNever : signals_.begin()->first);
    next = std::min(next, a_.agent->next_deadline());
    next = std::min(next, turn_->next_deadline());
    return std::min(next, b_.agent->next_deadline());
  }

  void step() {
    ++steps_;
    while (!signals_.empty() && signals_.begin()->first <= now_) {
      signals_.extract(signals_.begin()).mapped()();
    }
    if (turn_->next_deadline() <= now_) turn_->handle_timeout(now_);
    while (auto arrival = network_.poll(now_)) {
      if (arrival->host == turn_->host()) {
        turn_->handle(now_, *arrival);
        continue;
      }
      Side& side = arrival->host == a_.host ? a_ : b_;
      handle(side, *arrival);
      drain(side);
    }
    for (Side* const side : {&a_, &b_}) {
      if (side->agent->next_deadline() <= now_) side->agent->handle_timeout(now_);
      drain(*side);
    }
  }

  void handle_packet(Side& side, const Arrived& packet) {
    if (!packet.payload.empty() && packet.payload[0] <= 3) {
      side.agent->handle_input(now_, {packet.path, packet.payload});
    } else {
      ++(side.agent->is_validated(packet.path) ? side.data_received : side.data_refused);
    }
  }

  void handle(Side& side, sim::Arrival& arrival) {
    const auto stream = std::ranges::find_if(side.streams, [&](const auto& each) {
      return each.second == arrival.path || each.second == arrival.asked;
    });
    if (stream != side.streams.end()) return handle_stream(side, stream->first, arrival);
    switch (arrival.kind) {
      case sim::Arrival::Kind::kPacket:
        if (const auto packet = side.agent->unwrap(now_, {arrival.path, arrival.payload})) {
          handle_packet(side, *packet);
        }
        return;
      case sim::Arrival::Kind::kConnected:
        if (arrival.asked != net::Path{}) {
          side.agent->tcp_connected(now_, arrival.asked, arrival.path);
        }
        return;
      case sim::Arrival::Kind::kClosed:
        side.agent->tcp_closed(now_, arrival.asked == net::Path{} ? arrival.path : arrival.asked);
    }
  }

  void handle_stream(Side& side, ServerStream stream, sim::Arrival& arrival) {
    switch (arrival.kind) {
      case sim::Arrival::Kind::kPacket:
        side.agent->server_data(now_, stream, arrival.payload);
        while (const auto packet = side.agent->next_relayed(now_, stream)) {
          handle_packet(side, *packet);
        }
        return;
      case sim::Arrival::Kind::kConnected:
        side.streams[stream] = arrival.path;
        return side.agent->server_connected(now_, stream);
      case sim::Arrival::Kind::kClosed:
        side.streams.erase(stream);
        return side.agent->server_closed(now_, stream);
    }
  }

  void drain(Side& side) {
    parley::drain(*side.agent, [&](Output output) { handle_output(side, output); });
  }

  void handle_output(Side& side, const Output& output) {
    std::visit(overloaded{
                   [&](const Transmit& t) { network_.send(now_, side.host, t.path, t.payload); },
                   [&](const Selected& s) { side.selections.emplace_back(now_, s.path); },
                   [&](const StateChanged& s) { side.states.emplace_back(now_, s.state); },
                   [&](const CandidateFound& f) { tell(side, f.candidate); },
                   [&](const GatheringComplete&) { side.gathered = true; },
                   [&](const ConnectTcp& c) { network_.connect(now_, side.host, c.path); },
                   [&](const CloseTcp& c) { network_.disconnect(now_, side.host, c.path); },
                   [&](const ConnectServer& c) {
                     const net::IpAddress& from = side.config.host.addresses.front();
                     side.server_names.push_back(c.name);
                     side.streams[c.stream] = {net::Transport::kTcp, {from, 0}, c.address};
                     network_.connect(now_, side.host, side.streams[c.stream]);
                   },
                   [&](const ToServer& t) {
                     network_.send(now_, side.host, side.streams.at(t.stream), t.bytes);
                   },
                   [&](const CloseServer& c) {
                     network_.disconnect(now_, side.host, side.streams.at(c.stream));
                     side.streams.erase(c.stream);
                   },
                   [&](const ServerFailed& f) { side.server_failures.push_back(f); },
                   [&](const ResolveName& r) { resolve(side, r.name); },
                   [&](const Refused& r) { side.refused.push_back(r); },
               },
               output);
  }

  // By way of its text, as between browsers.
  void tell(Side& side, const Candidate& candidate) {
    side.found.push_back(candidate);
    Candidate told = candidate;
    if (side.config.hides_addresses && told.type == CandidateType::kHost) {
      told.mdns_name = "host" + std::to_string(names_.size()) + ".local";
      names_[told.mdns_name] = told.address.ip;
    }
    later([this, &to = other(side), text = told.to_string()] {
      to.agent->add_remote_candidate(now_, Candidate::parse(text).value());
    });
  }

  void resolve(Side& side, const std::string& name) {
    const auto found = names_.find(name);
    const auto address =
        found == names_.end() ? std::nullopt : std::optional<net::IpAddress>(found->second);
    later([this, &side, name, address] { side.agent->name_resolved(now_, name, address); });
  }

  sim::Network network_;
  std::unique_ptr<sim::TurnHost> turn_;
  Side a_;
  Side b_;
  Time now_ = kStart;
  Duration signalling_delay_ = Duration::zero();
  std::multimap<Time, std::function<void()>> signals_;
  std::map<std::string, net::IpAddress> names_;
  std::size_t steps_ = 0;
};

// A host with a public address, and one behind a NAT.
inline sim::HostConfig public_host(std::string_view address, Duration latency = 10ms) {
  return {.addresses = {ip(address)}, .up = {.latency = latency}, .down = {.latency = latency}};
}

inline sim::HostConfig nat_host(std::string_view inside, std::string_view outside,
                                sim::NatKind kind, Duration latency = 10ms) {
  return {.addresses = {ip(inside)},
          .nat = sim::NatConfig{.kind = kind, .outside = ip(outside)},
          .up = {.latency = latency},
          .down = {.latency = latency}};
}

}  // namespace parley::ice::test
