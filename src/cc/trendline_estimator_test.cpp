#include "cc/trendline_estimator.h"

#include <gtest/gtest.h>

#include <random>

namespace parley::cc {
namespace {

using namespace std::chrono_literals;

// Bursts every 20 ms, each delayed by `growth` more than the one before it.
struct Path {
  TrendlineEstimator trendline;
  Duration received = 0ms;

  Usage send(int bursts, Duration growth) {
    Usage usage = trendline.usage();
    for (int i = 0; i < bursts; ++i) {
      received += 20ms + growth;
      usage = trendline.handle({.sent = 20ms, .received = 20ms + growth}, received);
    }
    return usage;
  }
  int bursts_until(Usage wanted, Duration growth, int most = 1'000) {
    for (int i = 1; i <= most; ++i) {
      if (send(1, growth) == wanted) return i;
    }
    return most + 1;
  }
};

TEST(Trendline, IsNormalOnAPathOfEvenDelay) {
  Path path;
  EXPECT_EQ(path.bursts_until(Usage::kOverusing, 0ms), 1'001);
  EXPECT_EQ(path.trendline.usage(), Usage::kNormal);
}

TEST(Trendline, SeesAQueueThatGrows) {
  Path path;
  path.send(60, 0ms);
  EXPECT_LE(path.bursts_until(Usage::kOverusing, 5ms), 12);
}

TEST(Trendline, SeesASlowlyGrowingQueueLater) {
  Path path;
  path.send(60, 0ms);
  const int slow = path.bursts_until(Usage::kOverusing, 1ms);
  EXPECT_GT(slow, 12);
  EXPECT_LE(slow, 60);
}

TEST(Trendline, SeesAQueueThatDrains) {
  Path path;
  path.send(60, 0ms);
  path.send(30, 5ms);
  EXPECT_LE(path.bursts_until(Usage::kUnderusing, -5ms), 30);
  EXPECT_LE(path.bursts_until(Usage::kNormal, 0ms), 60);
}

TEST(Trendline, SaysNothingAfterOneBurst) {
  TrendlineEstimator trendline({.window = 1});
  EXPECT_EQ(trendline.handle({.sent = 1ms, .received = 10s}, 10s), Usage::kNormal);
}

TEST(Trendline, DoesNotTakeOneLateBurstForATrend) {
  Path path;
  path.send(60, 0ms);
  path.send(1, 15ms);
  path.send(1, -15ms);
  EXPECT_EQ(path.bursts_until(Usage::kOverusing, 0ms, 100), 101);
}

TEST(Trendline, BearsJitter) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    std::mt19937 random{seed};
    Path path;
    Duration jitter = 0ms;
    int overuses = 0;
    for (int i = 0; i < 3'000; ++i) {
      const Duration next{static_cast<int>(random() % 10'000)};
      overuses += path.send(1, next - jitter) == Usage::kOverusing;
      jitter = next;
    }
    EXPECT_LE(overuses, 30) << "seed " << seed;
  }
}

TEST(Trendline, LowersItsThresholdInACalmAndRaisesItInUnrest) {
  Path path;
  path.send(500, 0ms);
  EXPECT_DOUBLE_EQ(path.trendline.threshold(), 6);
  const double calm = path.trendline.threshold();
  for (int i = 0; i < 500; ++i) path.send(1, i / 16 % 2 == 0 ? 2ms : -2ms);
  EXPECT_GT(path.trendline.threshold(), calm);
}

TEST(Trendline, LetsNoSuddenJumpMoveTheThreshold) {
  Path path;
  path.send(100, 0ms);
  const double before = path.trendline.threshold();
  path.send(1, 1min);
  EXPECT_EQ(path.trendline.threshold(), before);
}

}  // namespace
}  // namespace parley::cc
