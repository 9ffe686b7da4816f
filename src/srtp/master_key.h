#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "srtp/profile.h"

namespace parley::srtp {

// A master key and master salt: what DTLS exports for one direction (RFC 5764, 4.2). Wiped from
// memory as it goes.
class MasterKey {
 public:
  // Nothing where the sizes are not the profile's. Each side's part of dtls::SrtpExport is key and
  // salt in one piece.
  static std::optional<MasterKey> make(Profile profile, Bytes key_and_salt);
  static std::optional<MasterKey> make(Profile profile, Bytes key, Bytes salt);

  MasterKey(const MasterKey&) = default;
  MasterKey& operator=(const MasterKey&) = default;
  ~MasterKey();

  Profile profile() const { return profile_; }
  Bytes key() const { return Bytes(key_).first(sizes_of(profile_).key); }
  Bytes salt() const { return Bytes(salt_).first(sizes_of(profile_).salt); }

 private:
  explicit MasterKey(Profile profile) : profile_(profile) {}

  Profile profile_;
  std::array<std::uint8_t, kMaxKeySize> key_ = {};
  std::array<std::uint8_t, kMaxSaltSize> salt_ = {};
};

}  // namespace parley::srtp
