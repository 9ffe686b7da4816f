#include "cc/prober.h"

#include <utility>

namespace parley::cc {

void Prober::start(Time now, DataRate target, DataRate max) {
  target_ = target;
  max_ = max;
  cap_ = DataRate::infinite();
  waiting_.clear();
  drop_.reset();
  before_time_out_.reset();
  has_limit_ = false;
  trials_deceive_ = false;
  last_overuse_ = now;
  probe(now, target * config_.first);
  probe(now, target * config_.second);
}

void Prober::set_max(Time now, DataRate max) {
  const DataRate before = std::exchange(max_, max);
  // Only where the path was not what held it: else the new maximum is no news.
  const bool was_at_max = target_ >= before * config_.further_threshold;
  if (max > before && periodic_ && was_at_max) probe(now, max);
}

void Prober::handle_target(Time now, DataRate target, DataRate cap) {
  if (target < target_ * config_.large_drop) {
    // One drop may come in several steps.
    const DataRate before = drop_ ? std::max(drop_->before, target_) : target_;
    drop_ = {.at = now, .before = before};
  }
  target_ = target;
  cap_ = cap;
  has_limit_ |= !cap.is_infinite();
}

void Prober::handle_result(Time now, DataRate measured) {
  if (proof_) trials_deceive_ = measured < *proof_ * config_.proven;
  if (now - last_probe_ > config_.result_time || measured < min_to_go_on_) return;
  probe(now, measured * config_.further);
}

void Prober::handle_trial(Time now, DataRate measured) {
  const auto trial = std::exchange(trial_, std::nullopt);
  if (!trial || now - last_probe_ > config_.result_time) return;
  const DataRate rate = std::min(measured, *trial);
  const double gain = limited_since_ ? config_.worth_a_proof : config_.worth_a_proof_unlimited;
  if (rate >= target_ * gain) push(now, rate, config_.proof, ProbeKind::kProof);
}

void Prober::handle_overuse(Time now) {
  last_overuse_ = now;
  has_limit_ = true;
  trial_.reset();
  min_to_go_on_ = DataRate::infinite();
  waiting_.clear();
}

void Prober::handle_recovery(Time now) {
  const auto drop = std::exchange(drop_, std::nullopt);
  if (!drop || now - drop->at > config_.recovery_time) return;
  probe(now, drop->before * config_.recovery);
}

void Prober::handle_time_out(Time now) {
  if (!before_time_out_) before_time_out_ = target_;
  waiting_.clear();
  last_probe_ = now;
}

void Prober::handle_return(Time now) {
  if (const auto before = std::exchange(before_time_out_, std::nullopt)) {
    probe(now, *before * config_.recovery);
  }
}

std::optional<ProbeCluster> Prober::poll(Time now) {
  if (waiting_.empty() && next_deadline() <= now) {
    probe(now, target_ * config_.periodic);
    last_probe_ = now;
  }
  if (waiting_.empty()) return std::nullopt;
  ProbeCluster cluster = waiting_.front();
  waiting_.pop_front();
  return cluster;
}

Time Prober::next_deadline() const {
  if (!waiting_.empty()) return kAtOnce;
  if (!periodic_ || before_time_out_ || target_ >= ceiling()) return kNever;
  const Time calm = std::max(last_probe_, last_overuse_) + config_.calm_interval;
  if (!limited_since_) return calm;
  return std::min(calm, std::max(*limited_since_, last_probe_) + config_.limited_interval);
}

void Prober::probe(Time now, DataRate rate) {
  const DataRate most = std::min(rate, ceiling());
  if (most <= target_) return;
  if (!has_limit_) {
    push(now, most, config_.duration, ProbeKind::kPlain);
  } else if (!trials_deceive_) {
    push(now, most, config_.duration, ProbeKind::kTrial);
  } else {
    push(now, most, config_.proof, ProbeKind::kProof);
  }
  min_to_go_on_ = rate < ceiling() ? rate * config_.further_threshold : DataRate::infinite();
}

void Prober::push(Time now, DataRate rate, Duration duration, ProbeKind kind) {
  if (waiting_.size() >= config_.max_waiting) return;
  waiting_.push_back({.id = {++last_id_},
                      .rate = rate,
                      .min_packets = config_.min_packets,
                      .min_size = rate * duration,
                      .kind = kind});
  last_probe_ = now;
  trial_.reset();
  proof_.reset();
  if (kind == ProbeKind::kTrial) trial_ = rate;
  if (kind == ProbeKind::kProof) proof_ = rate;
}

}  // namespace parley::cc
