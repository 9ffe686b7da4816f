#pragma once

#include <algorithm>

#include "base/time.h"

namespace parley::meeting {

struct RateLimit {
  double per_second = 100;  // A person makes a handful, a page that calls fifteen peers hundreds,
  double burst = 1'000;     // but only once: each candidate of each peer is one event.
};

// Lets `burst` events through at once and `per_second` in the long run.
class TokenBucket {
 public:
  explicit TokenBucket(RateLimit limit) : tokens_(limit.burst) {}

  // Whether one more event is within the limit; it is then counted.
  bool take(Time now, RateLimit limit) {
    if (filled_ != kNever) {
      const std::chrono::duration<double> elapsed = now - filled_;
      tokens_ = std::min(limit.burst, tokens_ + elapsed.count() * limit.per_second);
    }
    filled_ = now;
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  double tokens_;
  Time filled_ = kNever;  // When tokens_ was right; never before the first event.
};

}  // namespace parley::meeting
