#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "srtp/key_derivation.h"
#include "srtp/profile.h"

namespace parley::srtp {

enum class For : std::uint8_t { kRtp, kRtcp };

// Session keys of one direction, of RTP or of RTCP, in the form that a Provider wants them. Only
// the Provider that made them can use them. Wiped from memory as they go.
class KeySchedule {
 public:
  KeySchedule(const KeySchedule&) = delete;
  KeySchedule& operator=(const KeySchedule&) = delete;
  virtual ~KeySchedule() = default;

  static constexpr std::size_t kMostBytes = 1'152;  // Of what a Provider makes of them.

  bool aead() const { return aead_; }
  bool rtcp() const { return rtcp_; }
  std::size_t key_size() const { return key_size_; }
  std::size_t tag_size() const { return tag_size_; }

 protected:
  KeySchedule(Profile profile, For what);

 private:
  bool aead_;
  bool rtcp_;
  std::uint8_t key_size_;
  std::uint8_t tag_size_;
};

// 16 bytes for AES-CM (RFC 3711, 4.1.1); the first 12 for AES-GCM (RFC 7714, 8.1 and 9.1).
using Iv = std::array<std::uint8_t, 16>;

// One packet to encrypt and authenticate. Its plain bytes stand before the encrypted ones in
// `packet`, where the caller has put them; what is encrypted may come from elsewhere.
//
//   RTP:           packet = | plain | encrypted | tag |
//   RTCP, AEAD:    packet = | plain | encrypted | tag | suffix |
//   RTCP, AES-CM:  packet = | plain | encrypted | suffix | tag |
struct Sealing {
  const KeySchedule* keys = nullptr;
  std::uint8_t* packet = nullptr;  // Has room for all the above.
  std::size_t plain_size = 0;
  Bytes payload = {};  // Elsewhere, or just where it shall be encrypted.
  Iv iv = {};
  std::uint32_t suffix =
      0;  // RTP: the rollover counter, which AES-CM authenticates. RTCP: E and index.
};

// One packet to verify and decrypt in place. The layout is that of Sealing.
struct Opening {
  const KeySchedule* keys = nullptr;
  std::uint8_t* packet = nullptr;
  std::size_t plain_size = 0;
  std::size_t payload_size = 0;  // Of what is encrypted, without tag and suffix.
  Iv iv = {};
  std::uint32_t suffix = 0;
};

// Who does the arithmetic: intel-ipsec-mb where it was built in and the processor suits it, else
// OpenSSL. One object a thread: it owns the scratch memory that packets of many receivers are
// encrypted with at once, and nothing that outlives a call. It outlives the Senders and Receivers
// that were given it.
class Provider {
 public:
  enum class Kind : std::uint8_t { kOpenssl, kIpsecMb };

  // The fastest that works here.
  static std::unique_ptr<Provider> make();
  // Null where it was not built in, or the processor lacks what it needs. kOpenssl always works.
  static std::unique_ptr<Provider> make(Kind kind);

  Provider() = default;
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;
  virtual ~Provider() = default;

  virtual Kind kind() const = 0;

  // What follows is for Sender and Receiver.
  virtual std::unique_ptr<KeySchedule> expand(Profile profile, For what,
                                              const SessionKeys& keys) = 0;
  // Any mix of profiles is right; many neighbours of one profile are fastest.
  virtual void seal(std::span<const Sealing> batch) = 0;
  // False where the tag is wrong; then nothing of the payload is left in clear.
  virtual bool open(const Opening& opening) = 0;
};

std::string_view to_string(Provider::Kind kind);

}  // namespace parley::srtp
