#pragma once

#include <optional>

#include "base/data_rate.h"
#include "base/time.h"
#include "cc/link_capacity.h"
#include "cc/trendline_estimator.h"

namespace parley::cc {

// Turns what the delay says into a rate (draft-ietf-rmcat-gcc-02, 5.5): up by 8% a second far from
// the capacity of the link, by about a packet a response time near it; below what arrives when a
// queue grows, the deeper the longer it is; and still while it drains.
class AimdRateControl {
 public:
  struct Config {
    double decrease = 0.92;
    double increase_per_second = 1.08;
    DataRate min_increase = DataRate::kbps(4);  // A second, near the capacity.
    Duration detection_time =
        std::chrono::milliseconds{100};  // Of an overuse, beyond a round trip.
    DataSize packet = DataSize::bytes(1200);
    double frames_per_second = 30;
    // A queue beyond the tolerance is to be gone in about `drain`, for which the decrease is
    // deeper.
    Duration tolerated_queue = std::chrono::milliseconds{10};
    Duration drain = std::chrono::seconds{1};
    double deepest_decrease = 0.5;
    // Shorter, it empties between two frames, and no harm is done however it grows meanwhile.
    Duration harmless_queue = std::chrono::milliseconds{5};
    Duration long_queue = std::chrono::milliseconds{100};  // No increase on top of that.
  };

  AimdRateControl(DataRate start, DataRate min, DataRate max, Config config);

  void set_limits(DataRate min, DataRate max);
  void set_round_trip_time(Duration rtt) { rtt_ = rtt; }

  // `queue`: how long what is under way waits (QueueDelay). `acked`: what AckedBitrate says, if
  // that can be the path's limit. `limited`: the application does not fill the rate, so nothing is
  // learnt from a path without delay, and there is no increase.
  void handle_usage(Time now, Usage usage, Duration queue, std::optional<DataRate> acked,
                    bool limited);

  // A queue overflows: long, with no trend any more, and with losses.
  void handle_overflow(Time now, Duration queue, std::optional<DataRate> acked);

  // What a probe measured becomes the rate.
  void handle_probe(Time now, DataRate measured);
  // The same of one so long that it made a queue, which for a moment is no reason to decrease.
  void handle_proof(Time now, DataRate measured);
  void set_rate(Time now, DataRate rate);

  DataRate rate() const { return rate_; }
  bool is_near_capacity() const { return capacity_.estimate().has_value(); }

 private:
  void increase(Time now, std::optional<DataRate> acked);
  void decrease(Time now, Duration queue, std::optional<DataRate> acked);
  bool may_decrease_again(Time now, std::optional<DataRate> acked) const;
  DataRate additive_increase_per_second() const;
  void assign(DataRate rate);

  Config config_;
  DataRate min_;
  DataRate max_;
  DataRate rate_;
  LinkCapacity capacity_;
  Duration rtt_ = std::chrono::milliseconds{200};
  bool holding_ = false;         // A queue drains: what comes out is more than the path carries.
  std::optional<Time> changed_;  // Or could have been.
  std::optional<Time> decreased_;
};

}  // namespace parley::cc
