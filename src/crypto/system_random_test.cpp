#include "crypto/system_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <thread>
#include <vector>

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

// Short requests come out of a supply, long ones do not; either way no byte is given twice.
TEST(SystemRandom, GivesFreshBytesHoweverMuchIsAskedFor) {
  SystemRandom random;
  std::set<std::vector<std::uint8_t>> seen;
  for (int round = 0; round < 20; ++round) {
    for (const std::size_t size : {16u, 63u, 64u, 65u, 512u, 513u}) {
      std::vector<std::uint8_t> bytes(size);
      random.fill(bytes);
      bytes.resize(16);
      EXPECT_TRUE(seen.insert(bytes).second) << size;
    }
  }
  random.fill({});
}

TEST(SystemRandom, GivesEachThreadItsOwn) {
  std::string here = SystemRandom().token(20);
  std::string there;
  std::thread([&] { there = SystemRandom().token(20); }).join();
  EXPECT_NE(here, there);
}

}  // namespace
}  // namespace parley::crypto
