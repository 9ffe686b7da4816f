#include "net/rate_table.h"

#include <gtest/gtest.h>

namespace parley::net {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

TEST(RateTable, SaysHowLongToWait) {
  RateTable table({.per_second = 0.5, .burst = 2});
  EXPECT_EQ(table.wait(kStart, 7), Duration::zero());
  EXPECT_TRUE(table.take(kStart, 7));
  EXPECT_EQ(table.wait(kStart, 7), Duration::zero());
  EXPECT_TRUE(table.take(kStart, 7));
  EXPECT_EQ(table.wait(kStart, 7), 2s);
  EXPECT_EQ(table.wait(kStart + 1s, 7), 1s);
  EXPECT_EQ(table.wait(kStart + 2s, 7), Duration::zero());
  EXPECT_EQ(table.wait(kStart, 8), Duration::zero());
}

TEST(RateTable, NeverEndsTheWaitWhereNothingIsRefilled) {
  RateTable table({.per_second = 0, .burst = 1});
  EXPECT_TRUE(table.take(kStart, 7));
  EXPECT_EQ(table.wait(kStart, 7), Duration::max());
}

TEST(RateTable, TakesBackWhatWasNotUsed) {
  RateTable table({.per_second = 0, .burst = 1});
  EXPECT_TRUE(table.take(kStart, 7));
  table.give_back(kStart, 7);
  EXPECT_TRUE(table.take(kStart, 7));
  EXPECT_FALSE(table.take(kStart, 7));
}

TEST(RateTable, NeverHoldsMoreThanTheBurst) {
  RateTable table({.per_second = 0, .burst = 1});
  table.give_back(kStart, 7);
  EXPECT_TRUE(table.take(kStart, 7));
  EXPECT_FALSE(table.take(kStart, 7));
}

TEST(RateTable, KnowsTheKeyZero) {
  RateTable table({.per_second = 0, .burst = 1});
  EXPECT_TRUE(table.take(kStart, 0));
  EXPECT_FALSE(table.take(kStart, 0));
}

}  // namespace
}  // namespace parley::net
