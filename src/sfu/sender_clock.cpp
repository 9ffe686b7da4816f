#include "sfu/sender_clock.h"

#include <algorithm>

namespace parley::sfu {
namespace {

constexpr Duration since_its_epoch(rtp::NtpTime time) {
  const std::uint64_t micros =
      (time.value >> 32) * 1'000'000 + (((time.value & 0xFFFF'FFFF) * 1'000'000) >> 32);
  return Duration(static_cast<std::int64_t>(micros));
}

}  // namespace

void SenderClock::handle_report(Time now, rtp::NtpTime sent) {
  const Duration offset = now.time_since_epoch() - since_its_epoch(sent);
  const bool was_set = current_ && std::chrono::abs(offset - fastest()) > kMaxJump;
  if (!current_ || was_set) {
    current_ = offset;
    before_.reset();
    window_began_ = now;
  } else if (now - window_began_ > kWindow) {
    before_ = current_;
    current_ = offset;
    window_began_ = now;
  } else {
    current_ = std::min(*current_, offset);
  }
}

std::optional<Time> SenderClock::to_ours(rtp::NtpTime theirs) const {
  if (!current_) return std::nullopt;
  return Time(since_its_epoch(theirs) + fastest());
}

Duration SenderClock::fastest() const {
  return before_ ? std::min(*current_, *before_) : *current_;
}

}  // namespace parley::sfu
