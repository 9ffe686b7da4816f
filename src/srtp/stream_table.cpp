#include "srtp/stream_table.h"

#include <algorithm>

#include "base/assert.h"

namespace parley::srtp {
namespace {

constexpr std::uint64_t kIndexEnd = std::uint64_t{1} << 48;

}  // namespace

std::expected<std::uint64_t, Error> StreamTable::extend(std::uint32_t ssrc,
                                                        std::uint16_t sequence) const {
  const Stream* stream = find(ssrc);
  std::uint64_t index = sequence;
  if (stream != nullptr) {
    const auto low = static_cast<std::uint16_t>(stream->highest);
    const auto step = static_cast<std::int16_t>(static_cast<std::uint16_t>(sequence - low));
    index = stream->highest + static_cast<std::uint64_t>(std::int64_t{step});
    if (step < 0 && index > stream->highest) return std::unexpected(Error::kTooOld);  // Below zero.
  }
  if (const auto fresh = check(stream, index); !fresh) return std::unexpected(fresh.error());
  return index;
}

std::expected<void, Error> StreamTable::check(std::uint32_t ssrc, std::uint64_t index) const {
  return check(find(ssrc), index);
}

std::expected<void, Error> StreamTable::check(const Stream* stream, std::uint64_t index) const {
  if (index >= kIndexEnd) return std::unexpected(Error::kIndexExhausted);
  if (stream == nullptr) {
    if (streams_.size() >= limits_.max_streams) return std::unexpected(Error::kTooManyStreams);
    return {};
  }
  if (stream->window == kNoWindow) {
    if (index <= stream->highest) return std::unexpected(Error::kTooOld);
    return {};
  }
  switch (slots_[stream->window].window.check(index)) {
    case ReplayWindow::Verdict::kNew: return {};
    case ReplayWindow::Verdict::kReplayed: return std::unexpected(Error::kReplayed);
    case ReplayWindow::Verdict::kTooOld: return std::unexpected(Error::kTooOld);
  }
  return {};
}

void StreamTable::take(std::uint32_t ssrc, std::uint64_t index) {
  const auto at = streams_.begin() + (position(ssrc) - streams_.cbegin());
  if (at == streams_.end() || at->ssrc != ssrc) {
    const auto added = streams_.insert(at, Stream{.ssrc = ssrc, .highest = index});
    give_window(*added, ReplayWindow::starting_at(index));
    return;
  }
  if (at->window == kNoWindow) give_window(*at, ReplayWindow::closed_up_to(at->highest));
  Slot& slot = slots_[at->window];
  slot.window.take(index);
  slot.last_take = ++takes_;
  at->highest = slot.window.highest();
}

// From its slot's owner, if there is one: that of the stream which was silent for longest.
void StreamTable::give_window(Stream& stream, const ReplayWindow& window) {
  const Slot slot{.window = window, .ssrc = stream.ssrc, .last_take = ++takes_};
  if (slots_.size() < limits_.max_windows) {
    stream.window = static_cast<std::uint32_t>(slots_.size());
    slots_.push_back(slot);
    return;
  }
  PARLEY_ASSERT(!slots_.empty());
  const auto oldest = std::ranges::min_element(slots_, {}, &Slot::last_take);
  streams_[static_cast<std::size_t>(position(oldest->ssrc) - streams_.cbegin())].window = kNoWindow;
  *oldest = slot;
  stream.window = static_cast<std::uint32_t>(oldest - slots_.begin());
}

std::vector<StreamTable::Stream>::const_iterator StreamTable::position(std::uint32_t ssrc) const {
  return std::ranges::lower_bound(streams_, ssrc, {}, &Stream::ssrc);
}

const StreamTable::Stream* StreamTable::find(std::uint32_t ssrc) const {
  const auto at = position(ssrc);
  return at != streams_.end() && at->ssrc == ssrc ? &*at : nullptr;
}

}  // namespace parley::srtp
