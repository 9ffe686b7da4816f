#include "sfu/timeline.h"

#include <gtest/gtest.h>

#include <random>

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr std::uint64_t kLate = 9'000;

std::uint32_t low(std::uint64_t timestamp) {
  return static_cast<std::uint32_t>(timestamp);
}

TEST(Timeline, BeginsWithTheFirstTimestamp) {
  Timeline timeline(77, 90'000, 90);
  const auto clock = timeline.begin(1'000'000, kStart, {}, kLate);
  ASSERT_TRUE(clock);
  EXPECT_EQ(low(clock->out(1'000'000)), 77u);
  EXPECT_EQ(low(clock->out(1'003'000)), 3'077u);
}

TEST(Timeline, GoesOnInRealTimeWithAnotherStream) {
  Timeline timeline(0, 90'000, 90);
  const auto first = timeline.begin(5'000, kStart, {}, kLate);
  timeline.handle_frame(*first, 5'000, kStart);
  timeline.handle_frame(*first, 8'000, kStart + 33'333us);
  const auto second = timeline.begin(9'000'000, kStart + 1s, {}, kLate);
  ASSERT_TRUE(second);
  EXPECT_NEAR(low(second->out(9'000'000)), 90'000, 2);
}

TEST(Timeline, TakesTheKnownPlaceBeforeTheArrival) {
  Timeline timeline(0, 90'000, 90);
  const auto first = timeline.begin(5'000, kStart, {}, kLate);
  timeline.handle_frame(*first, 5'000, kStart);
  const std::uint64_t place = first->in_time(5'000 + 45'000);
  const auto second = timeline.begin(9'000'000, kStart + 530ms, place, kLate);
  EXPECT_EQ(low(second->out(9'000'000)), 45'000u);
  // Who would put it hours away is not believed.
  const auto third = timeline.begin(9'000'000, kStart + 530ms, place + 90'000u * 3'600, kLate);
  EXPECT_EQ(low(third->out(9'000'000)), 47'700u);
}

TEST(Timeline, KeepsFramesInOrderWhereAStreamBeginsAtTheSameMoment) {
  Timeline timeline(0, 90'000, 90);
  const auto first = timeline.begin(5'000, kStart, {}, kLate);
  timeline.handle_frame(*first, 5'000, kStart);
  const auto second = timeline.begin(100, kStart + 5ms, first->in_time(5'000), kLate);
  ASSERT_TRUE(second);
  EXPECT_EQ(low(second->out(100)), 90u);
  EXPECT_EQ(low(second->out(3'100)), 3'000u) << "It is not ahead for more than that frame.";
}

TEST(Timeline, PlaysAStreamFromTheHistoryFasterUntilItHasCaughtUp) {
  Timeline timeline(0, 90'000, 90);
  const auto first = timeline.begin(0, kStart, {}, kLate);
  timeline.handle_frame(*first, 0, kStart);
  EXPECT_FALSE(timeline.begin(700'000, kStart - 500ms, {}, kLate));
  const auto second = timeline.begin(700'000, kStart - 500ms, {}, 90'000);
  ASSERT_TRUE(second);
  std::uint64_t before = timeline.newest();
  for (int frame = 0; frame < 60; ++frame) {
    const std::uint64_t in = 700'000u + 3'000u * static_cast<unsigned>(frame);
    const Time arrived = kStart - 500ms + frame * 33'333us;
    const std::uint64_t out = second->out(in);
    EXPECT_GT(out, before);
    if (arrived > kStart + 50ms) {
      EXPECT_EQ(out, second->in_time(in));
    } else {
      EXPECT_LE(out, timeline.newest() + 4'500);
    }
    before = out;
  }
}

TEST(Timeline, ForgetsWhatItHasGainedWhereItSettles) {
  Timeline timeline(0, 48'000, 960);
  const auto first = timeline.begin(0, kStart, {}, 0);
  timeline.handle_frame(*first, 0, kStart);
  timeline.handle_frame(*first, 48'000, kStart + 20ms);  // A second ahead.
  EXPECT_FALSE(timeline.begin(5, kStart + 40ms, {}, 0));
  timeline.settle(kStart + 20ms);
  const auto second = timeline.begin(5, kStart + 40ms, {}, 0);
  ASSERT_TRUE(second);
  EXPECT_EQ(low(second->out(5)), 48'960u);
}

// A publisher's clock that is too fast by a thousandth, for an hour, with jitter.
TEST(Timeline, FollowsTheClockOfAStream) {
  Timeline timeline(0, 90'000, 90);
  const auto clock = timeline.begin(0, kStart, {}, kLate);
  std::mt19937 random(1);
  std::uint64_t in = 0;
  Time now = kStart;
  for (int i = 0; i < 30 * 3'600; ++i) {
    timeline.handle_frame(*clock, in, now + Duration(random() % 10'000));
    in += 3'003;
    now += 33'333us;
  }
  EXPECT_FALSE(timeline.has_jumped(*clock, in, now));
  const auto next = timeline.begin(1, now, {}, kLate);
  ASSERT_TRUE(next);
  EXPECT_NEAR(static_cast<double>(next->out(1)), static_cast<double>(clock->out(in)), 9'000);
}

TEST(Timeline, TellsAClockThatJumped) {
  Timeline timeline(0, 90'000, 90);
  const auto clock = timeline.begin(0, kStart, {}, kLate);
  timeline.handle_frame(*clock, 0, kStart);
  EXPECT_FALSE(timeline.has_jumped(*clock, 3'000, kStart + 5s));
  EXPECT_TRUE(timeline.has_jumped(*clock, 3'000'000, kStart + 33ms));
  EXPECT_TRUE(timeline.has_jumped(*clock, 3'000, kStart + 12s));
}

}  // namespace
}  // namespace parley::sfu
