#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace parley::srtp {

// HMAC-SHA1 (RFC 2104) of many messages with one key, of which only the two states are kept that
// the hash is in once it has read the padded key: 40 bytes, and nothing to allocate for a message.
class HmacSha1 {
 public:
  using State = std::array<std::uint32_t, 5>;
  using Digest = std::array<std::uint8_t, 20>;

  explicit HmacSha1(Bytes key);  // Of at most 64 bytes.
  HmacSha1(const HmacSha1&) = delete;
  HmacSha1& operator=(const HmacSha1&) = delete;
  ~HmacSha1();

  Digest digest(Bytes message) const;

  // After the key with the inner, and the outer, padding.
  const State& inner() const { return inner_; }
  const State& outer() const { return outer_; }

 private:
  State inner_;
  State outer_;
};

}  // namespace parley::srtp
