#include "sctp/packet/sack.h"

#include <algorithm>

namespace parley::sctp {

std::optional<SackView> SackView::parse(Bytes value) {
  if (value.size() < kFixedSize) return std::nullopt;
  const SackView sack(value);
  const std::size_t entries = sack.gap_block_count() + sack.duplicate_count();
  if (value.size() < kFixedSize + entries * 4) return std::nullopt;
  for (std::size_t i = 0; i < sack.gap_block_count(); ++i) {
    const GapBlock block = sack.gap_block(i);
    if (block.first == 0 || block.first > block.last) return std::nullopt;
  }
  return sack;
}

std::vector<std::uint8_t> Sack::write(std::size_t room) const {
  const std::size_t entries = room < SackView::kFixedSize ? 0 : (room - SackView::kFixedSize) / 4;
  const auto gaps = gap_blocks.first(std::min(gap_blocks.size(), entries));
  const auto dups = duplicates.first(std::min(duplicates.size(), entries - gaps.size()));
  std::vector<std::uint8_t> value(SackView::kFixedSize + (gaps.size() + dups.size()) * 4);
  std::uint8_t* at = value.data();
  store_u32(at, cumulative_tsn);
  store_u32(at + 4, receive_window);
  store_u16(at + 8, static_cast<std::uint16_t>(gaps.size()));
  store_u16(at + 10, static_cast<std::uint16_t>(dups.size()));
  at += SackView::kFixedSize;
  for (const GapBlock& gap : gaps) {
    store_u16(at, gap.first);
    store_u16(at + 2, gap.last);
    at += 4;
  }
  for (const std::uint32_t duplicate : dups) {
    store_u32(at, duplicate);
    at += 4;
  }
  return value;
}

}  // namespace parley::sctp
