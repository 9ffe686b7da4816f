#include "srtp/replay_window.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace parley::srtp {
namespace {

using Verdict = ReplayWindow::Verdict;

TEST(ReplayWindow, TakesEachIndexOnce) {
  ReplayWindow window = ReplayWindow::starting_at(5000);
  EXPECT_EQ(window.check(5000), Verdict::kReplayed);
  EXPECT_EQ(window.check(5001), Verdict::kNew);
  window.take(5001);
  EXPECT_EQ(window.check(5001), Verdict::kReplayed);
  EXPECT_EQ(window.highest(), 5001u);
}

TEST(ReplayWindow, TakesThoseThatWereOvertaken) {
  ReplayWindow window = ReplayWindow::starting_at(5000);
  EXPECT_EQ(window.check(5000 - ReplayWindow::kSize + 1), Verdict::kNew);
  EXPECT_EQ(window.check(5000 - ReplayWindow::kSize), Verdict::kTooOld);
  window.take(4990);
  EXPECT_EQ(window.highest(), 5000u);
  EXPECT_EQ(window.check(4990), Verdict::kReplayed);
  EXPECT_EQ(window.check(4991), Verdict::kNew);
}

TEST(ReplayWindow, KnowsNothingOfPlacesThatItReuses) {
  ReplayWindow window = ReplayWindow::starting_at(0);
  for (std::uint64_t index = 1; index < 2000; ++index) window.take(index);
  window.take(2000 + ReplayWindow::kSize - 2);  // All but 1999 leave it.
  EXPECT_EQ(window.check(1999), Verdict::kReplayed);
  EXPECT_EQ(window.check(2000), Verdict::kNew);
  window.take(1'000'000);
  EXPECT_EQ(window.check(999'999), Verdict::kNew);
  EXPECT_EQ(window.check(1'000'000 - ReplayWindow::kSize + 1), Verdict::kNew);
}

TEST(ReplayWindow, ClosedLetsOnlyNewerOnesIn) {
  ReplayWindow window = ReplayWindow::closed_up_to(5000);
  EXPECT_EQ(window.check(5000), Verdict::kReplayed);
  EXPECT_EQ(window.check(4999), Verdict::kReplayed);
  EXPECT_EQ(window.check(1), Verdict::kTooOld);
  window.take(5010);
  EXPECT_EQ(window.check(5000), Verdict::kReplayed);
  EXPECT_EQ(window.check(5001), Verdict::kNew);
}

// Beside a set of all indices ever, through steps and jumps of every size.
TEST(ReplayWindow, AgreesWithASetOfAllIndices) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random{seed};
    ReplayWindow window = ReplayWindow::starting_at(100'000);
    std::set<std::uint64_t> taken{100'000};
    for (int i = 0; i < 2'000; ++i) {
      const std::uint64_t reach = std::uint64_t{1} << (random() % 13);
      const std::uint64_t index = window.highest() + random() % reach - random() % reach;
      Verdict expected = taken.contains(index) ? Verdict::kReplayed : Verdict::kNew;
      if (index + ReplayWindow::kSize <= *taken.rbegin()) expected = Verdict::kTooOld;
      ASSERT_EQ(window.check(index), expected) << "seed " << seed << ", step " << i;
      if (expected != Verdict::kNew) continue;
      window.take(index);
      taken.insert(index);
      ASSERT_EQ(window.highest(), *taken.rbegin());
    }
  }
}

}  // namespace
}  // namespace parley::srtp
