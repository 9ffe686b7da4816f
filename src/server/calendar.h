#pragma once

#include <chrono>

#include "base/time.h"
#include "io/clock.h"

namespace parley::server {

// The time of day, for records and tokens.
inline UnixMillis unix_now() {
  return std::chrono::floor<std::chrono::milliseconds>(io::wall_now());
}

// The same for what counts in seconds.
inline UnixTime unix_seconds() {
  return std::chrono::floor<std::chrono::seconds>(io::wall_now());
}

}  // namespace parley::server
