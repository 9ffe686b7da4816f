#pragma once

#include <algorithm>

#include "base/data_rate.h"
#include "base/time.h"

namespace parley::cc {

// How much may leave at a rate: what is sent is a debt, and time pays it off at the rate. Sending
// is allowed while the debt is worth no more than `burst`, so that packets that belong together can
// share one turn of their owner's loop.
class PacingBudget {
 public:
  struct Config {
    Duration burst = std::chrono::milliseconds{2};
    Duration max_debt = std::chrono::milliseconds{500};  // What went unpaced is forgiven beyond it.
  };

  PacingBudget() : PacingBudget(Config{}) {}
  explicit PacingBudget(Config config) : config_(config) {}

  void set_rate(Time now, DataRate rate);  // Zero: nothing may leave.
  DataRate rate() const { return rate_; }
  // The burst is as much as this even where that is worth more time than `burst`.
  void set_min_burst(DataSize size) { min_burst_ = size; }
  void handle_sent(Time now, DataSize size);

  // From when on sending is allowed; kNever at a rate of zero.
  Time next_deadline() const;
  // The same as next_deadline() <= now, for who sends often.
  bool allows(Time now);

 private:
  void pay(Time now);
  DataSize allowance() const { return std::max(rate_ * config_.burst, min_burst_); }

  Config config_;
  DataRate rate_ = {};
  DataSize min_burst_ = {};
  DataSize debt_ = {};
  Time paid_ = kAtOnce;  // Until then.
};

}  // namespace parley::cc
