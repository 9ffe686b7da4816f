#include "crypto/crc32.h"

#include <array>
#include <cstddef>

namespace parley::crypto {
namespace {

constexpr std::uint32_t kPolynomial = 0xEDB88320;  // Bit-reversed.

// Eight bytes a step: kTables[k][b] is what byte b contributes with k more bytes to follow.
constexpr auto kTables = [] {
  std::array<std::array<std::uint32_t, 256>, 8> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? kPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (std::size_t k = 1; k < tables.size(); ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t crc = tables[k - 1][byte];
      tables[k][byte] = crc >> 8 ^ tables[0][crc & 0xff];
    }
  }
  return tables;
}();

constexpr std::uint32_t update(std::uint32_t crc, Bytes data) {
  for (; data.size() >= 8; data = data.subspan(8)) {
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      const std::uint32_t mixed = i < 4 ? crc >> (8 * i) & 0xff : 0;
      next ^= kTables[7 - i][data[i] ^ mixed];
    }
    crc = next;
  }
  for (const std::uint8_t byte : data) crc = crc >> 8 ^ kTables[0][(crc ^ byte) & 0xff];
  return crc;
}

}  // namespace

std::uint32_t crc32(Bytes data) {
  return ~update(~std::uint32_t{0}, data);
}

}  // namespace parley::crypto
