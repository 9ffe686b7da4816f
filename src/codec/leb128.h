#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace parley::codec {

// Little-endian base 128 (AV1 bitstream specification, 4.10.5): at most 8 octets, and a value of 32
// bits. Anything else leaves `reader` not ok.
inline std::uint32_t read_leb128(ByteReader& reader) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) {
    const std::uint8_t octet = reader.u8();
    value |= std::uint64_t{octet & 0x7Fu} << (7 * i);
    if ((octet & 0x80) == 0 && value <= 0xFFFFFFFF) return static_cast<std::uint32_t>(value);
  }
  reader.bytes(reader.remaining() + 1);
  return 0;
}

inline void write_leb128(ByteWriter& writer, std::size_t value) {
  for (; value >= 0x80; value >>= 7) writer.u8(static_cast<std::uint8_t>(value | 0x80));
  writer.u8(static_cast<std::uint8_t>(value));
}

constexpr std::size_t leb128_size(std::size_t value) {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

}  // namespace parley::codec
