#include "cc/aimd_rate_control.h"

#include <algorithm>
#include <cmath>

namespace parley::cc {

AimdRateControl::AimdRateControl(DataRate start, DataRate min, DataRate max, Config config)
    : config_(config), min_(min), max_(max), rate_(std::clamp(start, min, max)) {}

void AimdRateControl::set_limits(DataRate min, DataRate max) {
  min_ = min;
  max_ = max;
  assign(rate_);
}

void AimdRateControl::handle_usage(Time now, Usage usage, Duration queue,
                                   std::optional<DataRate> acked, bool limited) {
  switch (usage) {
    case Usage::kOverusing:
      if (queue >= config_.harmless_queue && may_decrease_again(now, acked)) {
        decrease(now, queue, acked);
      }
      return;
    case Usage::kUnderusing:  // What leaves a queue must not be taken for room.
      if (queue > config_.tolerated_queue) {
        holding_ = true;
        return;
      }
      break;  // It is empty: the trend lags behind.
    case Usage::kNormal: break;
  }
  if (queue < config_.long_queue && !limited) increase(now, acked);
  holding_ = false;
  changed_ = now;
}

void AimdRateControl::handle_overflow(Time now, Duration queue, std::optional<DataRate> acked) {
  // Once a drain, as there is no trend that would tell when it takes effect.
  if (queue < config_.long_queue || (decreased_ && now - *decreased_ < config_.drain)) return;
  decrease(now, queue, acked);
}

void AimdRateControl::handle_probe(Time now, DataRate measured) {
  capacity_.handle_probe(measured);
  set_rate(now, measured);
}

void AimdRateControl::handle_proof(Time now, DataRate measured) {
  handle_probe(now, measured);
  decreased_ = now;
}

void AimdRateControl::set_rate(Time now, DataRate rate) {
  assign(rate);
  changed_ = now;
}

void AimdRateControl::increase(Time now, std::optional<DataRate> acked) {
  if (acked && *acked > capacity_.upper_bound()) capacity_.reset();
  // No more than is proven: a rate that nobody uses would grow for ever.
  const DataRate limit = acked ? *acked * 1.5 + DataRate::kbps(10) : max_;
  if (rate_ >= limit || !changed_) return;
  if (holding_) {  // The queue is gone, and with it the reason to stay below this.
    if (capacity_.estimate()) assign(std::max(rate_, *capacity_.estimate() * config_.decrease));
    return;
  }
  const double elapsed =
      std::chrono::duration<double>(std::min<Duration>(now - *changed_, std::chrono::seconds{1}))
          .count();
  const DataRate step = capacity_.estimate()
                            ? additive_increase_per_second() * elapsed
                            : rate_ * (std::pow(config_.increase_per_second, elapsed) - 1);
  assign(std::min(rate_ + step, limit));
}

void AimdRateControl::decrease(Time now, Duration queue, std::optional<DataRate> acked) {
  const Duration excess = std::max(queue - config_.tolerated_queue, Duration::zero());
  const double deeper = std::chrono::duration<double>(excess) / config_.drain;
  const double factor = std::max(config_.decrease - deeper, config_.deepest_decrease);
  DataRate lower = acked.value_or(rate_) * factor;
  // More arrives than was sent: a queue that drains. What the path carried before is the better
  // clue.
  if (lower > rate_ && capacity_.estimate()) lower = *capacity_.estimate() * factor;
  if (acked) {
    if (*acked < capacity_.lower_bound()) capacity_.reset();
    capacity_.handle_overuse(*acked);
  }
  assign(std::min(rate_, lower));
  holding_ = true;
  changed_ = now;
  decreased_ = now;
}

// The answer to a decrease takes a round trip; before that only a flood is worth another.
bool AimdRateControl::may_decrease_again(Time now, std::optional<DataRate> acked) const {
  using namespace std::chrono_literals;
  if (!decreased_ || now - *decreased_ >= std::clamp<Duration>(rtt_, 10ms, 200ms)) return true;
  return acked && *acked < rate_ * 0.5;
}

// About one packet a response time (draft 5.5).
DataRate AimdRateControl::additive_increase_per_second() const {
  const double frame = static_cast<double>(rate_.in_bps()) / config_.frames_per_second / 8;
  const double packets = std::ceil(frame / static_cast<double>(config_.packet.in_bytes()));
  const DataSize packet = DataSize::bytes(data_units::clamped(frame / std::max(packets, 1.0)));
  return std::max(packet / (rtt_ + config_.detection_time), config_.min_increase);
}

void AimdRateControl::assign(DataRate rate) {
  rate_ = std::clamp(rate, min_, max_);
}

}  // namespace parley::cc
