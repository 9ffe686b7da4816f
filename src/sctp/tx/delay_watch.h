#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/time.h"
#include "sctp/packet/tsn.h"

namespace parley::sctp {

// Ends slow start when round trips get longer, before the queue of the path overflows (HyStart++,
// RFC 9406): at first growth is only slowed down, and if the delay persists for some round trips,
// slow start is over.
class DelayWatch {
 public:
  enum class Phase : std::uint8_t { kSlowStart, kConservative, kDone };

  // A SACK came while slow start lasts. `next` is the first TSN that was not sent yet.
  void handle_ack(Tsn cumulative, Tsn next) {
    if (phase_ == Phase::kDone || cumulative < round_end_) return;
    round_end_ = next;
    previous_ = shortest_;
    shortest_ = Duration::max();
    samples_ = 0;
    if (phase_ == Phase::kConservative && ++conservative_rounds_ > kConservativeRounds) {
      phase_ = Phase::kDone;
    }
  }

  void handle_round_trip(Duration round_trip) {
    shortest_ = std::min(shortest_, round_trip);
    lowest_ = std::min(lowest_, round_trip);
    if (++samples_ < kSamples || previous_ == Duration::max()) return;
    if (phase_ == Phase::kConservative && shortest_ < baseline_) {  // It was no queue.
      phase_ = Phase::kSlowStart;
    } else if (phase_ == Phase::kSlowStart && shortest_ >= previous_ + tolerance()) {
      phase_ = Phase::kConservative;
      baseline_ = shortest_;
      conservative_rounds_ = 0;
    }
  }

  Phase phase() const { return phase_; }

  // What part of a window is under way on the path, and not in its queue: `window` is scaled by the
  // shortest round trip ever to that of now.
  std::size_t without_queue(std::size_t window) const {
    if (previous_ == Duration::max() || previous_ <= lowest_) return window;
    return window / static_cast<std::size_t>(previous_.count()) *
           static_cast<std::size_t>(lowest_.count());
  }

 private:
  static constexpr int kSamples = 8;             // N_RTT_SAMPLE
  static constexpr int kConservativeRounds = 5;  // CSS_ROUNDS

  Duration tolerance() const {
    return std::clamp<Duration>(previous_ / 8, std::chrono::milliseconds{4},
                                std::chrono::milliseconds{16});
  }

  Phase phase_ = Phase::kSlowStart;
  Tsn round_end_ = {};
  Duration previous_ = Duration::max();  // The shortest of the last round trip's samples.
  Duration shortest_ = Duration::max();  // And of this one's.
  Duration lowest_ = Duration::max();    // Of all.
  Duration baseline_ = Duration::zero();
  int samples_ = 0;
  int conservative_rounds_ = 0;
};

}  // namespace parley::sctp
