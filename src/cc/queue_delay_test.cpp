#include "cc/queue_delay.h"

#include <gtest/gtest.h>

namespace parley::cc {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

TEST(QueueDelay, IsWhatDelayExceedsItsLeast) {
  QueueDelay queue;
  queue.handle_report(kStart, 1h + 30ms);  // The clocks differ by an hour.
  EXPECT_EQ(queue.current(), 0ms);
  queue.handle_report(kStart + 1s, 1h + 90ms);
  EXPECT_EQ(queue.current(), 60ms);
  queue.handle_report(kStart + 2s, 1h + 20ms);
  EXPECT_EQ(queue.current(), 0ms);
  queue.handle_report(kStart + 3s, 1h + 30ms);
  EXPECT_EQ(queue.current(), 10ms);
}

TEST(QueueDelay, TakesForThePathsOwnWhatStandsForTheWholeWindow) {
  QueueDelay queue({.window = 10s});
  queue.handle_report(kStart, 20ms);
  for (Duration at = 100ms; at <= 10s; at += 100ms) {
    queue.handle_report(kStart + at, 120ms);
    ASSERT_EQ(queue.current(), 100ms) << at.count();
  }
  queue.handle_report(kStart + 12s, 120ms);
  EXPECT_EQ(queue.current(), 0ms);
}

TEST(QueueDelay, KeepsTheLeastOfEachPartOfTheWindow) {
  QueueDelay queue({.window = 10s});
  queue.handle_report(kStart, 50ms);
  queue.handle_report(kStart + 500ms, 20ms);
  queue.handle_report(kStart + 900ms, 60ms);
  queue.handle_report(kStart + 9s, 60ms);
  EXPECT_EQ(queue.current(), 40ms);
}

TEST(QueueDelay, IsFloodedWhereItBecomesLongSoon) {
  QueueDelay queue;
  Duration delay = 20ms;
  Time now = kStart;
  const auto report = [&](Duration more) { queue.handle_report(now += 50ms, delay += more); };
  report(0ms);
  for (int i = 0; i < 3; ++i) report(30ms);
  EXPECT_FALSE(queue.is_flooded());  // 90 ms.
  report(30ms);
  EXPECT_TRUE(queue.is_flooded());
  report(0ms);
  EXPECT_FALSE(queue.is_flooded());  // It stands.
  report(30ms);
  EXPECT_TRUE(queue.is_flooded());
  for (int i = 0; i < 4; ++i) {
    report(-20ms);
    EXPECT_FALSE(queue.is_flooded());
  }
}

TEST(QueueDelay, IsNotFloodedWhereItBecomesLongSlowly) {
  QueueDelay queue;
  queue.handle_report(kStart, 20ms);
  for (int i = 1; i <= 50; ++i) {
    queue.handle_report(kStart + i * 50ms, 20ms + i * 10ms);
    ASSERT_FALSE(queue.is_flooded()) << i;
  }
}

TEST(QueueDelay, BeginsAnewAfterALongSilence) {
  QueueDelay queue;
  queue.handle_report(kStart, 20ms);
  queue.handle_report(kStart + 1min, 500ms);
  EXPECT_EQ(queue.current(), 0ms);
}

}  // namespace
}  // namespace parley::cc
