#pragma once

#include <cstddef>
#include <optional>

#include "base/data_rate.h"
#include "base/small_queue.h"
#include "base/time.h"
#include "cc/loss_tally.h"

namespace parley::cc {

// The rate at which losses would be those that were seen: the loss-based part.
//
// The rule of draft-ietf-rmcat-gcc-02, 6 (hold from 2%, give way from 10%) cannot tell a bad radio
// from a full queue, and starves on the first. This one asks which pair of a capacity and an
// inherent loss makes the last seconds most likely: losses that are the same at any rate are the
// path's nature, losses that grow with the rate are its limit.
class LossController {
 public:
  struct Config {
    Duration observation = std::chrono::milliseconds{250};  // At least; one is made of reports.
    std::size_t window = 20;                                // Observations.
    std::size_t min_observations = 3;
    double temporal_weight = 0.9;  // Of each observation, in what the one after it weighs.
    double initial_inherent_loss = 0.01;
    double min_inherent_loss = 0.001;
    double increase = 1.02;  // An observation.
    double decrease = 0.95;
    // While losses limit, an observation leads no higher than that times the rate ...
    double limited_increase = 1.05;
    double ramp_up = 1.5;  // ... and that times what arrives.
    double nature = 0.8;   // No increase while less than this share of losses is the path's nature.
    // However even, so much loss is not taken for the path's nature at a high rate: it may be at
    // most max_inherent_loss + balance / rate.
    double max_inherent_loss = 0.05;
    DataRate balance = DataRate::kbps(100);
    // In a tie the higher rate is better, while losses are below `preference_ends_at`.
    double preference = 0.0002;  // A packet and kbit/s.
    double log_preference = 0.02;
    double preference_ends_at = 0.25;
    Duration calm_after_decrease = std::chrono::milliseconds{300};
    std::size_t over_after = 8;  // Observations without losses to speak of: ...
    double few_losses = 0.02;    // ... no more than this share.
  };

  LossController(DataRate start, DataRate min, DataRate max)
      : LossController(start, min, max, {}) {}
  LossController(DataRate start, DataRate min, DataRate max, Config config);

  void set_limits(DataRate min, DataRate max);

  // `acked` and `delay_based`: what the other estimates say now; none and infinite where there are
  // none. Never above the second.
  void handle_report(Time now, const LossReport& report, std::optional<DataRate> acked,
                     DataRate delay_based);

  // Begins again from a rate that is known: after a time-out, on a new path.
  void set_rate(DataRate rate);
  // The path carried that much. It is news where losses allow less.
  void handle_probe(DataRate measured);

  // Infinite while losses are no reason to send less.
  DataRate rate() const { return limiting_ ? rate_ : DataRate::infinite(); }
  bool is_limiting() const { return limiting_; }
  // There were losses, and there are none any more: a higher rate may be tried.
  bool are_losses_over() const;
  double inherent_loss() const { return inherent_loss_; }
  // Of the last seconds, recent ones weighing more; 0 to 1.
  double average_loss() const;

 private:
  bool sees_no_loss() const;  // In the whole window.
  struct Observation {
    double packets = 0;
    double lost = 0;
    double rate_kbps = 0;
  };

  struct Hypothesis {
    double rate_kbps = 0;
    double inherent_loss = 0;
  };

  bool add(const LossReport& report);
  void choose(Time now, std::optional<DataRate> acked, DataRate delay_based);
  double most_likely(double rate_kbps) const;
  double likelihood(const Hypothesis& hypothesis) const;
  double preference(double rate_kbps) const;
  DataRate tolerable(double loss) const;

  Config config_;
  DataRate min_;
  DataRate max_;
  DataRate rate_;
  bool limiting_ = false;
  double inherent_loss_;
  LossReport partial_ = {};  // Of the next observation.
  std::optional<Time> observed_until_;
  SmallQueue<Observation> observations_;  // Never more than config_.window; the newest last.
  std::optional<Time> decreased_;
};

}  // namespace parley::cc
