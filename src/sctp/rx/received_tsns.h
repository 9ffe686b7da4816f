#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sctp/packet/sack.h"
#include "sctp/packet/tsn.h"

namespace parley::sctp {

// Which TSNs have come: all up to a cumulative one, and ranges behind gaps. What a SACK tells.
class ReceivedTsns {
 public:
  // As many gaps as a receiver keeps; what would make one more is not taken, and comes again.
  static constexpr std::size_t kMaxRanges = 2'000;
  // Duplicates that one SACK tells of (RFC 9260, 3.3.4); the others are only dropped.
  static constexpr std::size_t kMaxDuplicates = 20;

  enum class Arrival : std::uint8_t { kNew, kDuplicate, kTooFar };

  explicit ReceivedTsns(Tsn first) : cumulative_(first - 1) {}

  // What handle() would say, without taking it.
  Arrival classify(Tsn tsn) const;
  // Takes it, if it is new; remembers it for the next SACK if it is a duplicate.
  Arrival handle(Tsn tsn);
  // What is at or before it counts as arrived (RFC 3758, 3.6). False where that was so already.
  bool forward(Tsn cumulative);

  Tsn cumulative() const { return cumulative_; }
  bool has_gap() const { return !ranges_.empty(); }

  // For a SACK, with the gaps nearest to the cumulative TSN first.
  std::vector<GapBlock> gap_blocks(std::size_t at_most) const;
  std::span<const std::uint32_t> duplicates() const { return duplicates_; }
  void forget_duplicates() { duplicates_.clear(); }

 private:
  struct Range {
    Tsn first = {};
    Tsn last = {};
  };

  // The first range that ends at `tsn` or behind it.
  std::vector<Range>::const_iterator find(Tsn tsn) const;
  void insert(Tsn tsn);
  void advance();

  Tsn cumulative_;
  std::vector<Range> ranges_;  // Sorted, behind the cumulative TSN, a gap before each.
  std::vector<std::uint32_t> duplicates_;
};

}  // namespace parley::sctp
