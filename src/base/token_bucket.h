#pragma once

#include <algorithm>

#include "base/time.h"

namespace parley {

struct RateLimit {
  double per_second = 0;  // In the long run, ...
  double burst = 0;       // ... and so many at once.
};

// How much of a limit one client has used up: events, or bytes.
class TokenBucket {
 public:
  // Whether so many more are within the limit; they are then counted.
  bool take(Time now, const RateLimit& limit, double tokens = 1) {
    if (filled_ == kNever) {
      tokens_ = limit.burst;
    } else {
      const std::chrono::duration<double> elapsed = now - filled_;
      tokens_ = std::min(limit.burst, tokens_ + elapsed.count() * limit.per_second);
    }
    filled_ = now;
    if (tokens_ < tokens) return false;
    tokens_ -= tokens;
    return true;
  }

 private:
  double tokens_ = 0;
  Time filled_ = kNever;  // When tokens_ was right; never before the first.
};

}  // namespace parley
