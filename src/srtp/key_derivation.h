#pragma once

#include <array>
#include <cstdint>

#include "srtp/master_key.h"
#include "srtp/profile.h"

namespace parley::srtp {

// What one direction encrypts RTP or RTCP with. Unused bytes at the ends are zero. Wiped from
// memory as it goes.
struct SessionKeys {
  std::array<std::uint8_t, kMaxKeySize> key = {};
  std::array<std::uint8_t, kMaxSaltSize> salt = {};
  std::array<std::uint8_t, kMaxAuthKeySize> auth_key = {};

  SessionKeys() = default;
  SessionKeys(const SessionKeys&) = default;
  SessionKeys& operator=(const SessionKeys&) = default;
  ~SessionKeys();
};

// The AES-CM key derivation of RFC 3711, 4.3 (with a key_derivation_rate of 0: once for all
// packets); for AEAD profiles as RFC 7714, 11 has it.
SessionKeys derive_rtp_keys(const MasterKey& master);
SessionKeys derive_rtcp_keys(const MasterKey& master);

}  // namespace parley::srtp
