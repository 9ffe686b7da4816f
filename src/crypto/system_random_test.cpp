#include "crypto/system_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

namespace parley::crypto {
namespace {

TEST(SystemRandom, FillsAllAndOnlyWhatItIsGiven) {
  SystemRandom random;
  std::array<std::uint8_t, 66> bytes = {};
  std::array<int, 66> seen = {};
  for (int round = 0; round < 64; ++round) {
    random.fill(std::span(bytes).subspan(1, 64));
    for (std::size_t i = 0; i < bytes.size(); ++i) seen[i] |= bytes[i];
  }
  EXPECT_EQ(seen.front(), 0);
  EXPECT_EQ(seen.back(), 0);
  EXPECT_EQ(std::ranges::count(seen, 0), 2);
}

TEST(SystemRandom, NeverRepeatsAToken) {
  SystemRandom random;
  std::set<std::string> tokens;
  for (int i = 0; i < 1000; ++i) tokens.insert(random.token(16));
  EXPECT_EQ(tokens.size(), 1000u);
}

}  // namespace
}  // namespace parley::crypto
