#pragma once

#include <compare>
#include <cstdint>

namespace parley::rtp {

// An RTP sequence number extended to 64 bits: it never wraps, so plain comparison is right.
struct SeqNo {
  std::uint64_t value = 0;

  // As it stands in a packet.
  std::uint16_t on_wire() const { return static_cast<std::uint16_t>(value); }

  friend auto operator<=>(SeqNo, SeqNo) = default;
  friend SeqNo operator+(SeqNo seq, std::uint64_t n) { return {seq.value + n}; }
  friend std::uint64_t operator-(SeqNo a, SeqNo b) { return a.value - b.value; }
};

}  // namespace parley::rtp
