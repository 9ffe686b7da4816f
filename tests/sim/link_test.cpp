#include "sim/link.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace parley::sim {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

// Sends `count` datagrams of `size` bytes `apart` from each other; when, and which, arrived.
std::vector<std::pair<Time, std::uint32_t>> arrivals(Link& link, std::uint32_t count,
                                                     std::size_t size, Duration apart) {
  std::vector<std::pair<Time, std::uint32_t>> arrived;
  const auto drain_until = [&](Time end) {
    while (link.next_deadline() <= end && link.next_deadline() != kNever) {
      const Time now = link.next_deadline();
      const Datagram datagram = link.poll(now).value();
      arrived.emplace_back(now, ByteReader(datagram).u32());
    }
  };
  Time now = kStart;
  for (std::uint32_t i = 0; i < count; ++i, now += apart) {
    drain_until(now);
    ByteWriter writer;
    writer.u32(i);
    writer.zeros(size - 4);
    link.send(now, writer.view());
  }
  drain_until(kNever);
  return arrived;
}

TEST(Link, APerfectWireDeliversAtOnceAndInOrder) {
  Link link({});
  const auto arrived = arrivals(link, 3, 4, 1ms);
  const std::vector<std::pair<Time, std::uint32_t>> expected = {
      {kStart, 0}, {kStart + 1ms, 1}, {kStart + 2ms, 2}};
  EXPECT_EQ(arrived, expected);
  EXPECT_EQ(link.next_deadline(), kNever);
  EXPECT_FALSE(link.poll(kNever).has_value());
}

TEST(Link, LatencyAndJitterStayWithinTheirBoundsAndKeepTheOrder) {
  Link link({.latency = 40ms, .jitter = 10ms});
  const auto arrived = arrivals(link, 1000, 4, 1ms);
  ASSERT_EQ(arrived.size(), 1000u);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(arrived[i].second, i);
    EXPECT_GE(arrived[i].first, kStart + i * 1ms + 40ms);
    EXPECT_LE(arrived[i].first, kStart + i * 1ms + 50ms);
  }
}

TEST(Link, MayReorder) {
  Link link({.latency = 40ms, .jitter = 10ms, .reorder = true});
  const auto arrived = arrivals(link, 1000, 4, 1ms);
  const auto by_number = [](const auto& a, const auto& b) { return a.second < b.second; };
  EXPECT_FALSE(std::is_sorted(arrived.begin(), arrived.end(), by_number));
  EXPECT_EQ(arrived.size(), 1000u);
}

TEST(Link, LosesTheShareThatItIsToldInBurstsOfTheirLength) {
  for (const double burst : {1.0, 5.0}) {
    Link link({.loss = 0.1, .burst = burst}, 7);
    const auto arrived = arrivals(link, 100'000, 4, 1us);
    EXPECT_NEAR(static_cast<double>(arrived.size()), 90'000, 1'000);
    EXPECT_EQ(link.counters().lost + link.counters().delivered, 100'000u);
    std::uint32_t gaps = 0;
    for (std::size_t i = 1; i < arrived.size(); ++i) {
      if (arrived[i].second != arrived[i - 1].second + 1) ++gaps;
    }
    const double length = static_cast<double>(link.counters().lost) / gaps;
    // Without bursts two losses in a row still happen by chance: 1 / (1 - loss) on average.
    EXPECT_NEAR(length, std::max(burst, 1 / 0.9), 0.35) << burst;
  }
}

TEST(Link, DuplicatesTheShareThatItIsTold) {
  Link link({.duplicate = 0.2}, 3);
  EXPECT_NEAR(static_cast<double>(arrivals(link, 10'000, 4, 1us).size()), 12'000, 200);
}

TEST(Link, CarriesNoMoreThanItsBandwidthAndDropsWhatWouldWaitTooLong) {
  // 1,222 bytes with headers are 9,776 bits: 9.776 ms at 1 Mbit/s. They come twice as fast.
  Link link({.latency = 5ms, .bits_per_second = 1'000'000, .queue = 100ms});
  const auto arrived = arrivals(link, 1000, 1194, 4888us);
  EXPECT_NEAR(static_cast<double>(arrived.size()), 510, 5);
  EXPECT_EQ(link.counters().overflowed, 1000 - arrived.size());
  EXPECT_LE(link.counters().longest_queue, 100ms);
  EXPECT_GE(link.counters().longest_queue, 85ms);
  for (std::size_t i = 1; i < arrived.size(); ++i) {
    EXPECT_GE(arrived[i].first - arrived[i - 1].first, 9776us);
  }
}

TEST(Link, PassesAtOnceWhatItsBucketHolds) {
  constexpr std::size_t kOneMillisecond = 125 - 28;  // With IP and UDP, at a megabit a second.
  Link link({.bits_per_second = 1'000'000, .queue = 1s, .bucket = 5 * 125});
  const auto arrived = arrivals(link, 10, kOneMillisecond, 0ms);
  ASSERT_EQ(arrived.size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(arrived[i].first, kStart + (i < 5 ? 0 : i - 4) * 1ms) << i;
  }
  // What was not used since is there again, and no more.
  const auto queued_after = [&](Duration pause) {
    link.send(kStart + pause, Datagram(3 * 125 - 28));
    return link.queueing_delay(kStart + pause);
  };
  EXPECT_EQ(queued_after(7ms), 1ms);
  EXPECT_EQ(queued_after(1s), 0ms);
}

TEST(Link, LosesEverythingWhileItIsDown) {
  Link link({});
  link.set_down(true);
  EXPECT_TRUE(arrivals(link, 10, 4, 1ms).empty());
  link.set_down(false);
  EXPECT_EQ(arrivals(link, 10, 4, 1ms).size(), 10u);
}

TEST(Link, RepeatsARunToTheDatagramWithTheSameSeed) {
  const LinkConfig config{
      .latency = 10ms, .jitter = 30ms, .reorder = true, .loss = 0.2, .duplicate = 0.1};
  Link one(config, 42);
  Link two(config, 42);
  Link other(config, 43);
  const auto run = arrivals(one, 500, 4, 1ms);
  EXPECT_EQ(run, arrivals(two, 500, 4, 1ms));
  EXPECT_NE(run, arrivals(other, 500, 4, 1ms));
}

}  // namespace
}  // namespace parley::sim
