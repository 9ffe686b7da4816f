#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace parley::crypto {

// HMAC-SHA256 (RFC 2104, FIPS 180-4).
std::array<std::uint8_t, 32> hmac_sha256(Bytes key, Bytes data);

// Whether they are the same, in a time that tells nothing about where they differ: for comparing
// a MAC with what a stranger sent. (Their lengths are no secret.)
bool equal_in_constant_time(Bytes a, Bytes b);

}  // namespace parley::crypto
