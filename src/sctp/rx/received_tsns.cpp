#include "sctp/rx/received_tsns.h"

#include <algorithm>

namespace parley::sctp {

namespace {

constexpr std::uint64_t kMaxAhead = 0xFFFF;  // What a gap block can count to.

}  // namespace

ReceivedTsns::Arrival ReceivedTsns::classify(Tsn tsn) const {
  if (tsn <= cumulative_) return Arrival::kDuplicate;
  if (tsn - cumulative_ > kMaxAhead) return Arrival::kTooFar;
  const auto range = find(tsn);
  if (range != ranges_.end() && range->first <= tsn) return Arrival::kDuplicate;
  const bool fills = tsn == cumulative_ + 1 ||
                     (range != ranges_.end() && range->first == tsn + 1) ||
                     (range != ranges_.begin() && std::prev(range)->last + 1 == tsn);
  return fills || ranges_.size() < kMaxRanges ? Arrival::kNew : Arrival::kTooFar;
}

ReceivedTsns::Arrival ReceivedTsns::handle(Tsn tsn) {
  if (ranges_.empty() && tsn == cumulative_ + 1) {
    cumulative_ = tsn;
    return Arrival::kNew;
  }
  const Arrival arrival = classify(tsn);
  if (arrival == Arrival::kNew) {
    insert(tsn);
    advance();
  } else if (arrival == Arrival::kDuplicate && duplicates_.size() < kMaxDuplicates) {
    duplicates_.push_back(tsn.wire());
  }
  return arrival;
}

bool ReceivedTsns::forward(Tsn cumulative) {
  if (cumulative <= cumulative_) return false;
  cumulative_ = cumulative;
  std::erase_if(ranges_, [&](const Range& range) { return range.last <= cumulative; });
  if (!ranges_.empty() && ranges_.front().first <= cumulative) {
    ranges_.front().first = cumulative + 1;
  }
  advance();
  return true;
}

std::vector<GapBlock> ReceivedTsns::gap_blocks(std::size_t at_most) const {
  std::vector<GapBlock> blocks;
  blocks.reserve(std::min(at_most, ranges_.size()));
  for (const Range& range : ranges_) {
    if (blocks.size() == at_most) break;
    blocks.push_back({.first = static_cast<std::uint16_t>(range.first - cumulative_),
                      .last = static_cast<std::uint16_t>(range.last - cumulative_)});
  }
  return blocks;
}

std::vector<ReceivedTsns::Range>::const_iterator ReceivedTsns::find(Tsn tsn) const {
  return std::ranges::lower_bound(ranges_, tsn, {}, &Range::last);
}

// It lies in no range. It may prolong the one before it, the one behind it, or join the two.
void ReceivedTsns::insert(Tsn tsn) {
  const auto behind = ranges_.begin() + (find(tsn) - ranges_.cbegin());
  const bool joins_behind = behind != ranges_.end() && behind->first == tsn + 1;
  const bool joins_before = behind != ranges_.begin() && std::prev(behind)->last + 1 == tsn;
  if (joins_before && joins_behind) {
    std::prev(behind)->last = behind->last;
    ranges_.erase(behind);
  } else if (joins_before) {
    std::prev(behind)->last = tsn;
  } else if (joins_behind) {
    behind->first = tsn;
  } else {
    ranges_.insert(behind, {.first = tsn, .last = tsn});
  }
}

void ReceivedTsns::advance() {
  if (ranges_.empty() || ranges_.front().first != cumulative_ + 1) return;
  cumulative_ = ranges_.front().last;
  ranges_.erase(ranges_.begin());
}

}  // namespace parley::sctp
