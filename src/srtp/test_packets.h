#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/hex.h"
#include "srtp/master_key.h"
#include "srtp/provider.h"

// Keys and packets for tests.
namespace parley::srtp {

using Packet = std::vector<std::uint8_t>;

inline constexpr Profile kProfiles[] = {Profile::kAes128CmHmacSha1_80,
                                        Profile::kAes128CmHmacSha1_32, Profile::kAeadAes128Gcm,
                                        Profile::kAeadAes256Gcm};

inline std::vector<Provider::Kind> kinds_here() {
  std::vector<Provider::Kind> kinds{Provider::Kind::kOpenssl};
  if (Provider::make(Provider::Kind::kIpsecMb)) kinds.push_back(Provider::Kind::kIpsecMb);
  return kinds;
}

inline Packet bytes_of(std::string_view hex) {
  return from_hex(hex).value();
}

inline Packet random_bytes(std::mt19937_64& random, std::size_t size) {
  Packet bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

inline Packet key_and_salt(Profile profile, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  return random_bytes(random, sizes_of(profile).key + sizes_of(profile).salt);
}

inline MasterKey key_of(Profile profile, std::uint64_t seed = 1) {
  return MasterKey::make(profile, key_and_salt(profile, seed)).value();
}

inline void append_u32(Packet& packet, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    packet.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

struct RtpShape {
  std::uint32_t ssrc = 0x1234'5678;
  std::uint16_t sequence = 1;
  std::size_t csrcs = 0;
  std::size_t extension_words = 0;  // 0: no extension.
  std::size_t payload_size = 100;
};

inline Packet make_rtp(const RtpShape& shape) {
  const int extension = shape.extension_words > 0 ? 0x10 : 0;
  Packet packet = {static_cast<std::uint8_t>(0x80 | extension | static_cast<int>(shape.csrcs)), 96,
                   static_cast<std::uint8_t>(shape.sequence >> 8),
                   static_cast<std::uint8_t>(shape.sequence)};
  append_u32(packet, 0xDECA'FBAD);
  append_u32(packet, shape.ssrc);
  for (std::size_t i = 0; i < shape.csrcs; ++i) append_u32(packet, static_cast<std::uint32_t>(i));
  if (extension != 0) {
    append_u32(packet, 0xBEDE'0000 | static_cast<std::uint32_t>(shape.extension_words));
    for (std::size_t i = 0; i < shape.extension_words; ++i) append_u32(packet, 0x1012'3400);
  }
  for (std::size_t i = 0; i < shape.payload_size; ++i) {
    packet.push_back(static_cast<std::uint8_t>(i * 7 + shape.sequence));
  }
  return packet;
}

// A receiver report, or something longer that begins like one.
inline Packet make_rtcp(std::uint32_t ssrc, std::size_t words_behind = 6) {
  Packet packet = {0x81, 201, 0, static_cast<std::uint8_t>(words_behind + 1)};
  append_u32(packet, ssrc);
  for (std::size_t i = 0; i < words_behind; ++i) append_u32(packet, static_cast<std::uint32_t>(i));
  return packet;
}

// What a parameterised test is named after, and prints.
struct Setting {
  Profile profile = Profile::kAeadAes128Gcm;
  Provider::Kind kind = Provider::Kind::kOpenssl;

  std::string name() const {
    std::string name = std::string(to_string(profile)) + "_" + std::string(to_string(kind));
    std::erase(name, '-');
    return name;
  }
  friend std::ostream& operator<<(std::ostream& out, const Setting& setting) {
    return out << setting.name();
  }
};

inline std::vector<Setting> all_settings() {
  std::vector<Setting> settings;
  for (const Profile profile : kProfiles) {
    for (const Provider::Kind kind : kinds_here()) settings.push_back({profile, kind});
  }
  return settings;
}

}  // namespace parley::srtp
