#include "base/hex.h"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(Hex, WritesTwoDigitsAByte) {
  const std::uint8_t bytes[] = {0x00, 0x0f, 0xa5, 0xff};
  EXPECT_EQ(to_hex(bytes), "000fa5ff");
  EXPECT_EQ(to_hex({}), "");
}

TEST(Hex, ReadsEitherCase) {
  EXPECT_EQ(from_hex("00aAfF19"), (std::vector<std::uint8_t>{0x00, 0xaa, 0xff, 0x19}));
  EXPECT_EQ(from_hex(""), std::vector<std::uint8_t>{});
}

TEST(Hex, RefusesWhatIsNone) {
  for (const char* text : {"0", "000", "0g", "g0", "0x00", "00 00", ":0", "@0", "`0", "/0"}) {
    EXPECT_FALSE(from_hex(text)) << text;
  }
}

TEST(Hex, ReadsBackEveryByte) {
  for (int value = 0; value < 256; ++value) {
    const std::vector<std::uint8_t> bytes = {static_cast<std::uint8_t>(value)};
    EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
  }
}

}  // namespace
}  // namespace parley
