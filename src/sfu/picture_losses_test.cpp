#include "sfu/picture_losses.h"

#include <gtest/gtest.h>

#include <vector>

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

TEST(PictureLosses, BelievesTheFirstFewAtOnce) {
  PictureLosses losses;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(losses.believe(kStart)) << i;
    losses.handle_key_frame();
  }
  EXPECT_FALSE(losses.believe(kStart));
}

TEST(PictureLosses, TakesItForTheSameLossUntilAKeyFrameWasSent) {
  PictureLosses losses;
  for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(losses.believe(kStart + i * 10ms));
  losses.handle_key_frame();
  EXPECT_TRUE(losses.believe(kStart + 10s));
}

// Key frames come as soon as they are asked for.
TEST(PictureLosses, BelievesWhoRepeatsHimselfEverMoreSeldom) {
  PictureLosses losses;
  std::vector<Duration> at;
  for (Duration time = 0s; time < 20s; time += 100ms) {
    if (!losses.believe(kStart + time)) continue;
    at.push_back(time);
    losses.handle_key_frame();
  }
  EXPECT_EQ(at, (std::vector<Duration>{0ms, 100ms, 200ms, 1'200ms, 3'200ms, 7'200ms, 11'200ms,
                                       15'200ms, 19'200ms}));
}

TEST(PictureLosses, BelievesWhoSeldomLosesOneAtOnce) {
  PictureLosses losses;
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(losses.believe(kStart + i * 5s)) << i;
    losses.handle_key_frame();
  }
}

TEST(PictureLosses, ForgetsWhatWasLongAgo) {
  PictureLosses losses;
  for (int i = 0; i < 10; ++i) {
    losses.believe(kStart + i * 4s);
    losses.handle_key_frame();
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(losses.believe(kStart + 46s)) << i;
    losses.handle_key_frame();
  }
  EXPECT_FALSE(losses.believe(kStart + 46s));
}

}  // namespace
}  // namespace parley::sfu
