#pragma once

#include <algorithm>

#include "base/time.h"

namespace parley::sctp {

// A timer of something that is sent again and again until it is answered: T1-init, T1-cookie,
// T2-shutdown and the one of RE-CONFIG. It doubles each time.
class RetryTimer {
 public:
  void start(Time now, Duration first) {
    period_ = first;
    due_ = now + first;
    expirations_ = 0;
  }
  void stop() { due_ = kNever; }

  // Whether it expired. Then it runs again, for longer.
  bool poll(Time now, Duration longest) {
    if (due_ > now) return false;
    period_ = std::min(2 * period_, longest);
    due_ = now + period_;
    ++expirations_;
    return true;
  }

  bool is_running() const { return due_ != kNever; }
  Time deadline() const { return due_; }
  int expirations() const { return expirations_; }

 private:
  Time due_ = kNever;
  Duration period_ = Duration::zero();
  int expirations_ = 0;
};

}  // namespace parley::sctp
