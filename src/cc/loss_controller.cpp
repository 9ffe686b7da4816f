#include "cc/loss_controller.h"

#include <algorithm>
#include <cmath>
#include <ranges>
#include <utility>

namespace parley::cc {
namespace {

constexpr int kFitSteps = 5;
constexpr double kCertain = 1e-6;  // No loss is surer to happen, or not to happen.

// What the path loses of a rate above its capacity.
double excess(double capacity, double rate) {
  return rate > capacity ? (rate - capacity) / rate : 0;
}

DataRate from_kbps(double kbps) {
  return DataRate::bps(data_units::clamped(kbps * 1e3));
}

}  // namespace

LossController::LossController(DataRate start, DataRate min, DataRate max, Config config)
    : config_(config),
      min_(min),
      max_(max),
      rate_(std::clamp(start, min, max)),
      inherent_loss_(config.initial_inherent_loss) {}

void LossController::set_limits(DataRate min, DataRate max) {
  min_ = min;
  max_ = max;
  rate_ = std::clamp(rate_, min_, max_);
}

void LossController::set_rate(DataRate rate) {
  rate_ = std::clamp(rate, min_, max_);
}

void LossController::handle_probe(DataRate measured) {
  if (limiting_ && measured > rate_) set_rate(measured);
}

void LossController::handle_report(Time now, const LossReport& report,
                                   std::optional<DataRate> acked, DataRate delay_based) {
  if (!add(report)) return;
  if (observations_.size() < config_.min_observations) {
    limiting_ = delay_based.is_infinite();  // Nothing else does.
    if (!limiting_) rate_ = std::clamp(delay_based, min_, max_);
    return;
  }
  choose(now, acked, delay_based);
}

// True when an observation is complete.
bool LossController::add(const LossReport& report) {
  if (partial_.packets == 0) {
    partial_ = report;
  } else {
    partial_.sent_first = std::min(partial_.sent_first, report.sent_first);
    partial_.sent_last = std::max(partial_.sent_last, report.sent_last);
    partial_.packets += report.packets;
    partial_.lost += report.lost;
    partial_.size += report.size;
  }
  // From the end of the one before it, unless there was silence between.
  Time from = partial_.sent_first;
  if (observed_until_ && from - *observed_until_ < config_.observation) from = *observed_until_;
  const Duration span = partial_.sent_last - from;
  if (span < config_.observation) return false;
  observations_.push_back({.packets = static_cast<double>(partial_.packets),
                           .lost = static_cast<double>(partial_.lost),
                           .rate_kbps = (partial_.size / span).in_kbps()});
  if (observations_.size() > config_.window) observations_.pop_front();
  observed_until_ = partial_.sent_last;
  partial_ = {};
  return true;
}

bool LossController::sees_no_loss() const {
  return std::ranges::all_of(observations_, [](const Observation& seen) { return seen.lost == 0; });
}

bool LossController::are_losses_over() const {
  double packets = 0, lost = 0;
  for (const Observation& seen :
       observations_ | std::views::reverse | std::views::take(config_.over_after)) {
    packets += seen.packets;
    lost += seen.lost;
  }
  return lost <= packets * config_.few_losses;
}

double LossController::average_loss() const {
  double weight = 1;
  double packets = 0;
  double lost = 0;
  for (const Observation& seen : observations_ | std::views::reverse) {
    packets += weight * seen.packets;
    lost += weight * seen.lost;
    weight *= config_.temporal_weight;
  }
  return packets > 0 ? lost / packets : 0;
}

void LossController::choose(Time now, std::optional<DataRate> acked, DataRate delay_based) {
  const bool calm = decreased_ && now - *decreased_ < config_.calm_after_decrease;
  // Nearly always, and then the rest would find the same.
  if (!limiting_ && !calm && !delay_based.is_infinite() && sees_no_loss()) {
    inherent_loss_ = config_.min_inherent_loss;
    rate_ = std::clamp(delay_based, min_, max_);
    limiting_ = rate_ < delay_based;
    return;
  }
  const double current = rate_.in_kbps();
  double highest = max_.in_kbps();
  if (limiting_) {
    highest = current * config_.limited_increase;
    if (acked) highest = std::clamp(acked->in_kbps() * config_.ramp_up, current, highest);
  }
  if (calm) highest = current;

  Hypothesis best{.rate_kbps = current, .inherent_loss = most_likely(current)};
  double best_score = likelihood(best);
  const auto consider = [&](double rate_kbps) {
    const double rate = std::max(std::min(rate_kbps, highest), min_.in_kbps());
    const Hypothesis hypothesis{.rate_kbps = rate, .inherent_loss = most_likely(rate)};
    const double score = likelihood(hypothesis);
    if (score <= best_score) return;
    best = hypothesis;
    best_score = score;
  };
  consider(current * config_.increase);
  consider(current * config_.decrease);
  if (acked) consider(acked->in_kbps());
  if (!delay_based.is_infinite()) consider(delay_based.in_kbps());

  // Losses beyond the path's nature: whatever is likely, this is no time to send more.
  const bool is_over = best.inherent_loss < average_loss() * config_.nature;
  if (limiting_ && is_over) best.rate_kbps = std::min(best.rate_kbps, current);
  inherent_loss_ = best.inherent_loss;
  const DataRate bound =
      std::min({from_kbps(best.rate_kbps), tolerable(average_loss()), delay_based});
  const DataRate before = std::exchange(rate_, std::clamp(bound, min_, max_));
  limiting_ = rate_ < delay_based;
  if (limiting_ && rate_ < before) decreased_ = now;
}

// The inherent loss that fits a capacity best, by expectation and maximisation: each loss is the
// path's nature or the excess, to the shares that the last guess gives them.
double LossController::most_likely(double rate_kbps) const {
  const double highest = config_.max_inherent_loss + config_.balance.in_kbps() / rate_kbps;
  double loss = std::clamp(average_loss(), config_.min_inherent_loss, std::min(highest, 1.0));
  for (int step = 0; step < kFitSteps; ++step) {
    double weight = 1;
    double packets = 0;
    double inherent = 0;
    for (const Observation& seen : observations_ | std::views::reverse) {
      const double over = excess(rate_kbps, seen.rate_kbps);
      packets += weight * seen.packets;
      inherent += weight * seen.lost * loss / (loss + (1 - loss) * over);
      weight *= config_.temporal_weight;
    }
    loss = std::clamp(inherent / packets, config_.min_inherent_loss, std::min(highest, 1.0));
  }
  return loss;
}

// The logarithm of how probable the observations are, and what we would rather have.
double LossController::likelihood(const Hypothesis& hypothesis) const {
  const double liking = preference(hypothesis.rate_kbps);
  double weight = 1;
  double sum = 0;
  for (const Observation& seen : observations_ | std::views::reverse) {
    const double over = excess(hypothesis.rate_kbps, seen.rate_kbps);
    const double loss = std::clamp(hypothesis.inherent_loss + (1 - hypothesis.inherent_loss) * over,
                                   kCertain, 1 - kCertain);
    sum += weight * (seen.lost * std::log(loss) + (seen.packets - seen.lost) * std::log1p(-loss) +
                     seen.packets * liking);
    weight *= config_.temporal_weight;
  }
  return sum;
}

double LossController::preference(double rate_kbps) const {
  constexpr double kSmoothing = 0.002;  // Of the change of sign.
  const double room = config_.preference_ends_at - average_loss();
  return room / (kSmoothing + std::abs(room)) *
         (config_.preference * rate_kbps + config_.log_preference * std::log1p(rate_kbps));
}

// The rate at which so much loss is still allowed to be the path's nature.
DataRate LossController::tolerable(double loss) const {
  if (loss <= config_.max_inherent_loss) return DataRate::infinite();
  return config_.balance * (1 / (loss - config_.max_inherent_loss));
}

}  // namespace parley::cc
