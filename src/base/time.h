#pragma once

#include <chrono>

namespace parley {

// The clock of the whole product. It has no now(): only src/io can make a Time, so no protocol
// code can read the time behind its caller's back, and a test runs an hour of it in a millisecond.
struct MonotonicClock {
  using duration = std::chrono::microseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonotonicClock>;
  static constexpr bool is_steady = true;
};

using Time = MonotonicClock::time_point;
using Duration = MonotonicClock::duration;

inline constexpr Time kNever = Time::max();
inline constexpr Time kAtOnce = Time::min();

// The calendar, since 1970 in UTC: for what outlives a restart, which a Time does not. It may jump,
// so nothing is timed by it.
using UnixTime = std::chrono::sys_seconds;
using UnixMillis = std::chrono::sys_time<std::chrono::milliseconds>;

}  // namespace parley
