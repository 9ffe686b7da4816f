#pragma once

#include "base/data_rate.h"
#include "base/time.h"

namespace parley::cc {

// How much may leave at a rate: what is sent is a debt, and time pays it off at the rate. Sending
// is allowed while the debt is worth no more than `burst`, so that a few small packets can share
// one turn of their owner's loop.
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
  void handle_sent(Time now, DataSize size);

  // From when on sending is allowed; kNever at a rate of zero.
  Time next_deadline() const;

 private:
  void pay(Time now);

  Config config_;
  DataRate rate_ = {};
  DataSize debt_ = {};
  Time paid_ = kAtOnce;  // Until then.
};

}  // namespace parley::cc
