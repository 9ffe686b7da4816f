#include "cc/loss_controller.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace parley::cc {
namespace {

using namespace std::chrono_literals;

constexpr DataRate kMin = DataRate::kbps(30);
constexpr DataRate kMax = DataRate::mbps(10);
constexpr DataSize kPacket = DataSize::bytes(1'000);

// A path of a capacity, without a queue, and of a loss of its own. The sender sends what it may.
struct Path {
  double inherent = 0;
  DataRate capacity = DataRate::infinite();
  DataRate delay_based = DataRate::mbps(2);
  std::mt19937 random{1};
  LossController losses{delay_based, kMin, kMax};
  Time now{1h};
  DataRate lowest = DataRate::infinite();

  DataRate rate() const { return std::min(losses.rate(), delay_based); }

  void run(Duration time) {
    const Time begin = now;
    while (now < begin + time) {
      const DataRate sending = rate();
      LossReport report{.sent_first = now, .sent_last = now + 50ms};
      const double over = std::max(0.0, 1 - capacity / sending);
      const double loss = inherent + (1 - inherent) * over;
      for (DataSize left = sending * 50ms; left > DataSize(); left -= kPacket) {
        ++report.packets;
        report.size += std::min(left, kPacket);
        report.lost += std::bernoulli_distribution(loss)(random);
      }
      now += 50ms;
      losses.handle_report(now, report, sending * (1 - loss), delay_based);
      if (now - begin > time / 2) lowest = std::min(lowest, rate());
    }
  }
};

TEST(LossController, DoesNotLimitAPathWithoutLoss) {
  Path path;
  path.run(20s);
  EXPECT_FALSE(path.losses.is_limiting());
  EXPECT_EQ(path.losses.rate(), DataRate::infinite());
  EXPECT_EQ(path.losses.average_loss(), 0);
}

TEST(LossController, DoesNotStarveOnRandomLoss) {
  for (const double loss : {0.01, 0.02, 0.05}) {
    for (unsigned seed = 1; seed <= 5; ++seed) {
      Path path{.inherent = loss};
      path.random.seed(seed);
      path.run(60s);
      EXPECT_GT(path.lowest, DataRate::kbps(1'500)) << loss << " seed " << seed;
      EXPECT_NEAR(path.losses.average_loss(), loss, 0.03) << "seed " << seed;
    }
  }
}

TEST(LossController, AllowsLessTheMoreIsLost) {
  Path tenth{.inherent = 0.1};
  Path fifth{.inherent = 0.2};
  tenth.run(60s);
  fifth.run(60s);
  EXPECT_GT(tenth.rate(), DataRate::kbps(900));
  EXPECT_TRUE(fifth.losses.is_limiting());
  EXPECT_LT(fifth.rate(), DataRate::kbps(1'100));
  EXPECT_GT(fifth.lowest, DataRate::kbps(150));
}

TEST(LossController, FindsTheCapacityOfAPathWithoutAQueue) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    Path path{.capacity = DataRate::kbps(1'000)};
    path.random.seed(seed);
    path.run(30s);
    EXPECT_NEAR(path.rate().in_kbps(), 1'000, 200) << "seed " << seed;
    EXPECT_TRUE(path.losses.is_limiting());
  }
}

TEST(LossController, TellsThePathsNatureFromItsLimit) {
  Path path{.inherent = 0.03, .capacity = DataRate::kbps(800)};
  path.run(60s);
  EXPECT_NEAR(path.rate().in_kbps(), 800, 200);
  EXPECT_LT(path.losses.inherent_loss(), 0.15);
}

TEST(LossController, RecoversWhenLossesEnd) {
  Path path{.capacity = DataRate::kbps(300)};
  path.run(20s);
  EXPECT_LT(path.rate(), DataRate::kbps(450));
  path.capacity = DataRate::infinite();
  path.run(30s);
  EXPECT_EQ(path.rate(), path.delay_based);
}

TEST(LossController, SaysWhenLossesAreOver) {
  Path path{.capacity = DataRate::kbps(300)};
  path.run(20s);
  EXPECT_FALSE(path.losses.are_losses_over());
  path.capacity = DataRate::infinite();
  path.run(1s);
  EXPECT_FALSE(path.losses.are_losses_over());
  path.run(2s);
  EXPECT_TRUE(path.losses.is_limiting());
  EXPECT_TRUE(path.losses.are_losses_over());
}

TEST(LossController, TakesWhatAProbeFoundWhereLossesAllowLess) {
  Path path{.capacity = DataRate::kbps(300)};
  path.run(20s);
  const DataRate before = path.losses.rate();
  path.losses.handle_probe(before * 0.5);
  EXPECT_EQ(path.losses.rate(), before);
  path.losses.handle_probe(before * 2);
  EXPECT_EQ(path.losses.rate(), before * 2);
}

TEST(LossController, NeverGoesAboveTheDelayBasedRate) {
  Path path{.inherent = 0.02};
  path.run(5s);
  path.delay_based = DataRate::kbps(400);
  path.run(5s);
  EXPECT_EQ(path.rate(), DataRate::kbps(400));
}

TEST(LossController, GrowsByItselfWhereNothingElseTellsARate) {
  LossController losses(DataRate::kbps(300), kMin, kMax);
  Time now{1h};
  for (int i = 0; i < 60; ++i, now += 1s) {
    const DataSize size =
        losses.rate().is_infinite() ? DataRate::kbps(300) * 1s : losses.rate() * 1s;
    losses.handle_report(
        now, {.sent_first = now - 1s, .sent_last = now, .packets = 50, .lost = 0, .size = size},
        size / 1s, DataRate::infinite());
  }
  EXPECT_GT(losses.rate(), DataRate::kbps(700));
  EXPECT_LT(losses.rate(), DataRate::kbps(1'200));
}

// A receiver may say anything of itself.
TEST(LossController, TakesARateBelowItsLimitsForTheLowest) {
  for (const DataRate told : {DataRate::bps(-1), DataRate(), DataRate::bps(1)}) {
    LossController losses(DataRate::mbps(2), kMin, kMax);
    Time now{1h};
    for (int i = 0; i < 40; ++i, now += 300ms) {
      const LossReport report{.sent_first = now,
                              .sent_last = now + 300ms,
                              .packets = 50,
                              .lost = 50,
                              .size = DataSize::bytes(50'000)};
      losses.handle_report(now + 300ms, report, told, told);
    }
    EXPECT_GE(losses.rate(), kMin);
    EXPECT_GE(losses.inherent_loss(), 0);
    EXPECT_LE(losses.inherent_loss(), 1);
  }
}

TEST(LossController, StaysWithinItsLimitsWhateverIsLost) {
  Path path{.inherent = 1};
  path.run(20s);
  EXPECT_EQ(path.losses.rate(), kMin);
  path.losses.set_limits(DataRate::kbps(100), kMax);
  EXPECT_EQ(path.losses.rate(), DataRate::kbps(100));
}

}  // namespace
}  // namespace parley::cc
