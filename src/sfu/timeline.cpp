#include "sfu/timeline.h"

#include <algorithm>

namespace parley::sfu {
namespace {

// Leaves room below, so that nothing before the first frame is negative.
constexpr std::uint64_t kRound = std::uint64_t{1} << 40;

std::uint64_t distance(std::uint64_t a, std::uint64_t b) {
  return a > b ? a - b : b - a;
}

}  // namespace

Timeline::Timeline(std::uint32_t first_timestamp, std::uint32_t clock_rate, std::uint32_t min_step)
    : clock_rate_(clock_rate),
      min_step_(min_step),
      newest_(kRound + first_timestamp),
      anchor_(newest_) {}

std::int64_t Timeline::ticks(Duration time) const {
  return time.count() * (clock_rate_ / 1'000) / 1'000;
}

std::uint64_t Timeline::at(Time arrived) const {
  return started_ ? anchor_ + static_cast<std::uint64_t>(ticks(arrived - anchored_)) : anchor_;
}

std::optional<Timeline::Clock> Timeline::begin(std::uint64_t in, Time arrived,
                                               std::optional<std::uint64_t> place,
                                               std::uint64_t max_late) const {
  std::uint64_t in_time = at(arrived);
  if (place && distance(*place, in_time) < std::uint64_t{2} * clock_rate_) in_time = *place;
  const std::uint64_t earliest = started_ ? newest_ + min_step_ : newest_;
  if (in_time < earliest && earliest - in_time > max_late) return std::nullopt;
  return Clock(in_time - in, in, std::max(in_time, earliest));
}

void Timeline::settle(Time arrived) {
  anchor_ = newest_;
  anchored_ = arrived;
}

void Timeline::handle_frame(const Clock& clock, std::uint64_t in, Time arrived) {
  newest_ = std::max(newest_, clock.out(in));
  const std::uint64_t in_time = clock.in_time(in);
  if (!started_) {
    started_ = true;
    anchor_ = in_time;
    anchored_ = arrived;
    return;
  }
  // A stall, and the burst after it, say nothing of the clock: no frame moves it by much.
  const std::int64_t limit = clock_rate_ / 10;
  const auto gained = static_cast<std::int64_t>(in_time - at(arrived));
  anchor_ = at(arrived) + static_cast<std::uint64_t>(std::clamp(gained, -limit, limit) / 256);
  anchored_ = arrived;
}

bool Timeline::has_jumped(const Clock& clock, std::uint64_t in, Time arrived) const {
  return distance(clock.in_time(in), at(arrived)) > std::uint64_t{10} * clock_rate_;
}

}  // namespace parley::sfu
