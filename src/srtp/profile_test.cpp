#include "srtp/profile.h"

#include <gtest/gtest.h>

#include "srtp/test_packets.h"

namespace parley::srtp {
namespace {

TEST(Profile, HasTheNumbersThatUseSrtpHas) {
  for (std::uint32_t number = 0; number <= 0xFFFF; ++number) {
    const auto profile = find_profile(static_cast<std::uint16_t>(number));
    EXPECT_EQ(profile.has_value(), number == 1 || number == 2 || number == 7 || number == 8);
  }
  EXPECT_EQ(to_string(find_profile(1).value()), "SRTP_AES128_CM_HMAC_SHA1_80");
  EXPECT_EQ(to_string(find_profile(2).value()), "SRTP_AES128_CM_HMAC_SHA1_32");
  EXPECT_EQ(to_string(find_profile(7).value()), "SRTP_AEAD_AES_128_GCM");
  EXPECT_EQ(to_string(find_profile(8).value()), "SRTP_AEAD_AES_256_GCM");
}

TEST(Profile, KeepsItsSizesWithinTheLimits) {
  for (const Profile profile : kProfiles) {
    const ProfileSizes sizes = sizes_of(profile);
    EXPECT_LE(sizes.key, kMaxKeySize);
    EXPECT_LE(sizes.salt, kMaxSaltSize);
    EXPECT_LE(sizes.auth_key, kMaxAuthKeySize);
    EXPECT_LE(sizes.rtp_tag, kMaxTagSize);
    EXPECT_LE(sizes.rtcp_tag, kMaxTagSize);
    EXPECT_EQ(sizes.aead(), profile >= Profile::kAeadAes128Gcm);
  }
}

TEST(Profile, ShortensOnlyTheTagOfRtp) {
  EXPECT_EQ(sizes_of(Profile::kAes128CmHmacSha1_32).rtp_tag, 4u);
  EXPECT_EQ(sizes_of(Profile::kAes128CmHmacSha1_32).rtcp_tag, 10u);
}

TEST(MasterKey, TakesJustTheSizesOfItsProfile) {
  for (const Profile profile : kProfiles) {
    const ProfileSizes sizes = sizes_of(profile);
    for (std::size_t size = 0; size < 60; ++size) {
      EXPECT_EQ(MasterKey::make(profile, Packet(size)).has_value(), size == sizes.key + sizes.salt);
    }
    EXPECT_FALSE(MasterKey::make(profile, Packet(sizes.key - 1), Packet(sizes.salt + 1)));
  }
}

TEST(MasterKey, HasTheSaltBehindTheKey) {
  const Packet both = key_and_salt(Profile::kAeadAes128Gcm, 1);
  const auto key = MasterKey::make(Profile::kAeadAes128Gcm, both);
  EXPECT_EQ(to_hex(key->key()), to_hex(Bytes(both).first(16)));
  EXPECT_EQ(to_hex(key->salt()), to_hex(Bytes(both).last(12)));
}

}  // namespace
}  // namespace parley::srtp
