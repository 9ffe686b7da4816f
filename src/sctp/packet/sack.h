#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "sctp/packet/big_endian.h"

namespace parley::sctp {

// What a SACK says of packets behind a gap: these have come. Both are counted from the cumulative
// TSN, so at least 1, and `first` is at most `last`.
struct GapBlock {
  std::uint16_t first = 0;
  std::uint16_t last = 0;

  friend bool operator==(const GapBlock&, const GapBlock&) = default;
};

// A SACK, seen in place (RFC 9260, 3.3.4).
class SackView {
 public:
  static std::optional<SackView> parse(Bytes value);

  std::uint32_t cumulative_tsn() const { return load_u32(value_.data()); }
  std::uint32_t receive_window() const { return load_u32(value_.data() + 4); }
  std::size_t gap_block_count() const { return load_u16(value_.data() + 8); }
  GapBlock gap_block(std::size_t index) const {
    const std::uint8_t* const at = value_.data() + kFixedSize + index * 4;
    return {.first = load_u16(at), .last = load_u16(at + 2)};
  }
  std::size_t duplicate_count() const { return load_u16(value_.data() + 10); }

  static constexpr std::size_t kFixedSize = 12;

 private:
  explicit SackView(Bytes value) : value_(value) {}

  Bytes value_;
};

// What a SACK of ours says. The value of its chunk is at most `room` bytes: duplicates, then gaps
// are left out.
struct Sack {
  std::uint32_t cumulative_tsn = 0;
  std::uint32_t receive_window = 0;
  std::span<const GapBlock> gap_blocks = {};
  std::span<const std::uint32_t> duplicates = {};

  std::vector<std::uint8_t> write(std::size_t room) const;
};

}  // namespace parley::sctp
