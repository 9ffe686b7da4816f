#include "load/playback.h"

#include <gtest/gtest.h>

namespace parley::load {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

TEST(Playback, CountsFramesAndNoFreezeAtAnEvenPace) {
  Playback playback;
  for (int i = 0; i < 100; ++i) playback.handle_frame(kStart + i * 40ms, 1'000, false);
  EXPECT_EQ(playback.summary().frames, 100u);
  EXPECT_EQ(playback.summary().bytes, 100'000u);
  EXPECT_EQ(playback.summary().freezes, 0u);
  EXPECT_EQ(playback.summary().first_frame, kStart);
}

TEST(Playback, CallsAGapOfMoreThan150MillisecondsBeyondAFrameAFreeze) {
  Playback playback;
  Time now = kStart;
  for (int i = 0; i < 50; ++i) playback.handle_frame(now += 40ms, 1'000, false);
  playback.handle_frame(now += 190ms, 1'000, false);  // 40 ms and 150 more.
  EXPECT_EQ(playback.summary().freezes, 0u);
  playback.handle_frame(now += 300ms, 1'000, true);
  EXPECT_EQ(playback.summary().freezes, 1u);
  EXPECT_GT(playback.summary().frozen, 200ms);
  EXPECT_EQ(playback.summary().broken_frames, 1u);
}

}  // namespace
}  // namespace parley::load
