#pragma once

#include <optional>

#include "base/data_rate.h"
#include "base/time.h"

namespace parley::cc {

// Gives way when feedback comes late or not at all, which neither delay nor loss can show: they are
// told of in feedback. Once we have been sending for longer than the limit without an answer, the
// rate falls by a fifth a second. Silence of our own is no reason.
class FeedbackWatch {
 public:
  struct Config {
    Duration limit = std::chrono::seconds{2};
    double decrease = 0.8;
    Duration interval = std::chrono::seconds{1};  // Between two decreases.
  };

  FeedbackWatch() : FeedbackWatch(Config{}) {}
  explicit FeedbackWatch(Config config) : config_(config) {}

  // The factor for the rate, below 1, if now is a time to give way.
  std::optional<double> handle_sent(Time now);
  // `rtt` without the time that the answer waited at the receiver. True: it is the first answer in
  // time after some that were not.
  bool handle_feedback(Time now, Duration rtt);

  bool timed_out() const { return decreased_.has_value(); }

 private:
  Config config_;
  std::optional<Time> unanswered_since_;  // The first that was sent after the last answer.
  std::optional<Time> decreased_;
};

}  // namespace parley::cc
