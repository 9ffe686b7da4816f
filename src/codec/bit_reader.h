#pragma once

#include <bit>
#include <cstdint>

#include "base/bytes.h"

namespace parley::codec {

// Reads bits off the front of a buffer, the highest of each octet first. As with ByteReader,
// running off the end is sticky.
class BitReader {
 public:
  explicit BitReader(Bytes data) : data_(data) {}

  bool ok() const { return ok_; }

  // f(count) of the AV1 specification; at most 32.
  std::uint32_t bits(std::size_t count) {
    std::uint32_t value = 0;
    for (; count > 0; --count) value = value << 1 | bit();
    return value;
  }
  bool flag() { return bit() != 0; }

  // ns(n): a value below `n`, in as few bits as n allows.
  std::uint32_t below(std::uint32_t n) {
    const auto width = static_cast<std::size_t>(std::bit_width(n));
    const std::uint32_t short_values = (1u << width) - n;
    const std::uint32_t value = bits(width - 1);
    if (value < short_values) return value;
    return (value << 1 | bit()) - short_values;
  }

 private:
  std::uint32_t bit() {
    if (at_ >= data_.size() * 8) {
      ok_ = false;
      return 0;
    }
    const std::uint32_t value = data_[at_ / 8] >> (7 - at_ % 8) & 1u;
    ++at_;
    return value;
  }

  Bytes data_;
  std::size_t at_ = 0;  // In bits.
  bool ok_ = true;
};

}  // namespace parley::codec
