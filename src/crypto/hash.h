#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "base/bytes.h"

namespace parley::crypto {

using Md5Digest = std::array<std::uint8_t, 16>;
using Sha1Digest = std::array<std::uint8_t, 20>;
using Sha256Digest = std::array<std::uint8_t, 32>;

Md5Digest md5(Bytes data);  // For the long-term key of STUN and TURN alone (RFC 8489, 9.2.2).
Sha1Digest sha1(Bytes data);
Sha256Digest sha256(Bytes data);

Sha1Digest hmac_sha1(Bytes key, Bytes data);
Sha1Digest hmac_sha1(Bytes key, std::initializer_list<Bytes> parts);  // One after the other.
Sha256Digest hmac_sha256(Bytes key, Bytes data);

// A key for one purpose, out of a secret of at least 32 random bytes. One secret serves for many
// purposes, and no key tells anything about it or another (HKDF-Expand, RFC 5869, of one block).
Sha256Digest derive_key(Bytes secret, std::string_view purpose);

// Takes as long for a wrong first byte as for a wrong last one. Lengths are no secret.
bool constant_time_equal(Bytes a, Bytes b);

}  // namespace parley::crypto
