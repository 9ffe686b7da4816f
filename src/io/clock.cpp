#include "io/clock.h"

#include <time.h>

namespace parley::io {

Time monotonic_now() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  const auto since_boot = std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
  return Time{std::chrono::duration_cast<Duration>(since_boot)};
}

}  // namespace parley::io
