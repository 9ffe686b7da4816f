#include "sfu/picture_ids.h"

namespace parley::sfu {
namespace {

// Room below for what is a little older; a multiple of both rounds.
constexpr std::uint64_t kRound = std::uint64_t{1} << 20;

constexpr std::uint16_t mask(const FrameInfo& frame) {
  return frame.short_picture_id ? 0x7F : 0x7FFF;
}

}  // namespace

void PictureIds::start(const FrameInfo& first, const Last& last) {
  last_ = last;
  counts_pictures_ = first.picture_id.has_value();
  counts_tl0_ = first.tl0_picture_index.has_value();
  if (counts_pictures_) {
    const auto next = last.picture_id.value_or(static_cast<std::uint16_t>(*first.picture_id - 1));
    pictures_.start(kRound + *first.picture_id, static_cast<std::uint16_t>(next + 1));
  }
  if (counts_tl0_) {
    const std::uint8_t tl0 = *first.tl0_picture_index;
    tl0_shift_ = 0;
    if (last.tl0_picture_index) {
      tl0_shift_ = static_cast<std::uint8_t>(*last.tl0_picture_index + 1 - tl0);
    }
    last_.tl0_picture_index = static_cast<std::uint8_t>(tl0 + tl0_shift_);
  }
}

PictureIds::Last PictureIds::last() const {
  Last last = last_;
  if (counts_pictures_) last.picture_id = pictures_.last();
  return last;
}

std::uint64_t PictureIds::extend(const FrameInfo& frame) const {
  const std::uint64_t newest = pictures_.newest();
  const std::uint16_t round = mask(frame);
  const auto ahead = static_cast<std::uint16_t>((*frame.picture_id - newest) & round);
  return ahead <= round / 2 ? newest + ahead : newest + ahead - round - 1;
}

void PictureIds::handle_frame(const FrameInfo& frame, bool wanted) {
  if (counts_tl0_ && frame.tl0_picture_index && wanted) {
    last_.tl0_picture_index = static_cast<std::uint8_t>(*frame.tl0_picture_index + tl0_shift_);
  }
  if (!counts_pictures_ || !frame.picture_id) return;
  const std::uint64_t id = extend(frame);
  if (id <= pictures_.newest()) {  // Its encoder began anew.
    const auto next = static_cast<std::uint16_t>(pictures_.last() + (wanted ? 1 : 0));
    pictures_.start(kRound + *frame.picture_id, next);
  } else if (wanted) {
    pictures_.take(id);
  } else {
    pictures_.drop(id);
  }
}

std::optional<PictureIds::Ids> PictureIds::find(const FrameInfo& frame) const {
  Ids ids;
  if (counts_tl0_ && frame.tl0_picture_index && tl0_shift_ != 0) {
    ids.tl0_picture_index = static_cast<std::uint8_t>(*frame.tl0_picture_index + tl0_shift_);
  }
  if (!counts_pictures_ || !frame.picture_id) return ids;
  const auto found = pictures_.find(extend(frame));
  if (!found) return std::nullopt;
  const auto out = static_cast<std::uint16_t>(*found & mask(frame));
  if (out != *frame.picture_id) ids.picture_id = out;
  return ids;
}

}  // namespace parley::sfu
