#include "srtp/stream_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace parley::srtp {
namespace {

constexpr std::uint64_t kRollover = 1 << 16;

using Index = std::expected<std::uint64_t, Error>;

Index refused(Error error) {
  return std::unexpected(error);
}

// As a packet goes that is verified.
Index receive(StreamTable& table, std::uint32_t ssrc, std::uint16_t sequence) {
  const Index index = table.extend(ssrc, sequence);
  if (index) table.take(ssrc, *index);
  return index;
}

TEST(StreamTable, CountsRollovers) {
  StreamTable table;
  EXPECT_EQ(receive(table, 1, 65'535), 65'535u);
  EXPECT_EQ(receive(table, 1, 0), kRollover);
  EXPECT_EQ(receive(table, 1, 65'534), 65'534u);
  EXPECT_EQ(receive(table, 1, 30'000), kRollover + 30'000);
  EXPECT_EQ(receive(table, 1, 60'000), kRollover + 60'000);
  EXPECT_EQ(receive(table, 1, 20'000), 2 * kRollover + 20'000);
}

TEST(StreamTable, TakesNothingFromBeforeTheBeginning) {
  StreamTable table;
  EXPECT_EQ(receive(table, 1, 3), 3u);
  EXPECT_EQ(receive(table, 1, 65'530), refused(Error::kTooOld));
  EXPECT_EQ(receive(table, 1, 0), 0u);
}

TEST(StreamTable, TakesAFarJumpForAnOldPacket) {
  StreamTable table;
  EXPECT_EQ(receive(table, 1, 100), 100u);
  EXPECT_EQ(receive(table, 1, 100 + 32'768), refused(Error::kTooOld));
  EXPECT_EQ(receive(table, 1, 100 + 32'767), 32'867u);
}

TEST(StreamTable, KeepsStreamsApart) {
  StreamTable table;
  EXPECT_EQ(receive(table, 1, 7), 7u);
  EXPECT_EQ(receive(table, 2, 7), 7u);
  EXPECT_EQ(receive(table, 1, 7), refused(Error::kReplayed));
  EXPECT_EQ(table.size(), 2u);
}

TEST(StreamTable, RemembersNothingThatItWasOnlyAsked) {
  StreamTable table;
  EXPECT_TRUE(table.extend(1, 7));
  EXPECT_TRUE(table.check(2, 7));
  EXPECT_EQ(table.size(), 0u);
}

TEST(StreamTable, EndsAtTheLastIndex) {
  StreamTable table;
  const std::uint64_t last = (std::uint64_t{1} << 48) - 1;
  table.take(1, last - 1);
  EXPECT_EQ(receive(table, 1, 0xFFFF), last);
  EXPECT_EQ(receive(table, 1, 0), refused(Error::kIndexExhausted));
}

TEST(StreamTable, RefusesMoreStreamsThanItMayKnow) {
  StreamTable table({.max_windows = 2, .max_streams = 3});
  for (std::uint32_t ssrc = 1; ssrc <= 3; ++ssrc) EXPECT_TRUE(receive(table, ssrc, 1));
  EXPECT_EQ(receive(table, 4, 1), refused(Error::kTooManyStreams));
  EXPECT_EQ(receive(table, 1, 2), 2u);
  EXPECT_EQ(table.size(), 3u);
}

TEST(StreamTable, TakesTheWindowOfTheStreamThatWasSilentForLongest) {
  StreamTable table({.max_windows = 2, .max_streams = 10});
  receive(table, 1, 10);
  receive(table, 2, 10);
  receive(table, 1, 20);
  receive(table, 3, 10);                                      // From 2.
  EXPECT_EQ(receive(table, 1, 15), 15u);                      // It has its window.
  EXPECT_EQ(receive(table, 2, 10), refused(Error::kTooOld));  // It has none.
  EXPECT_EQ(receive(table, 2, 9), refused(Error::kTooOld));
  EXPECT_EQ(receive(table, 2, 12), 12u);  // From 3, and closed below.
  EXPECT_EQ(receive(table, 2, 9), refused(Error::kReplayed));
  EXPECT_EQ(receive(table, 2, 11), 11u);
  EXPECT_EQ(receive(table, 3, 10), refused(Error::kTooOld));
}

// Few windows, more streams: whatever is forgotten, no index is taken twice, and one that is higher
// than all before it always is.
TEST(StreamTable, NeverTakesAnIndexTwice) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random{seed};
    StreamTable table({.max_windows = 3, .max_streams = 6});
    std::map<std::uint32_t, std::set<std::uint64_t>> taken;
    for (int i = 0; i < 2'000; ++i) {
      const auto ssrc = static_cast<std::uint32_t>(random() % 6);
      std::set<std::uint64_t>& mine = taken[ssrc];
      const std::uint64_t highest = mine.empty() ? 40'000 : *mine.rbegin();
      const std::uint64_t index = highest + random() % 500 - random() % 400;
      const Index got = receive(table, ssrc, static_cast<std::uint16_t>(index));
      if (got) {
        ASSERT_EQ(*got, index) << "seed " << seed << ", step " << i;
        ASSERT_TRUE(mine.insert(index).second) << "seed " << seed << ", step " << i;
      } else {
        ASSERT_LE(index, highest) << "seed " << seed << ", step " << i;
      }
    }
  }
}

}  // namespace
}  // namespace parley::srtp
