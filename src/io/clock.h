#pragma once

#include <chrono>

#include "base/time.h"

namespace parley::io {

// The real monotonic clock: the one place where a Time is made. Whatever runs on a loop takes
// EventLoop::now() instead, and protocol code is told the time.
Time monotonic_now();

// The time of day, for people and certificates. It may jump; nothing is timed by it.
inline std::chrono::system_clock::time_point wall_now() {
  return std::chrono::system_clock::now();
}

}  // namespace parley::io
