#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace parley::sctp {

static_assert(std::endian::native == std::endian::little);

// Fields at places that were checked before: where ByteReader and ByteWriter, which check each
// field, would be felt, as in DATA and SACK.
inline std::uint16_t load_u16(const std::uint8_t* from) {
  std::uint16_t value;
  std::memcpy(&value, from, sizeof value);
  return __builtin_bswap16(value);
}

inline std::uint32_t load_u32(const std::uint8_t* from) {
  std::uint32_t value;
  std::memcpy(&value, from, sizeof value);
  return __builtin_bswap32(value);
}

inline void store_u16(std::uint8_t* to, std::uint16_t value) {
  value = __builtin_bswap16(value);
  std::memcpy(to, &value, sizeof value);
}

inline void store_u32(std::uint8_t* to, std::uint32_t value) {
  value = __builtin_bswap32(value);
  std::memcpy(to, &value, sizeof value);
}

}  // namespace parley::sctp
