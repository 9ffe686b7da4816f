#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/overloaded.h"
#include "base/random.h"
#include "base/sans_io.h"
#include "dtls/connection.h"
#include "sim/link.h"

// A client and a server over a simulated path, for the tests of this folder.
namespace parley::dtls {

using namespace std::chrono_literals;

inline constexpr Time kStart{1h};
inline constexpr crypto::WallTime kToday{std::chrono::days{20'000}};

inline std::shared_ptr<const Certificate> make_certificate(std::uint64_t seed) {
  SeededRandom random(seed);
  return Certificate::make(kToday, random);
}

// Making keys costs time; who they belong to does not matter to most tests.
inline const std::shared_ptr<const Certificate>& client_certificate() {
  static const auto kCertificate = make_certificate(1);
  return kCertificate;
}

inline const std::shared_ptr<const Certificate>& server_certificate() {
  static const auto kCertificate = make_certificate(2);
  return kCertificate;
}

inline Config client_config() {
  return {.certificate = client_certificate(),
          .role = Role::kClient,
          .peer_fingerprints = {server_certificate()->fingerprint()}};
}

inline Config server_config() {
  return {.certificate = server_certificate(),
          .role = Role::kServer,
          .peer_fingerprints = {client_certificate()->fingerprint()}};
}

// One end: the engine, the link that it sends into, and all that it has told.
struct End {
  End(Config config, const sim::LinkConfig& link_config, std::uint64_t seed)
      : connection(std::move(config)), link(link_config, seed) {}

  void take_outputs(Time now) {
    drain(connection, [&](Connection::Output output) {
      std::visit(overloaded{
                     [&](Connection::Transmit& transmit) {
                       sent.push_back(transmit.datagram);
                       link.send(now, transmit.datagram);
                     },
                     [&](Connection::Connected& told) {
                       EXPECT_FALSE(connected_at.has_value()) << "connected twice";
                       connected_at = now;
                       srtp = std::move(told.srtp);
                     },
                     [&](Connection::Data& data) {
                       EXPECT_TRUE(connected_at.has_value()) << "data before the peer is known";
                       received.push_back(std::move(data.bytes));
                     },
                     [&](Connection::Closed& told) { closed = told; },
                     [&](Connection::Failed& told) { failed = told; },
                 },
                 output);
    });
  }

  void handle(Time now, Bytes datagram) {
    connection.handle_input(now, {datagram});
    take_outputs(now);
  }

  Connection connection;
  sim::Link link;
  std::vector<std::vector<std::uint8_t>> sent;
  std::vector<std::vector<std::uint8_t>> received;
  std::optional<Time> connected_at;
  std::optional<SrtpExport> srtp;
  std::optional<Connection::Closed> closed;
  std::optional<Connection::Failed> failed;
};

struct Pair {
  explicit Pair(const sim::LinkConfig& link = {.latency = 10ms}, std::uint64_t seed = 1,
                Config client_side = client_config(), Config server_side = server_config())
      : client(std::move(client_side), link, seed), server(std::move(server_side), link, ~seed) {}

  void start() {
    client.connection.start(now);
    server.connection.start(now);
    settle();
  }

  // Until `end`, or until there is nothing to wait for.
  void run(Duration duration) {
    const Time end = now + duration;
    for (Time next = next_event(); next <= end && next != kNever; next = next_event()) {
      now = std::max(now, next);
      step();
    }
    now = end;
  }

  void step() {
    while (const auto datagram = client.link.poll(now)) server.handle(now, *datagram);
    while (const auto datagram = server.link.poll(now)) client.handle(now, *datagram);
    for (End* end : {&client, &server}) {
      if (end->connection.next_deadline() <= now) end->connection.handle_timeout(now);
    }
    settle();
  }

  void settle() {
    client.take_outputs(now);
    server.take_outputs(now);
  }

  Time next_event() const {
    return std::min({client.link.next_deadline(), server.link.next_deadline(),
                     client.connection.next_deadline(), server.connection.next_deadline()});
  }

  bool is_connected() const {
    return client.connection.state() == Connection::State::kConnected &&
           server.connection.state() == Connection::State::kConnected;
  }

  Time now = kStart;
  End client;
  End server;
};

}  // namespace parley::dtls
