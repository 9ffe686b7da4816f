#include "sfu/number_map.h"

#include <algorithm>

namespace parley::sfu {

void NumberMap::start(std::uint64_t in, std::uint16_t out) {
  newest_ = oldest_ = in;
  shift_ = static_cast<std::uint16_t>(out - in);
  drops_ = 0;
}

void NumberMap::drop(std::uint64_t in, bool with_missing) {
  const auto begin = static_cast<std::uint32_t>(with_missing ? newest_ + 1 : in);
  const auto end = static_cast<std::uint32_t>(in + 1);
  newest_ = in;
  shift_ = static_cast<std::uint16_t>(shift_ - (end - begin));
  if (drops_ > 0 && dropped(0).end == begin) {
    dropped_[(drops_ - 1) % kRemembered].end = end;
    return;
  }
  if (dropped_.empty()) dropped_.resize(kRemembered);
  Dropped& next = dropped_[drops_ % kRemembered];
  if (drops_ >= kRemembered) oldest_ = newest_ + 1 - behind(next.end);
  next = {.begin = begin, .end = end};
  ++drops_;
}

std::optional<std::uint16_t> NumberMap::find(std::uint64_t in) const {
  if (in > newest_ || in < oldest_ || newest_ - in > 0xFFFF) return std::nullopt;
  const std::uint32_t distance = behind(static_cast<std::uint32_t>(in));
  std::uint64_t shift = shift_;
  for (std::size_t age = 0; age < remembered(); ++age) {
    const Dropped& run = dropped(age);
    if (distance <= behind(run.end)) break;
    if (distance <= behind(run.begin)) return std::nullopt;
    shift += run.size();
  }
  return static_cast<std::uint16_t>(in + shift);
}

std::optional<std::uint64_t> NumberMap::find_in(std::uint16_t out) const {
  std::uint64_t back = static_cast<std::uint16_t>(last() - out);  // Behind newest().
  if (back > 0x7FFF) return std::nullopt;
  for (std::size_t age = 0; age < remembered(); ++age) {
    const Dropped& run = dropped(age);
    if (back + 1 <= behind(run.end)) break;
    back += run.size();
  }
  if (back > newest_ - oldest_) return std::nullopt;
  return newest_ - back;
}

}  // namespace parley::sfu
