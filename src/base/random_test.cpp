#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace parley {
namespace {

// Gives out 0, 1, 2, ... and then 0 again.
class CountingRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) byte = next_++;
  }

 private:
  std::uint8_t next_ = 0;
};

TEST(Random, MakesNumbersOfWholeBytes) {
  CountingRandom random;
  EXPECT_EQ(random.u64(), 0x0001020304050607u);
  EXPECT_EQ(random.u32(), 0x0C0D0E0Fu);
}

TEST(Random, MakesTokensOfUrlSafeCharactersAllAlikeOften) {
  CountingRandom random;
  const std::string token = random.token(256);
  std::map<char, int> count;
  for (const char c : token) ++count[c];
  EXPECT_EQ(count.size(), 64u);
  for (const auto& [c, times] : count) {
    EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_') << c;
    EXPECT_EQ(times, 4) << c;
  }
  EXPECT_EQ(random.token(0), "");
}

TEST(SeededRandom, RepeatsItselfToTheByte) {
  SeededRandom first(7);
  SeededRandom second(7);
  SeededRandom other(8);
  const std::string token = first.token(32);
  EXPECT_EQ(token, second.token(32));
  EXPECT_NE(token, other.token(32));
  EXPECT_NE(token, first.token(32));
}

TEST(SeededRandom, FillsEveryByte) {
  SeededRandom random(1);
  std::vector<int> seen(64, 0);
  for (int run = 0; run < 64; ++run) {
    std::vector<std::uint8_t> bytes(seen.size(), 0);
    random.fill(bytes);
    for (std::size_t i = 0; i < bytes.size(); ++i) seen[i] += bytes[i] != 0 ? 1 : 0;
  }
  EXPECT_GT(*std::ranges::min_element(seen), 56);
}

}  // namespace
}  // namespace parley
