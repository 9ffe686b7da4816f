// Many handshakes over paths that lose, repeat and reorder, in virtual time.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "dtls/test_pair.h"

namespace parley::dtls {
namespace {

constexpr sim::LinkConfig kBadPath{
    .latency = 20ms, .jitter = 30ms, .reorder = true, .loss = 0.3, .duplicate = 0.1};

struct Attempt {
  Attempt(std::uint64_t seed, const sim::LinkConfig& link, std::size_t mtu)
      : pair(link, seed, with_mtu(client_config(), mtu), with_mtu(server_config(), mtu)) {
    pair.start();
  }

  static Config with_mtu(Config config, std::size_t mtu) {
    config.mtu = mtu;
    return config;
  }

  // Until both are connected. Whoever is first sends data into the other's handshake.
  void connect() {
    for (int i = 0; i < 3'000 && !pair.is_connected(); ++i) {
      pair.run(10ms);
      for (End* end : {&pair.client, &pair.server}) {
        const auto sent = end->connection.send(pair.now, as_bytes("are you there?"));
        EXPECT_TRUE(sent.has_value() || end->connection.state() != Connection::State::kConnected);
      }
      pair.settle();
    }
  }

  Pair pair;
};

// How long the slower half took, over all seeds, sorted.
std::vector<Duration> connect_all(std::uint64_t seeds, const sim::LinkConfig& link,
                                  std::size_t mtu) {
  std::vector<Duration> times;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << ", mtu " << mtu);
    Attempt run(seed, link, mtu);
    run.connect();
    EXPECT_TRUE(run.pair.is_connected());
    if (!run.pair.is_connected()) continue;
    EXPECT_EQ(run.pair.client.srtp, run.pair.server.srtp);
    times.push_back(std::max(*run.pair.client.connected_at, *run.pair.server.connected_at) -
                    kStart);
  }
  std::ranges::sort(times);
  return times;
}

TEST(ConnectionSimulation, ConnectsThroughLossReorderingAndRepetition) {
  const auto times = connect_all(200, kBadPath, 1'200);
  ASSERT_EQ(times.size(), 200u);
  EXPECT_LT(times[100], 500ms);
  EXPECT_LT(times[198], 5s);
}

TEST(ConnectionSimulation, ConnectsWhenEveryFlightIsManyDatagrams) {
  const auto times = connect_all(60, kBadPath, 256);
  ASSERT_EQ(times.size(), 60u);
  EXPECT_LT(times[30], 1s);
}

TEST(ConnectionSimulation, ConnectsThroughBurstsOfLoss) {
  sim::LinkConfig bursts = kBadPath;
  bursts.burst = 2;
  EXPECT_EQ(connect_all(60, bursts, 1'200).size(), 60u);
}

// The same seed gives the same run, so nothing of it hangs on OpenSSL's clock. (Signatures of ECDSA
// are of 70 to 72 bytes by chance, so sizes may differ, but neither numbers nor times.)
TEST(ConnectionSimulation, RunsTheSameEachTime) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Attempt first(seed, kBadPath, 1'200);
    Attempt second(seed, kBadPath, 1'200);
    first.connect();
    second.connect();
    EXPECT_EQ(first.pair.client.connected_at, second.pair.client.connected_at);
    EXPECT_EQ(first.pair.server.connected_at, second.pair.server.connected_at);
    EXPECT_EQ(first.pair.client.sent.size(), second.pair.client.sent.size());
  }
}

// After it, the path stays as bad: what arrives is what was sent, and nothing comes twice.
TEST(ConnectionSimulation, DeliversDataAtMostOnce) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Attempt run(seed, kBadPath, 1'200);
    run.connect();
    ASSERT_TRUE(run.pair.is_connected());
    run.pair.run(1s);
    run.pair.server.received.clear();
    for (std::uint8_t i = 0; i < 100; ++i) {
      ASSERT_TRUE(run.pair.client.connection.send(run.pair.now, std::array{i}).has_value());
      run.pair.settle();
      run.pair.run(1ms);
    }
    run.pair.run(1s);
    auto received = run.pair.server.received;
    EXPECT_GT(received.size(), 50u);
    std::ranges::sort(received);
    EXPECT_EQ(std::ranges::adjacent_find(received), received.end());
    EXPECT_TRUE(std::ranges::all_of(received, [](const auto& data) { return data.size() == 1; }));
  }
}

// Each datagram of the handshake arrives damaged in one place. It may fail, but only for good and
// with a reason; no damage may connect two ends with different keys.
TEST(ConnectionSimulation, HoldsAgainstDamage) {
  std::mt19937 random{1};
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE(testing::Message() << "round " << round);
    Pair pair({.latency = 5ms});
    pair.start();
    for (int i = 0; i < 400 && !pair.is_connected(); ++i) {
      pair.now += 5ms;
      for (auto [from, to] :
           {std::pair{&pair.client, &pair.server}, {&pair.server, &pair.client}}) {
        while (auto datagram = from->link.poll(pair.now)) {
          if (random() % 3 == 0)
            (*datagram)[random() % datagram->size()] ^=
                static_cast<std::uint8_t>(1 << random() % 8);
          to->handle(pair.now, *datagram);
        }
        if (to->connection.next_deadline() <= pair.now) to->connection.handle_timeout(pair.now);
        to->take_outputs(pair.now);
      }
    }
    if (pair.is_connected()) {
      EXPECT_EQ(pair.client.srtp, pair.server.srtp);
    }
    for (const End* end : {&pair.client, &pair.server}) {
      EXPECT_EQ(end->failed.has_value(), end->connection.state() == Connection::State::kFailed);
    }
  }
}

}  // namespace
}  // namespace parley::dtls
