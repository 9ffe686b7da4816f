#pragma once

#include <optional>

#include "base/data_rate.h"
#include "base/time.h"

namespace parley::cc {

// Whether the application sends less than it may (an application-limited region, RFC 7661's term
// for TCP): then a path without delay proves nothing about a higher rate, and probes have to.
class AlrDetector {
 public:
  struct Config {
    double usage = 0.65;  // The share of the target that counts as used.
    double enter = 0.8;   // Of a window's bytes saved up.
    double leave = 0.5;
    Duration window = std::chrono::milliseconds{500};
  };

  AlrDetector() : AlrDetector(Config{}) {}
  explicit AlrDetector(Config config) : config_(config) {}

  void set_target(Time now, DataRate target);
  void handle_sent(Time now, DataSize size);

  // Since when it has been limited; none while it is not.
  std::optional<Time> limited_since() const { return since_; }

 private:
  void advance(Time now);
  void judge(Time now);

  Config config_;
  DataRate target_ = {};
  DataSize saved_ = {};  // Within one window's worth, either way.
  std::optional<Time> last_;
  std::optional<Time> since_;
};

}  // namespace parley::cc
