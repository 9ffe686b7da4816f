#include "rtp/jitter_buffer.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace parley::rtp {
namespace {

using namespace std::chrono_literals;
using Packet = JitterBuffer::Packet;

constexpr Time kStart{1h};
constexpr std::uint64_t kFirstTimestamp = std::uint64_t{1} << 32;
constexpr SeqNo kFirst{65'536};

// The n-th packet of 20 ms of sound.
Packet sound(std::uint64_t n) {
  return {.seq = kFirst + n,
          .timestamp = kFirstTimestamp + n * 960,
          .payload = SharedBytes(std::to_string(n))};
}

std::vector<std::uint64_t> numbers(JitterBuffer& buffer, Time now) {
  std::vector<std::uint64_t> given;
  while (const auto packet = buffer.poll(now)) given.push_back(packet->seq - kFirst);
  return given;
}

using Numbers = std::vector<std::uint64_t>;

TEST(JitterBuffer, GivesOutAtOnceWhatAnEvenNetworkBrings) {
  JitterBuffer buffer({});
  for (std::uint64_t n = 0; n < 100; ++n) {
    const Time now = kStart + n * 20ms;
    buffer.insert(now, sound(n));
    EXPECT_EQ(buffer.next_deadline(), now);
    EXPECT_EQ(numbers(buffer, now), Numbers{n});
  }
  EXPECT_EQ(buffer.delay(), 0ms);
  EXPECT_EQ(buffer.next_deadline(), kNever);
}

TEST(JitterBuffer, KeepsWhatCameBeforeItsTime) {
  JitterBuffer buffer({});
  buffer.insert(kStart, sound(0));
  buffer.insert(kStart + 20ms, sound(1));
  EXPECT_EQ(numbers(buffer, kStart), Numbers{0});
  EXPECT_EQ(buffer.next_deadline(), kStart + 20ms);
}

TEST(JitterBuffer, PutsPacketsBackIntoTheirOrder) {
  JitterBuffer buffer({.delay = {.min = 50ms}});
  for (const std::uint64_t n : {0u, 2u, 1u, 3u}) buffer.insert(kStart + n * 20ms, sound(n));
  EXPECT_EQ(numbers(buffer, kStart + 1s), (Numbers{0, 1, 2, 3}));
  EXPECT_EQ(buffer.counters().lost, 0u);
}

TEST(JitterBuffer, GivesUpWhatIsMissingWhenTheNextIsDue) {
  JitterBuffer buffer({.delay = {.min = 40ms}});
  buffer.insert(kStart, sound(0));
  buffer.insert(kStart + 60ms, sound(3));
  EXPECT_EQ(numbers(buffer, kStart + 40ms), Numbers{0});
  EXPECT_FALSE(buffer.poll(kStart + 99ms).has_value());
  const auto packet = buffer.poll(kStart + 100ms).value();
  EXPECT_EQ(packet.seq, kFirst + 3);
  EXPECT_EQ(packet.lost_before, 2u);
  buffer.insert(kStart + 101ms, sound(1));
  EXPECT_FALSE(buffer.poll(kStart + 1s).has_value());
  EXPECT_EQ(buffer.counters().late, 1u);
  EXPECT_EQ(buffer.counters().lost, 2u);
}

TEST(JitterBuffer, IgnoresCopies) {
  JitterBuffer buffer({.delay = {.min = 40ms}});
  buffer.insert(kStart, sound(0));
  buffer.insert(kStart, sound(0));
  EXPECT_EQ(numbers(buffer, kStart + 1s), Numbers{0});
  EXPECT_EQ(buffer.counters().duplicate, 1u);
}

TEST(JitterBuffer, HoldsABoundedNumberOfPackets) {
  JitterBuffer buffer({.capacity = 10, .delay = {.min = 1s}});
  for (std::uint64_t n = 0; n < 25; ++n) buffer.insert(kStart, sound(n));
  EXPECT_EQ(buffer.size(), 10u);
  EXPECT_EQ(buffer.counters().overflowed, 15u);
  EXPECT_EQ(numbers(buffer, kStart + 10s).front(), 15u);
}

TEST(JitterBuffer, WaitsAsLongAsTheNetworkMakesNecessary) {
  std::mt19937 random{1};
  JitterBuffer buffer({});
  std::multimap<Time, std::uint64_t> on_the_way;
  std::uint64_t given = 0;
  std::uint64_t next = 0;
  for (Time now = kStart; now < kStart + 60s; now += 1ms) {
    if ((now - kStart) % 20ms == 0ms) {
      on_the_way.emplace(now + 30ms + Duration(random() % 40'000), next++);
    }
    while (!on_the_way.empty() && on_the_way.begin()->first <= now) {
      buffer.insert(now, sound(on_the_way.extract(on_the_way.begin()).mapped()));
    }
    given += numbers(buffer, now).size();
  }
  EXPECT_GE(buffer.delay(), 35ms);
  EXPECT_LE(buffer.delay(), 50ms);
  EXPECT_GE(given, next * 95 / 100);
}

TEST(JitterBuffer, FollowsTheNetworkBackToCalm) {
  JitterBuffer buffer({});
  std::mt19937 random{1};
  std::uint64_t n = 0;
  for (; n < 1'000; ++n) {
    const Time now = kStart + n * 20ms + Duration(random() % 80'000);
    buffer.insert(now, sound(n));
    numbers(buffer, now);
  }
  EXPECT_GE(buffer.delay(), 60ms);
  for (; n < 3'000; ++n) {
    const Time now = kStart + n * 20ms;
    buffer.insert(now, sound(n));
    numbers(buffer, now);
  }
  EXPECT_EQ(buffer.delay(), 0ms);
}

TEST(JitterBuffer, FollowsAPathThatBecameLonger) {
  JitterBuffer buffer({});
  for (std::uint64_t n = 0; n < 2'000; ++n) {
    const Duration way = n < 500 ? 20ms : 220ms;
    buffer.insert(kStart + n * 20ms + way, sound(n));
    numbers(buffer, kStart + n * 20ms + way);
  }
  EXPECT_EQ(buffer.delay(), 0ms);  // The longer way is the way now, and nothing is late on it.
}

TEST(DelayEstimator, StaysWithinItsBounds) {
  DelayEstimator estimator({.min = 20ms, .max = 100ms});
  estimator.handle(kStart, 0ms);
  EXPECT_EQ(estimator.target(), 20ms);
  for (int i = 0; i < 1'000; ++i) estimator.handle(kStart, i % 2 * 10s);
  EXPECT_EQ(estimator.target(), 100ms);
}

}  // namespace
}  // namespace parley::rtp
