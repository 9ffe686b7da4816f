#include "socketio/engineio/deadlines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace parley::engineio {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

TEST(Deadlines, AreNeverWhenNobodyWaits) {
  Deadlines<int> deadlines;
  EXPECT_EQ(deadlines.next(), kNever);
  EXPECT_FALSE(deadlines.pop_due(kNever));
}

TEST(Deadlines, ComeTheEarliestFirst) {
  Deadlines<int> deadlines;
  deadlines.arm(kStart + 3s, 3);
  deadlines.arm(kStart + 1s, 1);
  deadlines.arm(kStart + 2s, 2);
  EXPECT_EQ(deadlines.next(), kStart + 1s);
  EXPECT_FALSE(deadlines.pop_due(kStart + 999ms));
  EXPECT_EQ(deadlines.pop_due(kStart + 2s)->key, 1);
  EXPECT_EQ(deadlines.pop_due(kStart + 2s)->key, 2);
  EXPECT_FALSE(deadlines.pop_due(kStart + 2s));
  EXPECT_EQ(deadlines.next(), kStart + 3s);
}

TEST(Deadlines, SortAnyNumber) {
  std::mt19937 random{1};
  Deadlines<int> deadlines;
  for (int i = 0; i < 1000; ++i) {
    const int key = static_cast<int>(random() % 500);
    deadlines.arm(kStart + key * 1ms, key);
  }
  int last = 0;
  while (const auto due = deadlines.pop_due(kStart + 1h)) {
    EXPECT_GE(due->key, last);
    EXPECT_EQ(due->deadline, kStart + due->key * 1ms);
    last = due->key;
  }
  EXPECT_EQ(deadlines.size(), 0u);
}

}  // namespace
}  // namespace parley::engineio
