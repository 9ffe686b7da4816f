#include "cc/aimd_rate_control.h"

#include <gtest/gtest.h>

namespace parley::cc {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr DataRate kMin = DataRate::kbps(50);
constexpr DataRate kMax = DataRate::mbps(10);

struct Control {
  explicit Control(DataRate start) : control(start, kMin, kMax, {}) {}

  // Reports every 100 ms. What arrives is the rate itself.
  void run(Duration time, Usage usage, Duration queue = 0ms, bool limited = false) {
    for (const Time end = now + time; now < end; now += 100ms) {
      control.handle_usage(now, usage, queue, control.rate(), limited);
    }
  }
  void overuse(DataRate acked, Duration queue = 40ms) {
    control.handle_usage(now, Usage::kOverusing, queue, acked, false);
    now += 100ms;
  }
  double kbps() const { return control.rate().in_kbps(); }

  AimdRateControl control;
  Time now = kStart;
};

TEST(AimdRateControl, GrowsByEightPercentASecondFarFromTheCapacity) {
  Control c(DataRate::kbps(1'000));
  c.run(1'100ms, Usage::kNormal);
  EXPECT_NEAR(c.kbps(), 1'080, 2);
  EXPECT_FALSE(c.control.is_near_capacity());
}

TEST(AimdRateControl, GrowsByAPacketAResponseTimeNearTheCapacity) {
  Control c(DataRate::kbps(1'000));
  c.control.set_round_trip_time(100ms);
  c.overuse(DataRate::kbps(1'000));
  EXPECT_TRUE(c.control.is_near_capacity());
  c.run(100ms, Usage::kNormal);  // Back to what is known to be right.
  const double before = c.kbps();
  c.run(1s, Usage::kNormal);
  // 920 kbit/s are 3,833 bytes a frame: 4 packets of 958 bytes, one each 200 ms.
  EXPECT_NEAR(c.kbps() - before, 38, 3);
}

TEST(AimdRateControl, GivesWayBelowWhatArrives) {
  Control c(DataRate::kbps(2'000));
  c.overuse(DataRate::kbps(1'000), 10ms);
  EXPECT_NEAR(c.kbps(), 920, 1);
}

TEST(AimdRateControl, GivesWayDeeperTheLongerTheQueue) {
  Control c(DataRate::kbps(2'000));
  c.overuse(DataRate::kbps(1'000), 210ms);
  EXPECT_NEAR(c.kbps(), 720, 1);
  Control flooded(DataRate::kbps(2'000));
  flooded.overuse(DataRate::kbps(1'000), 3s);
  EXPECT_NEAR(flooded.kbps(), 500, 1);
}

TEST(AimdRateControl, TakesAQueueThatEmptiesBetweenFramesForNoOveruse) {
  Control c(DataRate::kbps(2'000));
  c.overuse(DataRate::kbps(1'000), 4ms);
  EXPECT_EQ(c.kbps(), 2'000);
}

TEST(AimdRateControl, GoesByItsOwnRateWithoutAMeasure) {
  Control c(DataRate::kbps(2'000));
  c.control.handle_usage(c.now, Usage::kOverusing, 130ms, std::nullopt, false);
  EXPECT_EQ(c.kbps(), 1'600);
}

TEST(AimdRateControl, WaitsForTheEffectOfADecrease) {
  Control c(DataRate::kbps(2'000));
  c.control.set_round_trip_time(150ms);
  c.overuse(DataRate::kbps(1'900), 10ms);
  const double first = c.kbps();
  c.overuse(DataRate::kbps(1'500), 10ms);  // After 100 ms.
  EXPECT_EQ(c.kbps(), first);
  c.overuse(DataRate::kbps(1'500), 10ms);
  EXPECT_NEAR(c.kbps(), 1'380, 1);
}

TEST(AimdRateControl, DoesNotWaitInAFlood) {
  Control c(DataRate::kbps(2'000));
  c.overuse(DataRate::kbps(1'900), 10ms);
  c.overuse(DataRate::kbps(500), 10ms);
  EXPECT_NEAR(c.kbps(), 460, 1);
}

TEST(AimdRateControl, TakesADrainingQueueForNoRoom) {
  Control c(DataRate::kbps(1'000));
  c.run(10s, Usage::kUnderusing, 11ms);
  EXPECT_EQ(c.kbps(), 1'000);
  c.overuse(DataRate::kbps(1'000), 10ms);
  c.now += 1s;
  c.overuse(DataRate::kbps(3'000), 10ms);  // More arrives than was sent.
  EXPECT_LE(c.kbps(), 1'012);
}

TEST(AimdRateControl, DoesNotWaitForATrendThatLagsBehind) {
  Control c(DataRate::kbps(2'000));
  c.overuse(DataRate::kbps(1'000), 300ms);
  c.run(100ms, Usage::kUnderusing, 100ms);
  c.run(100ms, Usage::kUnderusing, 10ms);
  EXPECT_NEAR(c.kbps(), 920, 1);
}

TEST(AimdRateControl, ReturnsToTheCapacityWhenTheQueueIsGone) {
  Control c(DataRate::kbps(2'000));
  c.overuse(DataRate::kbps(1'000), 300ms);
  c.run(500ms, Usage::kUnderusing, 100ms);
  EXPECT_NEAR(c.kbps(), 630, 1);
  c.run(100ms, Usage::kNormal);
  EXPECT_NEAR(c.kbps(), 920, 1);
}

TEST(AimdRateControl, DoesNotGrowOnTopOfALongQueue) {
  Control c(DataRate::kbps(1'000));
  c.run(5s, Usage::kNormal, 100ms);
  EXPECT_EQ(c.kbps(), 1'000);
}

TEST(AimdRateControl, DrainsAQueueThatOverflowsOnceInAWhile) {
  Control c(DataRate::kbps(1'000));
  c.control.handle_overflow(c.now, 99ms, DataRate::kbps(900));
  EXPECT_EQ(c.kbps(), 1'000);
  c.control.handle_overflow(c.now, 210ms, DataRate::kbps(900));
  EXPECT_NEAR(c.kbps(), 648, 1);
  c.control.handle_overflow(c.now + 900ms, 210ms, DataRate::kbps(400));
  EXPECT_NEAR(c.kbps(), 648, 1);
  c.control.handle_overflow(c.now + 1s, 210ms, DataRate::kbps(400));
  EXPECT_NEAR(c.kbps(), 288, 1);
}

TEST(AimdRateControl, DoesNotGrowWhileTheApplicationIsLimited) {
  Control c(DataRate::kbps(1'000));
  c.run(10s, Usage::kNormal, 0ms, true);
  EXPECT_EQ(c.kbps(), 1'000);
  c.run(200ms, Usage::kNormal);  // Nor does it make up for it.
  EXPECT_LT(c.kbps(), 1'020);
}

TEST(AimdRateControl, DoesNotGrowFarBeyondWhatArrives) {
  Control c(DataRate::kbps(1'000));
  for (int i = 0; i < 1'000; ++i) {
    c.control.handle_usage(c.now += 100ms, Usage::kNormal, 0ms, DataRate::kbps(800), false);
  }
  EXPECT_EQ(c.kbps(), 1'210);
}

TEST(AimdRateControl, ForgetsTheCapacityThatIsSurpassed) {
  Control c(DataRate::kbps(1'000));
  c.overuse(DataRate::kbps(1'000));
  c.control.handle_usage(c.now += 1s, Usage::kNormal, 0ms, DataRate::kbps(1'050), false);
  EXPECT_TRUE(c.control.is_near_capacity());
  c.control.handle_usage(c.now += 1s, Usage::kNormal, 0ms, DataRate::kbps(1'100), false);
  EXPECT_FALSE(c.control.is_near_capacity());
}

TEST(AimdRateControl, ForgetsTheCapacityThatSank) {
  Control c(DataRate::kbps(1'000));
  c.overuse(DataRate::kbps(1'000));
  c.now += 1s;
  c.overuse(DataRate::kbps(500), 300ms);
  c.run(200ms, Usage::kNormal);
  EXPECT_NEAR(c.kbps(), 460, 10);
}

TEST(AimdRateControl, TakesOverWhatAProbeMeasured) {
  Control c(DataRate::kbps(300));
  c.control.handle_probe(c.now, DataRate::kbps(1'800));
  EXPECT_EQ(c.kbps(), 1'800);
  EXPECT_TRUE(c.control.is_near_capacity());
}

TEST(AimdRateControl, TakesTheQueueThatAProofMadeForNoOveruse) {
  Control c(DataRate::kbps(1'000));
  c.control.set_round_trip_time(150ms);
  c.control.handle_proof(c.now, DataRate::kbps(2'000));
  c.overuse(DataRate::kbps(1'500));
  EXPECT_EQ(c.kbps(), 2'000);
  c.overuse(DataRate::kbps(1'500));
  EXPECT_EQ(c.kbps(), 2'000);
  c.overuse(DataRate::kbps(1'500));
  EXPECT_LT(c.kbps(), 1'500);
}

TEST(AimdRateControl, StaysWithinItsLimits) {
  Control c(DataRate::kbps(1));
  EXPECT_EQ(c.control.rate(), kMin);
  c.control.set_rate(c.now, DataRate::infinite());
  EXPECT_EQ(c.control.rate(), kMax);
  c.overuse(DataRate::bps(1));
  EXPECT_EQ(c.control.rate(), kMin);
  c.control.set_limits(DataRate::kbps(200), kMax);
  EXPECT_EQ(c.kbps(), 200);
}

}  // namespace
}  // namespace parley::cc
