#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace parley::srtp {

// SRTP protection profiles, with the numbers that DTLS's use_srtp has for them (RFC 5764, 4.1.2;
// RFC 7714, 14.2).
enum class Profile : std::uint16_t {
  kAes128CmHmacSha1_80 = 1,
  kAes128CmHmacSha1_32 = 2,
  kAeadAes128Gcm = 7,
  kAeadAes256Gcm = 8,
};

// The IANA name, as "SRTP_AEAD_AES_128_GCM".
std::string_view to_string(Profile profile);

// Nothing where we do not know the number.
std::optional<Profile> find_profile(std::uint16_t number);

// Sizes in bytes.
struct ProfileSizes {
  std::size_t key = 0;
  std::size_t salt = 0;
  std::size_t auth_key = 0;  // 0: the cipher authenticates.
  std::size_t rtp_tag = 0;
  std::size_t rtcp_tag = 0;  // 80 bits even where that of RTP has 32 (RFC 5764, 4.1.2).

  bool aead() const { return auth_key == 0; }
};

ProfileSizes sizes_of(Profile profile);

inline constexpr std::size_t kMaxKeySize = 32;
inline constexpr std::size_t kMaxSaltSize = 14;
inline constexpr std::size_t kMaxAuthKeySize = 20;
inline constexpr std::size_t kMaxTagSize = 16;
inline constexpr std::size_t kSrtcpIndexSize = 4;  // The E bit and 31 bits of index.

// What protect may add to a packet, whatever the profile.
inline constexpr std::size_t kMaxRtpOverhead = kMaxTagSize;
inline constexpr std::size_t kMaxRtcpOverhead = kMaxTagSize + kSrtcpIndexSize;

}  // namespace parley::srtp
