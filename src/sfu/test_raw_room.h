#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "net/datagram_batch.h"
#include "sfu/node.h"
#include "sfu/test_raw_client.h"

namespace parley::sfu {

// For fuzzers and benches: a node and its participants without a network between them.
class RawRoom {
  // Before its callers, for its type is deduced.
  auto in_node(auto&& call) {
    struct Watched {
      explicit Watched(RawRoom& of) : room(of) {
        if (room.watch) room.watch(true);
      }
      ~Watched() {
        if (room.watch) room.watch(false);
      }
      RawRoom& room;
    } watched(*this);
    return call();
  }

 public:
  explicit RawRoom(std::uint64_t seed, Node::Config config = {})
      : random(seed), node(with_address(std::move(config)), random, *provider) {}

  RawClient& join(const RawClient::Options& options) {
    const std::uint64_t id = clients.size() + 1;
    const net::SocketAddress address{
        net::IpAddress::v4({10, static_cast<std::uint8_t>(id >> 16),
                            static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id)}),
        5'000};
    clients.push_back(
        std::make_unique<RawClient>(options, address, server(), certificate(), random, *provider));
    RawClient& client = *clients.back();
    by_address_[address] = &client;
    const Offer offer = client.offer(now);
    const auto answer = in_node([&] { return node.connect(now, {1}, {id}, offer); });
    PARLEY_ASSERT(answer.has_value());
    client.take_answer(now, *answer, certificate()->fingerprint());
    return client;
  }

  // Until nothing is left to be done at this moment.
  void pump() {
    bool any = true;
    for (int turn = 0; any; ++turn) {
      PARLEY_ASSERT(turn < 1'000);
      any = false;
      for (const auto& client : clients) any = drain(*client) || any;
      any = flush() || any;
    }
  }
  void run(Duration duration) {
    const Time end = now + duration;
    while (true) {
      pump();
      Time next = node.next_deadline();
      for (const auto& client : clients) next = std::min(next, client->next_deadline());
      if (next > end) break;
      now = std::max(now, next);
      if (node.next_deadline() <= now) in_node([&] { node.handle_timeout(now); });
      for (const auto& client : clients) {
        if (client->next_deadline() <= now) client->handle_timeout(now);
      }
    }
    now = end;
  }
  bool are_connected() const {
    return std::ranges::all_of(clients,
                               [](const auto& client) { return client->transport.is_connected(); });
  }

  // What the client has to say, to the node.
  bool drain(RawClient& client) {
    bool any = false;
    client.drain(now, [&](peer::Transport::Transmit& event) {
      any = true;
      const net::Path path{.local = server(), .remote = client.address};
      in_node([&] { node.handle_input(now, {path, event.payload}); });
    });
    return any;
  }
  // What the node has to say.
  bool flush() {
    bool any = take_outputs();
    while (send_batch()) any = true;
    return any;
  }
  bool take_outputs() {
    bool any = false;
    while (auto output = node.poll_output()) {
      any = true;
      if (auto* const sent = std::get_if<Node::Transmit>(&*output)) {
        hand_over(sent->path, sent->payload);
      }
    }
    return any;
  }
  // The next batch leaves. False: there is none.
  bool send_batch() {
    batch.clear();
    in_node([&] { node.fill(now, batch); });
    for (const net::DatagramBatch::Run& run : batch.runs()) {
      ++runs;
      for (std::size_t at = 0; at < run.bytes.size(); at += run.datagram_size) {
        const std::size_t size = std::min(run.datagram_size, run.bytes.size() - at);
        hand_over(run.path, run.bytes.subspan(at, size));
      }
    }
    return !batch.empty();
  }

  static net::SocketAddress server() {
    return net::SocketAddress::parse("192.0.2.1:40000").value();
  }
  static std::shared_ptr<const dtls::Certificate> certificate() {
    static const auto kMade = [] {
      SeededRandom seeded(1);
      return dtls::Certificate::make(crypto::WallTime{} + std::chrono::years{60}, seeded);
    }();
    return kMade;
  }

  SeededRandom random;
  std::unique_ptr<srtp::Provider> provider = srtp::Provider::make();
  Time now{std::chrono::hours{1}};
  Node node;
  std::vector<std::unique_ptr<RawClient>> clients;
  net::DatagramBatch batch;
  std::uint64_t runs = 0;
  // Called before and after each call of the node that works.
  std::function<void(bool entering)> watch = {};

 private:
  static Node::Config with_address(Node::Config config) {
    config.certificate = certificate();
    config.candidates = {ice::Candidate::host(server())};
    return config;
  }
  void hand_over(const net::Path& path, Bytes datagram) {
    const auto client = by_address_.find(path.remote);
    if (client == by_address_.end()) return;
    std::vector<std::uint8_t> copy(datagram.begin(), datagram.end());
    client->second->handle_input(now, copy);
    drain(*client->second);
  }

  std::unordered_map<net::SocketAddress, RawClient*> by_address_;
};

}  // namespace parley::sfu
