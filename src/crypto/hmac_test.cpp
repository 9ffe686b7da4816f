#include "crypto/hmac.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parley::crypto {
namespace {

// RFC 4231, 4.3: test case 2.
TEST(Hmac, Sha256GivesTheRfcsResult) {
  const std::array<std::uint8_t, 32> expected = {0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e,
                                                 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7,
                                                 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83,
                                                 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43};
  EXPECT_EQ(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?")), expected);
}

// RFC 4231, 4.7: test case 6, a key longer than a block.
TEST(Hmac, Sha256TakesALongKey) {
  const std::vector<std::uint8_t> key(131, 0xaa);
  const auto mac =
      hmac_sha256(key, as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"));
  EXPECT_EQ(mac.front(), 0x60);
  EXPECT_EQ(mac.back(), 0x54);
}

TEST(ConstantTime, TellsEqualFromDifferent) {
  EXPECT_TRUE(equal_in_constant_time(as_bytes("abc"), as_bytes("abc")));
  EXPECT_TRUE(equal_in_constant_time({}, {}));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("abc"), as_bytes("abd")));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("abc"), as_bytes("ab")));
  EXPECT_FALSE(equal_in_constant_time(as_bytes("abc"), as_bytes("xbc")));
}

}  // namespace
}  // namespace parley::crypto
