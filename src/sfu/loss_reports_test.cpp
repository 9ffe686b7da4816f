#include "sfu/loss_reports.h"

#include <gtest/gtest.h>

namespace parley::sfu {
namespace {

using Loss = LossReports::Loss;

rtp::rtcp::ReportBlock block(std::uint32_t highest, std::int32_t lost) {
  return {.cumulative_lost = lost, .highest_sequence = highest};
}

TEST(LossReports, TellsWhatIsNewSinceTheReportBefore) {
  LossReports reports(1);
  EXPECT_EQ(reports.handle(0, block(1'000, 3)), Loss{});
  EXPECT_EQ(reports.handle(0, block(1'100, 8)), (Loss{.lost = 5, .expected = 100}));
  EXPECT_EQ(reports.handle(0, block(1'100, 8)), Loss{});
}

TEST(LossReports, KeepsSlotsApart) {
  LossReports reports(2);
  reports.handle(0, block(1'000, 3));
  EXPECT_EQ(reports.handle(1, block(5'000, 0)), Loss{});
  EXPECT_EQ(reports.handle(0, block(1'010, 3)), (Loss{.lost = 0, .expected = 10}));
}

TEST(LossReports, TakesDuplicatesForNoLoss) {
  LossReports reports(1);
  reports.handle(0, block(1'000, 3));
  EXPECT_EQ(reports.handle(0, block(1'010, -2)), (Loss{.lost = 0, .expected = 10}));
}

TEST(LossReports, BelievesNoMoreLossThanThereWerePackets) {
  LossReports reports(1);
  reports.handle(0, block(1'000, -8'388'608));
  EXPECT_EQ(reports.handle(0, block(1'010, 8'388'607)), (Loss{.lost = 10, .expected = 10}));
}

TEST(LossReports, BeginsAnewWhereNumbersJump) {
  LossReports reports(1);
  reports.handle(0, block(1'000, 3));
  EXPECT_EQ(reports.handle(0, block(900, 3)), Loss{});
  EXPECT_EQ(reports.handle(0, block(4'000'000'000, 3)), Loss{});
  EXPECT_EQ(reports.handle(0, block(4'000'000'010, 4)), (Loss{.lost = 1, .expected = 10}));
}

TEST(LossReports, SmoothsTheShareThatIsLost) {
  LossReports reports(1);
  EXPECT_EQ(reports.share(), 0);
  reports.handle_report({.lost = 0, .expected = 0});
  EXPECT_EQ(reports.share(), 0);
  for (int i = 0; i < 30; ++i) reports.handle_report({.lost = 10, .expected = 100});
  EXPECT_NEAR(reports.share(), 0.1, 0.001);
  reports.handle_report({.lost = 0, .expected = 100});
  EXPECT_NEAR(reports.share(), 0.075, 0.001);
}

}  // namespace
}  // namespace parley::sfu
