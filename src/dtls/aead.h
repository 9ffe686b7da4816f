#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace parley::dtls {

// Authenticated encryption as TLS 1.2 uses it: AES-GCM (RFC 5288) and ChaCha20-Poly1305 (RFC 7905).
enum class AeadCipher : std::uint8_t { kAes128Gcm, kAes256Gcm, kChaCha20Poly1305 };

inline constexpr std::size_t kAeadTagSize = 16;
using AeadNonce = std::array<std::uint8_t, 12>;

constexpr std::size_t key_size(AeadCipher cipher) {
  return cipher == AeadCipher::kAes128Gcm ? 16 : 32;
}

// A key expanded for each call, by the thread's one context: a connection keeps no more than its
// bytes, where a context of its own took a kilobyte. `key` has key_size(cipher) bytes.
//
// Writes plain.size() + kAeadTagSize bytes to `out`.
void seal(AeadCipher cipher, Bytes key, const AeadNonce& nonce, Bytes associated, Bytes plain,
          std::span<std::uint8_t> out);
// Writes sealed.size() - kAeadTagSize bytes to `out`. False: forged; what `out` holds is worthless.
bool open(AeadCipher cipher, Bytes key, const AeadNonce& nonce, Bytes associated, Bytes sealed,
          std::span<std::uint8_t> out);

}  // namespace parley::dtls
