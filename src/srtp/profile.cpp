#include "srtp/profile.h"

namespace parley::srtp {

std::string_view to_string(Profile profile) {
  switch (profile) {
    case Profile::kAes128CmHmacSha1_80: return "SRTP_AES128_CM_HMAC_SHA1_80";
    case Profile::kAes128CmHmacSha1_32: return "SRTP_AES128_CM_HMAC_SHA1_32";
    case Profile::kAeadAes128Gcm: return "SRTP_AEAD_AES_128_GCM";
    case Profile::kAeadAes256Gcm: return "SRTP_AEAD_AES_256_GCM";
  }
  return "unknown";
}

std::optional<Profile> find_profile(std::uint16_t number) {
  switch (const Profile profile{number}) {
    case Profile::kAes128CmHmacSha1_80:
    case Profile::kAes128CmHmacSha1_32:
    case Profile::kAeadAes128Gcm:
    case Profile::kAeadAes256Gcm: return profile;
  }
  return std::nullopt;
}

ProfileSizes sizes_of(Profile profile) {
  switch (profile) {
    case Profile::kAes128CmHmacSha1_80:
      return {.key = 16, .salt = 14, .auth_key = 20, .rtp_tag = 10, .rtcp_tag = 10};
    case Profile::kAes128CmHmacSha1_32:
      return {.key = 16, .salt = 14, .auth_key = 20, .rtp_tag = 4, .rtcp_tag = 10};
    case Profile::kAeadAes128Gcm:
      return {.key = 16, .salt = 12, .auth_key = 0, .rtp_tag = 16, .rtcp_tag = 16};
    case Profile::kAeadAes256Gcm:
      return {.key = 32, .salt = 12, .auth_key = 0, .rtp_tag = 16, .rtcp_tag = 16};
  }
  return {};
}

}  // namespace parley::srtp
