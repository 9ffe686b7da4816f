#include "sctp/rx/received_tsns.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace parley::sctp {
namespace {

using Arrival = ReceivedTsns::Arrival;

constexpr Tsn kFirst = Tsn::first(0xFFFF'FFF0);  // The wire's number wraps soon.

TEST(ReceivedTsns, CountsUpInOrder) {
  ReceivedTsns tsns(kFirst);
  for (std::uint64_t i = 0; i < 100; ++i) EXPECT_EQ(tsns.handle(kFirst + i), Arrival::kNew);
  EXPECT_EQ(tsns.cumulative(), kFirst + 99);
  EXPECT_EQ(tsns.cumulative().wire(), 0xFFFF'FFF0u + 99);
  EXPECT_FALSE(tsns.has_gap());
}

TEST(ReceivedTsns, TellsOfGapsUntilTheyAreFilled) {
  ReceivedTsns tsns(kFirst);
  for (const std::uint64_t i : {0u, 2u, 3u, 6u}) tsns.handle(kFirst + i);
  EXPECT_EQ(tsns.gap_blocks(10), (std::vector<GapBlock>{{2, 3}, {6, 6}}));
  EXPECT_EQ(tsns.gap_blocks(1), (std::vector<GapBlock>{{2, 3}}));
  tsns.handle(kFirst + 1);
  EXPECT_EQ(tsns.cumulative(), kFirst + 3);
  EXPECT_EQ(tsns.gap_blocks(10), (std::vector<GapBlock>{{3, 3}}));
  tsns.handle(kFirst + 5);
  tsns.handle(kFirst + 4);
  EXPECT_EQ(tsns.cumulative(), kFirst + 6);
  EXPECT_FALSE(tsns.has_gap());
}

TEST(ReceivedTsns, RemembersDuplicatesForOneSack) {
  ReceivedTsns tsns(kFirst);
  tsns.handle(kFirst);
  tsns.handle(kFirst + 2);
  EXPECT_EQ(tsns.handle(kFirst), Arrival::kDuplicate);
  EXPECT_EQ(tsns.handle(kFirst + 2), Arrival::kDuplicate);
  EXPECT_EQ(tsns.duplicates().size(), 2u);
  EXPECT_EQ(tsns.duplicates()[1], (kFirst + 2).wire());
  tsns.forget_duplicates();
  for (int i = 0; i < 100; ++i) tsns.handle(kFirst);
  EXPECT_EQ(tsns.duplicates().size(), ReceivedTsns::kMaxDuplicates);
}

TEST(ReceivedTsns, TakesNothingThatAGapBlockCannotReach) {
  ReceivedTsns tsns(kFirst);
  EXPECT_EQ(tsns.handle(kFirst + 0xFFFE), Arrival::kNew);
  EXPECT_EQ(tsns.handle(kFirst + 0xFFFF), Arrival::kTooFar);
  EXPECT_EQ(tsns.gap_blocks(1), (std::vector<GapBlock>{{0xFFFF, 0xFFFF}}));
}

TEST(ReceivedTsns, BoundsItsGaps) {
  ReceivedTsns tsns(kFirst);
  for (std::uint64_t i = 0; i < ReceivedTsns::kMaxRanges; ++i) {
    ASSERT_EQ(tsns.handle(kFirst + 1 + 2 * i), Arrival::kNew);
  }
  const Tsn beyond = kFirst + 2 * ReceivedTsns::kMaxRanges + 1;
  EXPECT_EQ(tsns.handle(beyond), Arrival::kTooFar);
  EXPECT_EQ(tsns.handle(beyond - 1), Arrival::kNew);  // It prolongs the last.
  EXPECT_EQ(tsns.handle(kFirst + 2), Arrival::kNew);  // It joins two,
  EXPECT_EQ(tsns.handle(beyond + 1), Arrival::kNew);  // which leaves room for one.
}

TEST(ReceivedTsns, GoesForwardOverWhatWillNotCome) {
  ReceivedTsns tsns(kFirst);
  for (const std::uint64_t i : {1u, 2u, 4u, 6u}) tsns.handle(kFirst + i);
  EXPECT_TRUE(tsns.forward(kFirst + 1));
  EXPECT_EQ(tsns.cumulative(), kFirst + 2);
  EXPECT_TRUE(tsns.forward(kFirst + 5));
  EXPECT_EQ(tsns.cumulative(), kFirst + 6);
  EXPECT_FALSE(tsns.forward(kFirst + 6));
  EXPECT_EQ(tsns.handle(kFirst + 3), Arrival::kDuplicate);
  EXPECT_FALSE(tsns.has_gap());
}

TEST(ReceivedTsns, AgreesWithASetOnAnyOrder) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random{seed};
    ReceivedTsns tsns(kFirst);
    std::set<Tsn> known;
    for (int i = 0; i < 2'000; ++i) {
      const Tsn tsn = kFirst + random() % 1'000;
      const bool is_new = known.insert(tsn).second;
      ASSERT_EQ(tsns.handle(tsn) == Arrival::kNew, is_new) << seed;
      Tsn cumulative = kFirst - 1;
      while (known.contains(cumulative + 1)) cumulative = cumulative + 1;
      ASSERT_EQ(tsns.cumulative(), cumulative) << seed;
    }
    std::size_t behind = 0;
    for (const GapBlock gap : tsns.gap_blocks(2'000)) behind += gap.last - gap.first + 1U;
    EXPECT_EQ(behind + (tsns.cumulative() - kFirst + 1), known.size()) << seed;
  }
}

}  // namespace
}  // namespace parley::sctp
