#include "srtp/hmac_sha1.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "srtp/test_packets.h"

namespace parley::srtp {
namespace {

TEST(HmacSha1, AgreesWithTheOneShotOfAnyLength) {
  constexpr std::uint64_t kSeed = 1;
  std::mt19937_64 random{kSeed};
  for (std::size_t size = 0; size < 300; ++size) {
    const Packet key = random_bytes(random, size % 65);
    const Packet message = random_bytes(random, size);
    EXPECT_EQ(to_hex(HmacSha1(key).digest(message)), to_hex(crypto::hmac_sha1(key, message)))
        << size << " bytes";
  }
}

TEST(HmacSha1, ServesForManyMessages) {
  const Packet key(20, 7);
  const HmacSha1 hmac{Bytes(key)};
  for (std::uint8_t n = 0; n < 10; ++n) {
    const Packet message(100, n);
    EXPECT_EQ(to_hex(hmac.digest(message)), to_hex(crypto::hmac_sha1(key, message)));
  }
}

}  // namespace
}  // namespace parley::srtp
