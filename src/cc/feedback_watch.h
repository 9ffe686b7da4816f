#pragma once

#include <optional>

#include "base/data_rate.h"
#include "base/time.h"

namespace parley::cc {

// Gives way when feedback comes late or not at all, which neither delay nor loss can show: they are
// told of in feedback. The round trip counts as at least the time for which we have been sending
// without an answer; above the limit the rate falls by a fifth a second.
class FeedbackWatch {
 public:
  struct Config {
    Duration limit = std::chrono::seconds{2};
    double decrease = 0.8;
    Duration interval = std::chrono::seconds{1};  // Between two decreases.
  };

  FeedbackWatch() : FeedbackWatch(Config{}) {}
  explicit FeedbackWatch(Config config) : config_(config) {}

  void handle_sent(Time now);
  // `rtt` without the time that the answer waited at the receiver. True: it is the first answer
  // after a time-out.
  bool handle_feedback(Time now, Duration rtt);

  // The factor for the rate, below 1, if now is a time to give way.
  std::optional<double> poll(Time now);
  Time next_deadline() const;
  bool timed_out() const { return timed_out_; }

 private:
  Config config_;
  Duration rtt_ = {};
  std::optional<Time> unanswered_since_;  // The first packet sent after the last answer.
  std::optional<Time> last_sent_;
  std::optional<Time> decreased_;
  bool timed_out_ = false;
};

}  // namespace parley::cc
