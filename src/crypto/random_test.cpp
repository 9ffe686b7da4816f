#include "crypto/random.h"

#include <gtest/gtest.h>

#include <set>

namespace parley::crypto {
namespace {

TEST(SystemRandom, NeverGivesTheSameTwice) {
  SystemRandom random;
  std::set<std::uint64_t> numbers;
  for (int i = 0; i < 1'000; ++i) numbers.insert(random.u64());
  EXPECT_EQ(numbers.size(), 1'000u);
}

TEST(SystemRandom, FillsNothingAndAnything) {
  SystemRandom random;
  random.fill({});
  std::array<std::uint8_t, 1000> bytes = {};
  random.fill(bytes);
  EXPECT_GT(std::set<std::uint8_t>(bytes.begin(), bytes.end()).size(), 100u);
}

}  // namespace
}  // namespace parley::crypto
