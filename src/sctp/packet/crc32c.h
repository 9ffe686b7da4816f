#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace parley::sctp {

// The checksum of an SCTP packet (RFC 9260, 6.8 and appendix A; Castagnoli's polynomial), as a
// number whose least significant byte comes first on the wire. By the processor's own instruction
// where it has one. `before` is the checksum of what `data` continues.
std::uint32_t crc32c(Bytes data, std::uint32_t before = 0);

// The same by tables, as it is computed on other processors.
std::uint32_t crc32c_by_table(Bytes data, std::uint32_t before = 0);

}  // namespace parley::sctp
