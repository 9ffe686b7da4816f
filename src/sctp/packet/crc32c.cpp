#include "sctp/packet/crc32c.h"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace parley::sctp {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78;  // Bits reversed.

using Table = std::array<std::uint32_t, 256>;

// tables[n][b]: what the byte b does to the remainder when n more bytes follow.
constexpr std::array<Table, 8> make_tables() {
  std::array<Table, 8> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) {
      remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? kPolynomial : 0);
    }
    tables[0][byte] = remainder;
  }
  for (std::size_t n = 1; n < tables.size(); ++n) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[n - 1][byte];
      tables[n][byte] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}

constexpr std::array<Table, 8> kTables = make_tables();

#if defined(__x86_64__)

// The instruction takes three cycles but one can start in each, so three runs of one length go side
// by side. Then the first two are moved to where they end: a shift by a fixed number of zero bytes
// is linear, so four tables, one a byte of the remainder, do it.
constexpr std::size_t kRun = 128;

constexpr std::uint32_t shifted(std::uint32_t remainder, std::size_t zeros) {
  for (std::size_t i = 0; i < zeros; ++i) {
    remainder = (remainder >> 8) ^ kTables[0][remainder & 0xFF];
  }
  return remainder;
}

constexpr std::array<Table, 4> make_shift(std::size_t zeros) {
  std::array<std::uint32_t, 32> of_bit{};
  for (std::size_t bit = 0; bit < 32; ++bit) of_bit[bit] = shifted(1U << bit, zeros);
  std::array<Table, 4> tables{};
  for (std::size_t place = 0; place < 4; ++place) {
    for (std::size_t byte = 1; byte < 256; ++byte) {
      for (std::size_t bit = 0; bit < 8; ++bit) {
        if ((byte >> bit & 1) != 0) tables[place][byte] ^= of_bit[place * 8 + bit];
      }
    }
  }
  return tables;
}

constexpr std::array<Table, 4> kOneRun = make_shift(kRun);
constexpr std::array<Table, 4> kTwoRuns = make_shift(2 * kRun);

std::uint64_t shift(const std::array<Table, 4>& by, std::uint64_t remainder) {
  return by[0][remainder & 0xFF] ^ by[1][remainder >> 8 & 0xFF] ^ by[2][remainder >> 16 & 0xFF] ^
         by[3][remainder >> 24 & 0xFF];
}

std::uint64_t load(const std::uint8_t* from) {
  std::uint64_t value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

__attribute__((target("sse4.2"))) std::uint32_t crc32c_by_instruction(Bytes data,
                                                                      std::uint32_t before) {
  std::uint64_t a = ~before;
  while (data.size() >= 3 * kRun) {
    std::uint64_t b = 0;
    std::uint64_t c = 0;
    for (std::size_t at = 0; at < kRun; at += 8) {
      a = _mm_crc32_u64(a, load(data.data() + at));
      b = _mm_crc32_u64(b, load(data.data() + kRun + at));
      c = _mm_crc32_u64(c, load(data.data() + 2 * kRun + at));
    }
    a = shift(kTwoRuns, a) ^ shift(kOneRun, b) ^ c;
    data = data.subspan(3 * kRun);
  }
  for (; data.size() >= 8; data = data.subspan(8)) a = _mm_crc32_u64(a, load(data.data()));
  auto last = static_cast<std::uint32_t>(a);
  for (const std::uint8_t byte : data) last = _mm_crc32_u8(last, byte);
  return ~last;
}

#endif

}  // namespace

std::uint32_t crc32c_by_table(Bytes data, std::uint32_t before) {
  std::uint32_t crc = ~before;
  for (; data.size() >= 8; data = data.subspan(8)) {
    crc ^= std::uint32_t{data[0]} | std::uint32_t{data[1]} << 8 | std::uint32_t{data[2]} << 16 |
           std::uint32_t{data[3]} << 24;
    crc = kTables[7][crc & 0xFF] ^ kTables[6][crc >> 8 & 0xFF] ^ kTables[5][crc >> 16 & 0xFF] ^
          kTables[4][crc >> 24] ^ kTables[3][data[4]] ^ kTables[2][data[5]] ^ kTables[1][data[6]] ^
          kTables[0][data[7]];
  }
  for (const std::uint8_t byte : data) crc = (crc >> 8) ^ kTables[0][(crc ^ byte) & 0xFF];
  return ~crc;
}

std::uint32_t crc32c(Bytes data, std::uint32_t before) {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
  if (has_instruction) return crc32c_by_instruction(data, before);
#endif
  return crc32c_by_table(data, before);
}

}  // namespace parley::sctp
