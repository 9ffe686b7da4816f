#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/time.h"
#include "sctp/config.h"

namespace parley::sctp {

// How long to wait for an acknowledgement (RFC 9260, 6.3.1): the round trip and its variation,
// smoothed, and doubled after each timeout until there is a new measurement.
class RetransmissionTimeout {
 public:
  explicit RetransmissionTimeout(const Config& config)
      : min_(config.rto_min), max_(config.rto_max), timeout_(config.rto_initial) {}

  void handle_measurement(Duration round_trip) {
    const Duration sample = std::max(round_trip, Duration{1});
    if (!smoothed_) {
      smoothed_ = sample;
      variation_ = sample / 2;
    } else {
      variation_ = (3 * variation_ + std::chrono::abs(*smoothed_ - sample)) / 4;
      smoothed_ = (7 * *smoothed_ + sample) / 8;
    }
    // The minimum is on top of the round trip: it is there for SACKs that the peer delays.
    timeout_ = std::min(*smoothed_ + std::max(4 * variation_, min_), max_);
  }

  void back_off() { timeout_ = std::min(2 * timeout_, max_); }

  Duration timeout() const { return timeout_; }
  std::optional<Duration> smoothed_round_trip() const { return smoothed_; }

 private:
  Duration min_;
  Duration max_;
  Duration timeout_;
  std::optional<Duration> smoothed_;
  Duration variation_ = Duration::zero();
};

}  // namespace parley::sctp
