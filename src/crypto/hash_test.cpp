#include "crypto/hash.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/hex.h"

namespace parley::crypto {
namespace {

std::string hex(Bytes bytes) {
  return to_hex(bytes);
}

// RFC 1321, A.5; FIPS 180-2, appendix A and B.
TEST(Hash, MatchesThePublishedVectors) {
  EXPECT_EQ(hex(md5({})), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hex(md5(as_bytes("message digest"))), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(hex(sha1(as_bytes("abc"))), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex(sha1({})), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(hex(sha256(as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// RFC 2202, 3 and RFC 4231, 4: test cases 2 and 6 (a key longer than a block).
TEST(Hmac, MatchesThePublishedVectors) {
  const Bytes data = as_bytes("what do ya want for nothing?");
  EXPECT_EQ(hex(hmac_sha1(as_bytes("Jefe"), data)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(hex(hmac_sha1(as_bytes("Jefe"), {data.first(3), Bytes(), data.subspan(3)})),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(hex(hmac_sha256(as_bytes("Jefe"), data)),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  const Bytes long_key_data = as_bytes("Test Using Larger Than Block-Size Key - Hash Key First");
  EXPECT_EQ(hex(hmac_sha1(std::vector<std::uint8_t>(80, 0xaa), long_key_data)),
            "aa4ae5e15272d00e95705637ce8a3b55ed402112");
  EXPECT_EQ(hex(hmac_sha256(std::vector<std::uint8_t>(131, 0xaa), long_key_data)),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, TakesAnEmptyKeyForAnEmptyKey) {
  EXPECT_EQ(hex(hmac_sha1({}, {})), "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
  hmac_sha1(as_bytes("another key"), {});
  EXPECT_EQ(hex(hmac_sha1({}, {})), "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
}

// RFC 5869, A.1: the pseudo-random key, and a purpose of our own.
TEST(DeriveKey, IsAnotherForEachPurposeAndSecret) {
  const auto prk =
      from_hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5").value();
  EXPECT_NE(derive_key(prk, "a"), derive_key(prk, "b"));
  EXPECT_NE(derive_key(prk, "a"), derive_key(as_bytes("another"), "a"));
  // The first 32 bytes of the published output, whose info is f0f1f2f3f4f5f6f7f8f9.
  EXPECT_EQ(to_hex(derive_key(prk, "\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9")),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
}

TEST(ConstantTimeEqual, ComparesEveryByteAndTheLength) {
  EXPECT_TRUE(constant_time_equal({}, {}));
  EXPECT_TRUE(constant_time_equal(as_bytes("abc"), as_bytes("abc")));
  EXPECT_FALSE(constant_time_equal(as_bytes("abc"), as_bytes("xbc")));
  EXPECT_FALSE(constant_time_equal(as_bytes("abc"), as_bytes("abx")));
  EXPECT_FALSE(constant_time_equal(as_bytes("abc"), as_bytes("abcd")));
  EXPECT_FALSE(constant_time_equal(as_bytes("abc"), {}));
}

}  // namespace
}  // namespace parley::crypto
