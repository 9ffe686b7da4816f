#include "cc/pacing_budget.h"

#include <gtest/gtest.h>

namespace parley::cc {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr DataSize kPacket = DataSize::bytes(1'250);  // 10 ms at 1 Mbit/s.

PacingBudget budget_of(DataRate rate) {
  PacingBudget budget({.burst = 0ms});
  budget.set_rate(kStart, rate);
  return budget;
}

TEST(PacingBudget, LetsNothingLeaveAtARateOfZero) {
  PacingBudget budget;
  EXPECT_EQ(budget.next_deadline(), kNever);
  budget.set_rate(kStart, DataRate::mbps(1));
  budget.set_rate(kStart, DataRate());
  EXPECT_EQ(budget.next_deadline(), kNever);
}

TEST(PacingBudget, SpacesPacketsByTheRate) {
  PacingBudget budget = budget_of(DataRate::mbps(1));
  EXPECT_LE(budget.next_deadline(), kStart);
  budget.handle_sent(kStart, kPacket);
  EXPECT_EQ(budget.next_deadline(), kStart + 10ms);
  budget.handle_sent(kStart + 10ms, kPacket);
  EXPECT_EQ(budget.next_deadline(), kStart + 20ms);
}

TEST(PacingBudget, AllowsABurstOfSoManyBytesHoweverLongTheyTake) {
  PacingBudget budget = budget_of(DataRate::mbps(1));
  budget.set_min_burst(kPacket * 3);  // 30 ms.
  int sent = 0;
  for (; budget.allows(kStart); ++sent) budget.handle_sent(kStart, kPacket);
  EXPECT_EQ(sent, 4);
  EXPECT_EQ(budget.next_deadline(), kStart + 10ms);
  EXPECT_FALSE(budget.allows(kStart + 9ms));
  EXPECT_TRUE(budget.allows(kStart + 10ms));
}

TEST(PacingBudget, SpreadsWhatIsMoreThanTheBurstAtALowRateToo) {
  PacingBudget budget = budget_of(DataRate::kbps(30));
  budget.set_min_burst(kPacket * 10);
  int sent = 0;
  for (; sent < 100 && budget.allows(kStart); ++sent) budget.handle_sent(kStart, kPacket);
  EXPECT_EQ(sent, 11);
}

TEST(PacingBudget, AllowsASmallBurst) {
  PacingBudget budget({.burst = 2ms});
  budget.set_rate(kStart, DataRate::mbps(1));
  budget.handle_sent(kStart, DataSize::bytes(250));  // 2 ms.
  EXPECT_LE(budget.next_deadline(), kStart);
  budget.handle_sent(kStart, DataSize::bytes(250));
  EXPECT_EQ(budget.next_deadline(), kStart + 2ms);
}

TEST(PacingBudget, SavesNothingUpInSilence) {
  PacingBudget budget = budget_of(DataRate::mbps(1));
  budget.handle_sent(kStart + 1h, kPacket);
  EXPECT_EQ(budget.next_deadline(), kStart + 1h + 10ms);
}

TEST(PacingBudget, PaysAtTheRateOfTheTime) {
  PacingBudget budget = budget_of(DataRate::mbps(1));
  budget.handle_sent(kStart, kPacket);
  budget.set_rate(kStart + 5ms, DataRate::kbps(500));
  EXPECT_EQ(budget.next_deadline(), kStart + 15ms);
}

TEST(PacingBudget, ForgivesADebtThatNobodyPaced) {
  PacingBudget budget = budget_of(DataRate::mbps(1));
  for (int i = 0; i < 1'000; ++i) budget.handle_sent(kStart, kPacket);
  EXPECT_EQ(budget.next_deadline(), kStart + 500ms);
}

TEST(PacingBudget, LetsAPacketLargerThanAnyDebtLeave) {
  PacingBudget budget = budget_of(DataRate::bps(1'000));
  budget.handle_sent(kStart, kPacket);
  EXPECT_EQ(budget.next_deadline(), kStart + 10s);
}

TEST(PacingBudget, BearsTimeThatGoesBack) {
  PacingBudget budget = budget_of(DataRate::mbps(1));
  budget.handle_sent(kStart, kPacket);
  budget.handle_sent(kStart - 1s, kPacket);
  EXPECT_EQ(budget.next_deadline(), kStart + 20ms);
}

}  // namespace
}  // namespace parley::cc
