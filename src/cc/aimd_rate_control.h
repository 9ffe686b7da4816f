#pragma once

#include <optional>

#include "base/data_rate.h"
#include "base/time.h"
#include "cc/link_capacity.h"
#include "cc/trendline_estimator.h"

namespace parley::cc {

// Turns what the delay says into a rate (draft-ietf-rmcat-gcc-02, 5.5): up by 8% a second far from
// the capacity of the link, by about a packet a response time near it; down to 85% of what arrives
// when a queue grows; and still while it drains.
class AimdRateControl {
 public:
  struct Config {
    double decrease = 0.85;
    double increase_per_second = 1.08;
    DataRate min_increase = DataRate::kbps(4);  // A second, near the capacity.
    Duration detection_time =
        std::chrono::milliseconds{100};  // Of an overuse, beyond a round trip.
    DataSize packet = DataSize::bytes(1200);
    double frames_per_second = 30;
  };

  AimdRateControl(DataRate start, DataRate min, DataRate max, Config config);

  void set_limits(DataRate min, DataRate max);
  void set_round_trip_time(Duration rtt) { rtt_ = rtt; }

  // `acked`: what AckedBitrate says. `limited`: the application does not fill the rate, so nothing
  // is learnt from a path without delay, and there is no increase.
  void handle_usage(Time now, Usage usage, std::optional<DataRate> acked, bool limited);

  // What a probe measured becomes the rate.
  void handle_probe(Time now, DataRate measured);
  void set_rate(Time now, DataRate rate);

  DataRate rate() const { return rate_; }
  bool is_near_capacity() const { return capacity_.estimate().has_value(); }

 private:
  enum class State : std::uint8_t { kHold, kIncrease, kDecrease };

  void increase(Time now, std::optional<DataRate> acked);
  void decrease(Time now, std::optional<DataRate> acked);
  bool may_decrease_again(Time now, std::optional<DataRate> acked) const;
  DataRate additive_increase_per_second() const;
  void assign(DataRate rate);

  Config config_;
  DataRate min_;
  DataRate max_;
  DataRate rate_;
  LinkCapacity capacity_;
  Duration rtt_ = std::chrono::milliseconds{200};
  State state_ = State::kHold;
  Time changed_ = {};  // Or was held.
  std::optional<Time> decreased_;
};

}  // namespace parley::cc
