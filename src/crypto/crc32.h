#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace parley::crypto {

// The CRC of ITU V.42, as in Ethernet, zlib and STUN's FINGERPRINT. Against noise, not against
// malice.
std::uint32_t crc32(Bytes data);

}  // namespace parley::crypto
