#include "base/small_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>

#include "base/random.h"

namespace parley {
namespace {

TEST(SmallQueue, GivesBackInTheOrderInWhichItTook) {
  SmallQueue<std::string> queue;
  EXPECT_TRUE(queue.empty());
  queue.push_back("a");
  queue.emplace_back(2u, 'b');
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue.front(), "a");
  EXPECT_EQ(queue.back(), "bb");
  queue.pop_front();
  EXPECT_EQ(queue.front(), "bb");
  queue.pop_front();
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.begin(), queue.end());
}

TEST(SmallQueue, IsAsADequeWhateverIsDoneWithIt) {
  SmallQueue<std::uint32_t> queue;
  std::deque<std::uint32_t> expected;
  SeededRandom random(1);
  for (int i = 0; i < 100'000; ++i) {
    // Long runs of either, so that it is both long and empty at times.
    const bool grows = random.u32() % 100 < (i / 500 % 2 == 0 ? 60u : 40u);
    if (grows) {
      queue.push_back(random.u32());
      expected.push_back(queue.back());
    } else if (!expected.empty()) {
      queue.pop_front();
      expected.pop_front();
    }
    if (random.u32() % 5'000 == 0) {
      queue.clear();
      expected.clear();
    }
    ASSERT_EQ(queue.size(), expected.size());
    ASSERT_EQ(queue.empty(), expected.empty());
    if (!expected.empty()) {
      ASSERT_EQ(queue.front(), expected.front());
    }
    if (i % 100 == 0) {
      ASSERT_TRUE(std::ranges::equal(queue, expected));
    }
  }
}

TEST(SmallQueue, LetsGoOfWhatWasTakenOut) {
  SmallQueue<std::shared_ptr<int>> queue;
  const auto item = std::make_shared<int>(1);
  for (int i = 0; i < 100; ++i) queue.push_back(item);
  for (int i = 0; i < 99; ++i) queue.pop_front();
  EXPECT_LE(item.use_count(), 1 + 32 + 1);  // As many as wait to be moved over.
  queue.pop_front();
  EXPECT_EQ(item.use_count(), 1);
}

TEST(SmallQueue, KeepsLittleMemoryWhileItIsEmpty) {
  SmallQueue<std::uint64_t> queue;
  for (std::uint64_t i = 0; i < 1'000; ++i) queue.push_back(i);
  EXPECT_GE(queue.bytes_held(), 8'000u);
  while (!queue.empty()) queue.pop_front();
  EXPECT_LE(queue.bytes_held(), 512u);
}

// Counts how often it is moved.
struct Mover {
  static inline std::size_t moves = 0;

  Mover() = default;
  Mover(Mover&&) noexcept { ++moves; }
  Mover& operator=(Mover&&) noexcept {
    ++moves;
    return *this;
  }
};

TEST(SmallQueue, MovesEachAFewTimesHoweverManyThereAre) {
  constexpr std::size_t kMany = 20'000;
  SmallQueue<Mover> queue;
  for (std::size_t i = 0; i < kMany; ++i) queue.emplace_back();
  Mover::moves = 0;
  while (!queue.empty()) queue.pop_front();
  EXPECT_LE(Mover::moves, kMany);
}

}  // namespace
}  // namespace parley
