#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/overloaded.h"
#include "net/datagram_batch.h"
#include "sfu/node.h"
#include "sfu/test_client.h"
#include "sfu/test_raw_client.h"
#include "sim/network.h"

// For tests of this folder: a node and those who meet by it, over a network in virtual time.
namespace parley::sfu {

class TestMeeting {
 public:
  static constexpr RoomId kRoom{1};

  explicit TestMeeting(std::uint64_t with_seed, Node::Config config = {})
      : seed(with_seed),
        network(seed),
        random(seed + 1),
        node(with_address(std::move(config)), random, *provider) {
    node_host_ = network.add_host({.addresses = {kNode.ip}, .up = {}, .down = {}});
  }

  TestClient& join(std::uint64_t id, const TestClient::Options& options = {},
                   const sim::LinkConfig& link = {.latency = std::chrono::milliseconds{15}},
                   RoomId room = kRoom) {
    const net::SocketAddress address{
        net::IpAddress::v4({203, 0, static_cast<std::uint8_t>(113 + id / 200),
                            static_cast<std::uint8_t>(1 + id % 200)}),
        static_cast<std::uint16_t>(5'000 + next_port_++)};
    auto& client = clients[id];
    client = std::make_unique<TestClient>(ParticipantId{id}, options, address, seed * 1'000 + id);
    auto [host, is_new] = hosts_.try_emplace(id, 0);
    if (is_new)
      host->second = network.add_host({.addresses = {address.ip}, .up = link, .down = link});
    const auto answer = node.connect(now, room, {id}, client->offer(now));
    EXPECT_TRUE(answer) << answer.error();
    if (answer) client->take_answer(now, *answer);
    flush();
    drain(*client);
    return *client;
  }
  // One who follows no rules; `raw` is the last of them.
  RawClient& join_raw(std::uint64_t id, const RawClient::Options& options) {
    const net::SocketAddress address{
        net::IpAddress::v4({203, 0, 200, static_cast<std::uint8_t>(1 + raws_.size())}), 5'000};
    raw = raws_
              .emplace_back(std::make_unique<RawClient>(options, address, kNode,
                                                        test_certificate(false), random, *provider))
              .get();
    raw_hosts_.push_back(network.add_host({.addresses = {address.ip}}));
    const auto answer = node.connect(now, kRoom, {id}, raw->offer(now));
    EXPECT_TRUE(answer) << answer.error();
    raw->take_answer(now, answer.value_or(""), test_certificate(true)->fingerprint());
    drain_raw();
    return *raw;
  }
  void drain_raw() {
    for (std::size_t i = 0; i < raws_.size(); ++i) {
      raws_[i]->drain(now, [&](const peer::Transport::Transmit& event) {
        network.send(now, raw_hosts_[i], event.path, event.payload);
      });
    }
  }
  void leave(std::uint64_t id) {
    node.disconnect(now, {id});
    clients.erase(id);
    flush();
  }
  // Goes without a word.
  void vanish(std::uint64_t id) { clients.erase(id); }
  TestClient& at(std::uint64_t id) { return *clients.at(id); }
  sim::HostId host_of(std::uint64_t id) const { return hosts_.at(id); }

  void run(Duration limit) {
    run_until(limit, [] { return false; });
  }
  // Until `done`, or for so long. Returns whether it was done.
  bool run_until(Duration limit, const std::function<bool()>& done) {
    const Time end = now + limit;
    while (!done()) {
      Time next = std::min({node.next_deadline(), network.next_deadline(), tick_at_});
      for (const auto& each : raws_) next = std::min(next, each->next_deadline());
      for (const auto& [id, client] : clients) {
        next = std::min(next, client->connection.next_deadline());
      }
      if (next > end) {
        now = end;
        return done();
      }
      rests_ = next > now ? 0 : rests_ + 1;
      if (rests_ > 10'000) {
        ADD_FAILURE() << "it never rests";
        return false;
      }
      now = std::max(now, next);
      step();
    }
    return true;
  }
  bool connect_all(Duration limit = std::chrono::seconds{5}) {
    return run_until(limit, [&] {
      return std::ranges::all_of(clients,
                                 [](const auto& each) { return each.second->is_connected(); });
    });
  }

  // From `from` to the node, as it is.
  void inject(const net::SocketAddress& from, std::vector<std::uint8_t> datagram) {
    node.handle_input(now, {.path = {.local = kNode, .remote = from}, .payload = datagram});
    flush();
  }

  // What the slots of `of` show, as it was told.
  std::map<std::string, SlotShows>& shown(std::uint64_t of) { return shown_[of]; }

  // All that ever went wrong for those who are still there.
  std::vector<std::string> broken() const {
    std::vector<std::string> all;
    for (const auto& [id, client] : clients) {
      for (const std::string& what : client->broken) {
        all.push_back(std::to_string(id) + ", " + what);
      }
      const peer::Transport* const transport = client->connection.transport();
      if (transport == nullptr) continue;
      const auto refused = transport->counters().dropped_for(peer::Drop::kUnprotected);
      if (refused > 0) all.push_back(std::to_string(id) + ": the same packet twice, or forged");
    }
    return all;
  }

  static inline const net::SocketAddress kNode =
      net::SocketAddress::parse("192.0.2.1:40000").value();

  std::uint64_t seed;
  Time now{std::chrono::hours{1}};
  sim::Network network;
  SeededRandom random;
  std::unique_ptr<srtp::Provider> provider = srtp::Provider::make();
  Node node;
  std::map<std::uint64_t, std::unique_ptr<TestClient>> clients;
  RawClient* raw = nullptr;
  std::vector<Node::StateChanged> states;
  std::vector<Node::SpeakersChanged> speakers;
  std::vector<Node::LayersWanted> layers;
  std::map<std::uint64_t, Node::QualityChanged> quality;
  std::uint64_t quality_told = 0;
  std::uint64_t sent = 0;  // Datagrams of batches.
  std::uint64_t runs = 0;
  std::function<void(TestMeeting&)> every_second = [](TestMeeting&) {};
  std::function<void(Node::Relay&)> relay = [](Node::Relay&) {};  // To another node.

 private:
  static Node::Config with_address(Node::Config config) {
    config.certificate = test_certificate(true);
    config.candidates = {ice::Candidate::host(kNode)};
    return config;
  }

  void step() {
    bool arrived = false;
    while (auto arrival = network.poll(now)) {
      if (arrival->kind != sim::Arrival::Kind::kPacket) continue;
      if (arrival->host == node_host_) {
        node.handle_input(now, {.path = arrival->path, .payload = arrival->payload});
        arrived = true;
        continue;
      }
      const auto raw_host = std::ranges::find(raw_hosts_, arrival->host);
      if (raw_host != raw_hosts_.end()) {
        raws_[static_cast<std::size_t>(raw_host - raw_hosts_.begin())]->handle_input(
            now, arrival->payload);
        drain_raw();
        continue;
      }
      for (auto& [id, client] : clients) {
        if (hosts_.at(id) != arrival->host || client->address != arrival->path.local) continue;
        client->connection.handle_input(now, {.path = arrival->path, .payload = arrival->payload});
        drain(*client);
      }
    }
    if (node.next_deadline() <= now) {
      node.handle_timeout(now);
      arrived = true;
    }
    if (arrived) flush();
    for (const auto& each : raws_) {
      if (each->next_deadline() > now) continue;
      each->handle_timeout(now);
      drain_raw();
    }
    for (auto& [id, client] : clients) {
      if (client->connection.next_deadline() > now) continue;
      client->connection.handle_timeout(now);
      drain(*client);
    }
    if (tick_at_ <= now) tick();
  }

  void tick() {
    tick_at_ += std::chrono::milliseconds{20};
    ++ticks_;
    for (auto& [id, client] : clients) {
      client->send_media(now, ticks_);
      drain(*client);
    }
    if (ticks_ % 50 == 0) every_second(*this);
  }

  void drain(TestClient& client) {
    client.drain(now, [&](const peer::PeerConnection::Transmit& event) {
      network.send(now, hosts_.at(client.id.value), event.path, event.payload);
    });
  }

 public:
  // What the node's owner does after each call.
  void flush() {
    while (auto output = node.poll_output()) {
      std::visit([&](auto& event) { on(event); }, *output);
    }
    do {
      batch_.clear();
      node.fill(now, batch_);
      for (const net::DatagramBatch::Run& run : batch_.runs()) {
        ++runs;
        sent += run.datagrams;
        for (std::size_t at = 0; at < run.bytes.size(); at += run.datagram_size) {
          const auto size = std::min(run.datagram_size, run.bytes.size() - at);
          network.send(now, node_host_, run.path, run.bytes.subspan(at, size));
        }
      }
    } while (!batch_.empty());
  }

 private:
  void on(const Node::Transmit& event) { network.send(now, node_host_, event.path, event.payload); }
  void on(const Node::CloseTcp&) {}
  void on(const Node::StateChanged& event) { states.push_back(event); }
  void on(const Node::SlotsChanged& event) {
    for (const SlotShows& slot : event.slots) shown_[event.participant.value][slot.mid] = slot;
  }
  void on(const Node::SpeakersChanged& event) { speakers.push_back(event); }
  void on(const Node::QualityChanged& event) {
    ++quality_told;
    quality[event.participant.value] = event;
  }
  void on(Node::Relay& event) { relay(event); }
  void on(const Node::LayersWanted& event) {
    layers.push_back(event);
    const auto client = clients.find(event.participant.value);
    if (client == clients.end() || event.source != Source::kCamera) return;
    for (std::size_t i = 0; i < client->second->options.camera; ++i) {
      const auto rid = client->second->options.camera > 1 ? TestClient::kRids[i] : "";
      client->second->active[i] = std::ranges::find(event.rids, rid) != event.rids.end();
    }
  }

  sim::HostId node_host_ = 0;
  std::vector<std::unique_ptr<RawClient>> raws_;
  std::vector<sim::HostId> raw_hosts_;  // By the same order.
  std::map<std::uint64_t, sim::HostId> hosts_;
  std::map<std::uint64_t, std::map<std::string, SlotShows>> shown_;
  net::DatagramBatch batch_;
  Time tick_at_{std::chrono::hours{1}};
  std::uint32_t ticks_ = 0;
  std::uint16_t next_port_ = 0;
  int rests_ = 0;
};

}  // namespace parley::sfu
