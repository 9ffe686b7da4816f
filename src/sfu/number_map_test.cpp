#include "sfu/number_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace parley::sfu {
namespace {

TEST(NumberMap, GoesOnWithoutAGapWhereSomethingIsTakenOut) {
  NumberMap map;
  map.start(100, 7);
  EXPECT_EQ(map.take(101), 8);
  map.drop(102);
  map.drop(103);
  EXPECT_EQ(map.last(), 8);
  EXPECT_EQ(map.take(104), 9);
  EXPECT_EQ(map.newest(), 104u);
}

TEST(NumberMap, KeepsTheNumberOfWhatIsMissing) {
  NumberMap map;
  map.start(100, 65'534);
  map.drop(101);
  EXPECT_EQ(map.take(104), 1);  // 102 and 103 are missing.
  EXPECT_EQ(map.find(100), 65'534);
  EXPECT_EQ(map.find(101), std::nullopt);
  EXPECT_EQ(map.find(102), 65'535);
  EXPECT_EQ(map.find(103), 0);
  EXPECT_EQ(map.find_in(65'535), 102u);
  EXPECT_EQ(map.find_in(0), 103u);
  EXPECT_EQ(map.find_in(65'534), 100u);
}

TEST(NumberMap, TakesOutWhatIsMissingWithWhatIsNotWanted) {
  NumberMap map;
  map.start(100, 0);
  map.drop(101);
  map.drop(105, true);
  EXPECT_EQ(map.take(106), 1);
  for (std::uint64_t in = 101; in <= 105; ++in) EXPECT_EQ(map.find(in), std::nullopt) << in;
}

TEST(NumberMap, KnowsNothingBeforeItsStartNorAheadOfTheNewest) {
  NumberMap map;
  map.start(100, 50);
  map.take(101);
  EXPECT_EQ(map.find(99), std::nullopt);
  EXPECT_EQ(map.find(102), std::nullopt);
  EXPECT_EQ(map.find_in(49), std::nullopt);
  EXPECT_EQ(map.find_in(52), std::nullopt);
  map.start(5, 3);
  EXPECT_EQ(map.find(5), 3);
  EXPECT_EQ(map.find(101), std::nullopt);
}

// Beside a plain table of every number there ever was.
TEST(NumberMap, AgreesWithATableOverLongRuns) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    NumberMap map;
    std::uint64_t in = (std::uint64_t{1} << 32) - 2'000;  // The low bits wrap on the way.
    auto out = static_cast<std::uint16_t>(random());
    map.start(in, out);
    std::map<std::uint64_t, std::optional<std::uint16_t>> table = {{in, out}};
    std::uint64_t drops = 0;
    for (int i = 0; i < 4'000; ++i) {
      const std::uint64_t missing = random() % 8 == 0 ? random() % 5 : 0;
      const bool drop = random() % 3 == 0;
      const bool with_missing = drop && random() % 2 == 0;
      for (std::uint64_t k = 0; k < missing; ++k) {
        table[++in] = with_missing ? std::nullopt : std::optional(++out);
      }
      table[++in] = drop ? std::nullopt : std::optional(++out);
      if (drop) {
        map.drop(in, with_missing);
        ++drops;
      } else {
        ASSERT_EQ(map.take(in), out);
      }
      ASSERT_EQ(map.last(), out);
      const std::uint64_t asked = in - random() % 60;
      if (!table.contains(asked)) continue;
      ASSERT_EQ(map.find(asked), table[asked]) << in - asked << " back";
      if (!table[asked]) continue;
      ASSERT_EQ(map.find_in(*table[asked]), asked);
    }
    // Where it has forgotten, it says nothing rather than something wrong.
    for (const auto& [number, right] : table) {
      const auto found = map.find(number);
      ASSERT_TRUE(!found || found == right);
    }
    EXPECT_GT(drops, 500u);
    EXPECT_EQ(map.find(table.begin()->first), std::nullopt);
  }
}

}  // namespace
}  // namespace parley::sfu
