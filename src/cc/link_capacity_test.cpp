#include "cc/link_capacity.h"

#include <gtest/gtest.h>

namespace parley::cc {
namespace {

TEST(LinkCapacity, IsUnknownAtFirst) {
  const LinkCapacity capacity;
  EXPECT_FALSE(capacity.estimate().has_value());
  EXPECT_EQ(capacity.lower_bound(), DataRate());
  EXPECT_EQ(capacity.upper_bound(), DataRate::infinite());
}

TEST(LinkCapacity, FollowsOverusesSlowlyAndProbesFast) {
  LinkCapacity capacity;
  capacity.handle_overuse(DataRate::kbps(1'000));
  EXPECT_EQ(capacity.estimate(), DataRate::kbps(1'000));
  capacity.handle_overuse(DataRate::kbps(2'000));
  EXPECT_EQ(capacity.estimate(), DataRate::kbps(1'050));
  capacity.handle_probe(DataRate::kbps(2'000));
  EXPECT_EQ(capacity.estimate(), DataRate::kbps(1'525));
}

TEST(LinkCapacity, IsLessSureTheMoreItsSamplesScatter) {
  LinkCapacity steady;
  LinkCapacity scattered;
  for (int i = 0; i < 50; ++i) {
    steady.handle_overuse(DataRate::kbps(1'000));
    scattered.handle_overuse(DataRate::kbps(i % 2 == 0 ? 700 : 1'300));
  }
  // Three deviations of sqrt(0.4 * 1000) and, at most, of sqrt(2.5 * 1000) kbit/s.
  EXPECT_NEAR(steady.upper_bound().in_kbps(), 1'060, 1);
  EXPECT_NEAR(steady.lower_bound().in_kbps(), 940, 1);
  EXPECT_NEAR(scattered.upper_bound() / *scattered.estimate(), 1.15, 0.01);
}

TEST(LinkCapacity, ForgetsOnReset) {
  LinkCapacity capacity;
  capacity.handle_overuse(DataRate::kbps(1'000));
  capacity.reset();
  EXPECT_FALSE(capacity.estimate().has_value());
  capacity.handle_overuse(DataRate::kbps(300));
  EXPECT_EQ(capacity.estimate(), DataRate::kbps(300));
}

}  // namespace
}  // namespace parley::cc
