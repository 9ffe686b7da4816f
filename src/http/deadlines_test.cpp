#include "http/deadlines.h"

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <random>

namespace parley::http {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

TEST(HttpDeadlines, TellsEachOnceWhenItHasCome) {
  Deadlines deadlines;
  Deadlines::Entry early, late;
  deadlines.set(late, kStart + 2s);
  deadlines.set(early, kStart + 1s);
  EXPECT_EQ(deadlines.next_deadline(), kStart + 1s);
  EXPECT_EQ(deadlines.poll(kStart + 999ms), nullptr);
  EXPECT_EQ(deadlines.poll(kStart + 2s), &early);
  EXPECT_EQ(early.deadline(), kNever);
  EXPECT_EQ(deadlines.poll(kStart + 2s), &late);
  EXPECT_EQ(deadlines.poll(kStart + 1h), nullptr);
  EXPECT_EQ(deadlines.next_deadline(), kNever);
}

TEST(HttpDeadlines, MovesADeadlineBothWays) {
  Deadlines deadlines;
  Deadlines::Entry entry;
  deadlines.set(entry, kStart + 1s);
  deadlines.set(entry, kStart + 5s);
  EXPECT_LE(deadlines.next_deadline(), kStart + 5s);
  EXPECT_EQ(deadlines.poll(kStart + 4s), nullptr);
  EXPECT_EQ(deadlines.next_deadline(), kStart + 5s);
  deadlines.set(entry, kStart + 4500ms);
  EXPECT_EQ(deadlines.next_deadline(), kStart + 4500ms);
  EXPECT_EQ(deadlines.poll(kStart + 4500ms), &entry);
}

TEST(HttpDeadlines, ForgetsWhatWasTakenAwayOrDestroyed) {
  Deadlines deadlines;
  Deadlines::Entry taken;
  deadlines.set(taken, kStart + 1s);
  deadlines.set(taken, kNever);
  {
    Deadlines::Entry destroyed;
    deadlines.set(destroyed, kStart + 1s);
  }
  EXPECT_EQ(deadlines.poll(kStart + 1h), nullptr);
  EXPECT_EQ(deadlines.next_deadline(), kNever);
}

// An hour of connections that are made, kept alive and closed: none is told too early, or missed.
TEST(HttpDeadlines, AgreesWithASimpleModel) {
  std::mt19937 random{3};
  Deadlines deadlines;
  std::deque<Deadlines::Entry> entries(50);
  Time now = kStart;
  for (int step = 0; step < 36'000; ++step, now += 100ms) {
    Deadlines::Entry& entry = entries[random() % entries.size()];
    deadlines.set(entry, random() % 10 == 0 ? kNever : now + Duration(random() % 10'000'000));
    while (Deadlines::Entry* const due = deadlines.poll(now)) EXPECT_EQ(due->deadline(), kNever);
    for (const Deadlines::Entry& other : entries) {
      ASSERT_GT(other.deadline(), now);
      ASSERT_LE(deadlines.next_deadline(), other.deadline());
    }
  }
}

}  // namespace
}  // namespace parley::http
