#include "base/deadline_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace parley {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

TEST(DeadlineQueue, GivesTheNearestFirstAndEachOnce) {
  DeadlineQueue queue;
  Timed a, b, c;
  queue.set(a, kStart + 3s);
  queue.set(b, kStart + 1s);
  queue.set(c, kStart + 2s);
  EXPECT_EQ(queue.next_deadline(), kStart + 1s);
  EXPECT_EQ(queue.take_due(kStart), nullptr);
  EXPECT_EQ(queue.take_due(kStart + 2s), &b);
  EXPECT_EQ(queue.take_due(kStart + 2s), &c);
  EXPECT_EQ(queue.take_due(kStart + 2s), nullptr);
  EXPECT_EQ(queue.size(), 1u);
}

TEST(DeadlineQueue, HastensButNeverPutsOff) {
  DeadlineQueue queue;
  Timed a;
  queue.hasten(a, kStart + 2s);
  queue.hasten(a, kStart + 3s);
  EXPECT_EQ(queue.next_deadline(), kStart + 2s);
  queue.hasten(a, kStart + 1s);
  EXPECT_EQ(queue.next_deadline(), kStart + 1s);
  queue.hasten(a, kNever);
  EXPECT_EQ(queue.next_deadline(), kStart + 1s);
}

TEST(DeadlineQueue, ForgetsWhatIsSetToNever) {
  DeadlineQueue queue;
  Timed a, b;
  queue.set(a, kStart);
  queue.set(b, kStart);
  queue.set(a, kNever);
  queue.set(a, kNever);
  EXPECT_EQ(queue.take_due(kStart), &b);
  EXPECT_EQ(queue.next_deadline(), kNever);
}

TEST(DeadlineQueue, AgreesWithASearchOfAll) {
  std::mt19937 random{5};
  DeadlineQueue queue;
  std::vector<Timed> all(50);
  std::vector<Time> deadlines(all.size(), kNever);
  for (int i = 0; i < 20'000; ++i) {
    const std::size_t which = random() % all.size();
    const Time deadline = random() % 8 == 0 ? kNever : kStart + Duration{random() % 1'000};
    if (random() % 2 == 0) {
      queue.set(all[which], deadline);
      deadlines[which] = deadline;
    } else {
      queue.hasten(all[which], deadline);
      deadlines[which] = std::min(deadlines[which], deadline);
    }
    ASSERT_EQ(queue.next_deadline(), std::ranges::min(deadlines)) << i;
    if (random() % 4 != 0) continue;
    const Timed* const due = queue.take_due(kStart + Duration{random() % 500});
    if (due != nullptr) deadlines[static_cast<std::size_t>(due - all.data())] = kNever;
  }
}

}  // namespace
}  // namespace parley
