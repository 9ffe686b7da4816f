#include "crypto/crc32.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"

namespace parley::crypto {
namespace {

// Bit by bit, from the definition.
std::uint32_t slow_crc32(Bytes data) {
  std::uint32_t crc = ~std::uint32_t{0};
  for (const std::uint8_t byte : data) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
  }
  return ~crc;
}

TEST(Crc32, MatchesItsCheckValue) {
  EXPECT_EQ(crc32(as_bytes("123456789")), 0xCBF43926u);
  EXPECT_EQ(crc32({}), 0u);
}

TEST(Crc32, MatchesItsDefinitionAtEveryLength) {
  SeededRandom random(1);
  for (std::size_t size = 0; size < 100; ++size) {
    std::vector<std::uint8_t> data(size);
    random.fill(data);
    EXPECT_EQ(crc32(data), slow_crc32(data)) << size;
  }
}

}  // namespace
}  // namespace parley::crypto
