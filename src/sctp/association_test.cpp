#include "sctp/association.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "sctp/test_pair.h"

namespace parley::sctp {
namespace {

using namespace std::chrono_literals;
using Peers = Pair<Association>;

constexpr sim::LinkConfig kWire{.latency = 25ms};

std::vector<std::uint8_t> payload(std::size_t size, std::uint32_t number) {
  std::vector<std::uint8_t> bytes(size);
  std::iota(bytes.begin(), bytes.end(), static_cast<std::uint8_t>(number * 37));
  return bytes;
}

Message message(std::uint16_t stream, std::size_t size, std::uint32_t number = 0) {
  return {.stream = {stream}, .payload = payload(size, number)};
}

std::vector<Message> received(const std::vector<Association::Output>& outputs) {
  std::vector<Message> messages;
  for (auto& event : all<Association::MessageReceived>(outputs)) messages.push_back(event.message);
  return messages;
}

bool both_connected(const Peers& peers) {
  return count<Association::Connected>(peers.from_a) == 1 &&
         count<Association::Connected>(peers.from_b) == 1;
}

void connect(Peers& peers) {
  peers.a.connect(peers.now);
  peers.b.connect(peers.now);
  ASSERT_TRUE(peers.run(10s, [&] { return both_connected(peers); }));
}

TEST(Association, IsOpenedByOneEnd) {
  Peers peers(Config{}, kWire);
  peers.a.connect(peers.now);
  const Time began = peers.now;
  ASSERT_TRUE(peers.run(1s, [&] { return both_connected(peers); }));
  EXPECT_EQ(peers.now - began, 100ms);  // Two round trips.
  EXPECT_EQ(peers.a.state(), Association::State::kEstablished);
  EXPECT_EQ(peers.b.state(), Association::State::kEstablished);
}

TEST(Association, IsOpenedByBothEndsAtOnce) {
  Peers peers(Config{}, kWire);
  connect(peers);
  peers.run(10s);
  EXPECT_TRUE(both_connected(peers));
  EXPECT_EQ(count<Association::PeerRestarted>(peers.from_a), 0u);
}

TEST(Association, CarriesMessagesOfAllSizes) {
  Peers peers(Config{}, kWire);
  connect(peers);
  const std::vector<std::size_t> sizes = {1,     2,     3,     4,     5,      1'100,
                                          1'160, 1'161, 1'170, 5'000, 262'144};
  std::vector<Message> sent;
  for (const std::size_t size : sizes) {
    sent.push_back(message(1, size, static_cast<std::uint32_t>(size)));
    ASSERT_TRUE(peers.a.send(peers.now, sent.back()).has_value());
  }
  peers.run(10s);
  EXPECT_EQ(received(peers.from_b), sent);
}

TEST(Association, DeliversTenThousandMessagesInOrderOverABadPath) {
  Peers peers(Config{}, {.latency = 10ms,
                         .jitter = 10ms,
                         .reorder = true,
                         .loss = 0.02,
                         .burst = 2,
                         .duplicate = 0.02});
  connect(peers);
  std::vector<Message> sent;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    sent.push_back(message(static_cast<std::uint16_t>(0), 1 + i * 7 % 500, i));
    ASSERT_TRUE(peers.a.send(peers.now, sent.back()).has_value());
  }
  ASSERT_TRUE(peers.run(600s, [&] { return peers.from_b.size() > 10'000; }));
  EXPECT_EQ(received(peers.from_b), sent);
}

// Ten seconds from the handshake on, slow start included: at least 80% of the link.
TEST(Association, FillsALongFatPipe) {
  constexpr std::uint64_t kLink = 100'000'000;
  Peers peers(Config{}, {.latency = 50ms, .bits_per_second = kLink});
  connect(peers);
  const Time began = peers.now;
  const Message big{.stream = {0}, .payload = std::vector<std::uint8_t>(64'000)};
  std::uint64_t bytes = 0;
  while (peers.now - began < 10s) {
    while (peers.a.buffered_amount() < 1'000'000) {
      ASSERT_TRUE(peers.a.send(peers.now, big).has_value());
    }
    peers.run(20ms);
    bytes += 64'000 * count<Association::MessageReceived>(peers.from_b);
    peers.from_b.clear();
  }
  EXPECT_GE(bytes * 8, kLink * 10 * 8 / 10);
  EXPECT_EQ(peers.a.counters().retransmit_timeouts, 0u);
  // What slow start put into the queue is let out again.
  EXPECT_LT(peers.to_b.queueing_delay(peers.now), 100ms);
}

TEST(Association, ComesUpUnderThirtyPercentLoss) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Peers peers(Config{}, {.latency = 25ms, .loss = 0.3}, seed);
    peers.a.connect(peers.now);
    peers.b.connect(peers.now);
    ASSERT_TRUE(peers.run(60s, [&] { return both_connected(peers); })) << seed;
    ASSERT_TRUE(peers.a.send(peers.now, message(1, 5000, 1)).has_value());
    ASSERT_TRUE(peers.run(60s, [&] {
      return count<Association::MessageReceived>(peers.from_b) == 1;
    })) << seed;
  }
}

}  // namespace
}  // namespace parley::sctp
