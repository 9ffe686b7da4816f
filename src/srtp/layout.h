#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <expected>

#include "base/bytes.h"
#include "srtp/error.h"
#include "srtp/provider.h"

// Where things stand in packets: for the .cpp files of this folder.
namespace parley::srtp {

inline constexpr std::size_t kRtcpPlainSize =
    8;  // What RTCP leaves in clear: to the sender's SSRC.
inline constexpr std::uint32_t kEncryptedBit = std::uint32_t{1}
                                               << 31;  // E, before the SRTCP index.

inline std::uint16_t read_u16(const std::uint8_t* at) {
  return static_cast<std::uint16_t>(at[0] << 8 | at[1]);
}

inline std::uint32_t read_u32(const std::uint8_t* at) {
  return std::uint32_t{read_u16(at)} << 16 | read_u16(at + 2);
}

inline void write_u32(std::uint8_t* at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

inline std::uint64_t big_endian(std::uint64_t value) {
  return std::endian::native == std::endian::little ? std::byteswap(value) : value;
}

// The size of an RTP header with its CSRCs and extensions (RFC 3550, 5.1).
inline std::expected<std::size_t, Error> rtp_header_size(Bytes packet) {
  constexpr std::size_t kFixedSize = 12;
  constexpr std::size_t kExtensionSize = 4;
  if (packet.size() < kFixedSize) return std::unexpected(Error::kTruncated);
  if (packet[0] >> 6 != 2) return std::unexpected(Error::kMalformed);
  std::size_t size = kFixedSize + std::size_t{4} * (packet[0] & 0x0FU);
  if ((packet[0] & 0x10) != 0) {
    size += kExtensionSize;
    if (packet.size() < size) return std::unexpected(Error::kTruncated);
    size += std::size_t{4} * read_u16(&packet[size - 2]);
  }
  if (packet.size() < size) return std::unexpected(Error::kTruncated);
  return size;
}

// A session salt as an Iv without SSRC and index.
inline Iv salt_iv(const SessionKeys& keys) {
  Iv iv = {};
  std::memcpy(iv.data(), keys.salt.data(), keys.salt.size());
  return iv;
}

// The IV of one packet: the salt, XOR SSRC and index (RFC 3711, 4.1.1). Those of AES-GCM stand two
// bytes further in front (RFC 7714, 8.1 and 9.1). By words: the ciphers read it so at once.
inline Iv iv_of(const Iv& salt, bool aead, std::uint32_t ssrc, std::uint64_t index) {
  const std::uint64_t front = aead ? std::uint64_t{ssrc} << 16 | index >> 32 : ssrc;
  const std::uint64_t back = aead ? index << 32 : index << 16;
  std::array<std::uint64_t, 2> words;
  std::memcpy(words.data(), salt.data(), sizeof words);
  words[0] ^= big_endian(front);
  words[1] ^= big_endian(back);
  return std::bit_cast<Iv>(words);
}

// What AEAD authenticates besides the encrypted part (RFC 7714, 9.1 and 9.2): of RTP what is left
// in clear; of RTCP also the suffix, which the packet has elsewhere.
class AssociatedData {
 public:
  // Where nothing is encrypted, all of an RTCP packet is plain and may be long; so the suffix is
  // put behind it, where the tag has its place.
  AssociatedData(const KeySchedule& keys, std::uint8_t* packet, std::size_t plain_size,
                 bool encrypted, std::uint32_t suffix) {
    data_ = Bytes(packet, plain_size);
    if (!keys.rtcp()) return;
    if (encrypted) {
      std::memcpy(joined_, packet, kRtcpPlainSize);
      write_u32(joined_ + kRtcpPlainSize, suffix);
      data_ = Bytes(joined_, sizeof joined_);
    } else {
      write_u32(packet + plain_size, suffix);
      data_ = Bytes(packet, plain_size + kSrtcpIndexSize);
    }
  }
  AssociatedData(const AssociatedData&) = delete;
  AssociatedData& operator=(const AssociatedData&) = delete;

  Bytes bytes() const { return data_; }

 private:
  std::uint8_t joined_[kRtcpPlainSize + kSrtcpIndexSize];
  Bytes data_;
};

// Where AES-CM's tag stands, and how much before it HMAC reads: to the suffix, which of RTP is no
// part of the packet but has its place under the tag until then (RFC 3711, 4.2).
struct MacPlace {
  std::size_t suffix_at = 0;
  std::size_t tag_at = 0;
  std::size_t mac_size = 0;

  MacPlace(const KeySchedule& keys, std::size_t plain_size, std::size_t payload_size)
      : suffix_at(plain_size + payload_size),
        tag_at(keys.rtcp() ? suffix_at + kSrtcpIndexSize : suffix_at),
        mac_size(suffix_at + kSrtcpIndexSize) {}
};

}  // namespace parley::srtp
