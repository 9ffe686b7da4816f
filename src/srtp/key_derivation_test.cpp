#include "srtp/key_derivation.h"

#include <gtest/gtest.h>

#include "srtp/test_packets.h"

namespace parley::srtp {
namespace {

// RFC 3711, B.3.
TEST(KeyDerivation, DerivesTheKeysOfTheRfc) {
  const auto master =
      MasterKey::make(Profile::kAes128CmHmacSha1_80, bytes_of("E1F97A0D3E018BE0D64FA32C06DE4139"),
                      bytes_of("0EC675AD498AFEEBB6960B3AABE6"));
  const SessionKeys keys = derive_rtp_keys(master.value());
  EXPECT_EQ(to_hex(Bytes(keys.key).first(16)), "c61e7a93744f39ee10734afe3ff7a087");
  EXPECT_EQ(to_hex(keys.salt), "30cbbc08863d8c85d49db34a9ae1");
  EXPECT_EQ(to_hex(keys.auth_key), "cebe321f6ff7716b6fd4ab49af256a156d38baa4");
}

TEST(KeyDerivation, GivesEachPurposeAnotherKey) {
  for (const Profile profile : kProfiles) {
    const SessionKeys rtp = derive_rtp_keys(key_of(profile));
    const SessionKeys rtcp = derive_rtcp_keys(key_of(profile));
    EXPECT_NE(rtp.key, rtcp.key);
    EXPECT_NE(rtp.salt, rtcp.salt);
    EXPECT_EQ(rtp.auth_key == rtcp.auth_key, sizes_of(profile).aead());  // It has none.
  }
}

TEST(KeyDerivation, LeavesUnusedBytesZero) {
  const SessionKeys keys = derive_rtp_keys(key_of(Profile::kAeadAes128Gcm));
  EXPECT_EQ(to_hex(Bytes(keys.key).last(16)), std::string(32, '0'));
  EXPECT_EQ(to_hex(Bytes(keys.salt).last(2)), "0000");
  EXPECT_EQ(to_hex(keys.auth_key), std::string(40, '0'));
}

}  // namespace
}  // namespace parley::srtp
