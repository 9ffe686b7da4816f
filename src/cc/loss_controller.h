#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "base/data_rate.h"
#include "base/time.h"

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
    double ramp_up = 1.5;  // Times what arrives: no higher.
    // With more loss on average than this, however even, it is not the path's nature: at high
    // rates.
    double max_inherent_loss = 0.05;
    DataRate inherent_loss_balance = DataRate::kbps(100);  // At low rates it may be more.
    // In a tie the higher rate is better, while losses are below the share.
    double rate_bias = 0.0002;
    double log_rate_bias = 0.02;
    double bias_ends_at = 0.2;
    Duration calm_after_decrease = std::chrono::milliseconds{300};
  };

  LossController(DataRate start, DataRate min, DataRate max)
      : LossController(start, min, max, {}) {}
  LossController(DataRate start, DataRate min, DataRate max, Config config);

  void set_limits(DataRate min, DataRate max);

  // Packets that were sent from `sent_first` to `sent_last`: how many, how many of them are
  // missing, and the size of them all.
  struct Report {
    Time sent_first = {};
    Time sent_last = {};
    std::size_t packets = 0;
    std::size_t lost = 0;
    DataSize size = {};
  };
  // `acked` and `delay_based`: what the other estimates say now; none and infinite where there are
  // none. Never above the second.
  void handle_report(Time now, const Report& report, std::optional<DataRate> acked,
                     DataRate delay_based);

  // Begins again from a rate that is known: after a probe, a time-out, on a new path.
  void set_rate(DataRate rate);

  // Infinite while losses are no reason to send less.
  DataRate rate() const { return limiting_ ? rate_ : DataRate::infinite(); }
  bool is_limiting() const { return limiting_; }
  double inherent_loss() const { return inherent_loss_; }
  // Of the last seconds, recent ones weighing more; 0 to 1.
  double average_loss() const;

 private:
  struct Observation {
    double packets = 0;
    double lost = 0;
    double rate_kbps = 0;
  };

  bool add(const Report& report);
  double weight(std::size_t index) const;
  double max_inherent_loss(double rate_kbps) const;
  double fit_inherent_loss(double rate_kbps) const;
  double likelihood(double rate_kbps, double inherent_loss) const;
  double bias(double rate_kbps) const;
  void choose(Time now, std::optional<DataRate> acked, DataRate delay_based);

  Config config_;
  DataRate min_;
  DataRate max_;
  DataRate rate_;
  bool limiting_ = false;
  double inherent_loss_;
  Report partial_ = {};
  std::deque<Observation> observations_;  // Never more than config_.window; the newest last.
  std::optional<Time> decreased_;
};

}  // namespace parley::cc
