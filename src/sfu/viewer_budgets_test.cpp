#include "sfu/viewer_budgets.h"

#include <gtest/gtest.h>

namespace parley::sfu {
namespace {

TEST(ViewerBudgets, CountsEachByTheStepThatTheyReach) {
  ViewerBudgets budgets;
  EXPECT_TRUE(budgets.empty());
  budgets.add(2, ViewerBudgets::rate(7));
  budgets.add(2, ViewerBudgets::rate(8) - DataRate::bps(1));
  budgets.add(0, ViewerBudgets::rate(8));
  EXPECT_EQ(budgets.count(2, 7), 2u);
  EXPECT_EQ(budgets.count(0, 8), 1u);
  EXPECT_FALSE(budgets.empty());
}

TEST(ViewerBudgets, WhatIsBeyondItsEndsIsAtThem) {
  ViewerBudgets budgets;
  budgets.add(7, DataRate::mbps(100));
  budgets.add(0, DataRate::kbps(1));
  EXPECT_EQ(budgets.count(2, ViewerBudgets::kSteps - 1), 1u);
  EXPECT_EQ(budgets.count(0, 0), 1u);
  EXPECT_GT(ViewerBudgets::rate(ViewerBudgets::kSteps - 1), DataRate::mbps(3));
}

TEST(ViewerBudgets, AreAddedUp) {
  ViewerBudgets here, there;
  here.add(1, DataRate::kbps(500));
  there.add(1, DataRate::kbps(500));
  there.add(here);
  EXPECT_NE(there, here);
  std::uint32_t all = 0;
  for (std::size_t step = 0; step < ViewerBudgets::kSteps; ++step) all += there.count(1, step);
  EXPECT_EQ(all, 2u);
}

}  // namespace
}  // namespace parley::sfu
