#include "cc/send_controller.h"

#include <algorithm>
#include <utility>

namespace parley::cc {
namespace {

constexpr double kLittleUse = 0.65;  // Of the target.

}  // namespace

using rtp::SentLog;

SendController::SendController(const Config& config)
    : config_(sensible(config)),
      prober_({.limited_interval = config.probe_interval, .calm_interval = config.probe_interval}),
      delay_(config_.limits.start, config_.limits.min, config_.limits.max),
      loss_(config_.limits.start, config_.limits.min, config_.limits.max),
      target_(config_.limits.start) {}

SendController::Config SendController::sensible(Config config) {
  config.limits = sensible(config.limits);
  return config;
}

// A peer may have a say in them (b=AS in its SDP).
SendController::Limits SendController::sensible(Limits limits) {
  constexpr DataRate kLeast = DataRate::kbps(1);
  limits.max = std::max(limits.max, kLeast);
  limits.min = std::clamp(limits.min, kLeast, limits.max);
  limits.start = std::clamp(limits.start, limits.min, limits.max);
  return limits;
}

void SendController::start(Time now) {
  started_ = true;
  reset(now_.advance(now));
}

void SendController::handle_route_change(Time now) {
  now_.advance(now);
  if (started_) reset(now_.latest());
}

void SendController::reset(Time now) {
  const Limits& limits = config_.limits;
  acked_ = {};
  alr_ = {};
  probe_estimator_ = {};
  delay_ = DelayController(limits.start, limits.min, limits.max);
  tally_ = {};
  loss_ = LossController(limits.start, limits.min, limits.max);
  watch_ = {};
  usage_ = Usage::kNormal;
  reported_.reset();
  rtt_.reset();
  loss_reported_.reset();
  prober_.start(now, delay_.rate(), limits.max);
  update();
}

void SendController::set_limits(Time now, const Limits& wanted) {
  now_.advance(now);
  const Limits limits = sensible(wanted);
  const DataRate start_before = std::exchange(config_.limits, limits).start;
  delay_.set_limits(limits.min, limits.max);
  loss_.set_limits(limits.min, limits.max);
  if (!has_feedback_ && limits.start != start_before) delay_.set_rate(now_.latest(), limits.start);
  if (started_) prober_.set_max(now_.latest(), limits.max);
  update();
}

void SendController::handle_sent(Time now, DataSize size) {
  now_.advance(now);
  const bool was_limited = is_limited();
  alr_.handle_sent(now_.latest(), size);
  // It told what was sent, not what could be.
  if (was_limited && !is_limited() && !delay_.is_filled()) acked_ = {};
  prober_.set_limited_since(alr_.limited_since());
  sent_since_ += size;
  if (!has_feedback_) return;
  const auto factor = watch_.handle_sent(now_.latest());
  if (!factor) return;
  prober_.handle_time_out(now_.latest());
  const DataRate lower = target_ * *factor;
  delay_.set_rate(now_.latest(), lower);
  loss_.set_rate(lower);
  update();
}

void SendController::handle_input(Time now, Feedback feedback) {
  now_.advance(now);
  std::vector<SentLog::PacketResult> memory;
  const Results arrived = arrived_of(feedback.results, memory);
  if (arrived.empty()) return;
  has_feedback_ = true;
  prober_.set_periodic(true);
  const Duration rtt = measure_round_trip(arrived);
  rtt_ = rtt_ ? (*rtt_ * 7 + rtt) / 8 : rtt;
  delay_.set_round_trip_time(*rtt_);
  if (watch_.handle_feedback(now_.latest(), rtt)) prober_.handle_return(now_.latest());
  notice_gap(feedback.results);
  handle_arrivals(arrived);
  handle_losses(feedback.results);
  update();
}

// Those that came and make sense, in the order of their arrival. Mostly these are the results as
// they stand; else they are put into `memory`.
SendController::Results SendController::arrived_of(Results results,
                                                   std::vector<SentLog::PacketResult>& memory) {
  const auto counts = [&](const SentLog::PacketResult& result) {
    return result.received && makes_sense(result);
  };
  const auto arrival = &SentLog::PacketResult::received;
  if (std::ranges::all_of(results, counts) && std::ranges::is_sorted(results, {}, arrival)) {
    return results;
  }
  for (const SentLog::PacketResult& result : results) {
    if (!makes_sense(result)) ++counts_.ignored_results;
    if (counts(result)) memory.push_back(result);
  }
  std::ranges::stable_sort(memory, {}, arrival);
  return memory;
}

// The size of a result is that of a packet we sent, the times are a peer's word and may be
// anything.
bool SendController::makes_sense(const SentLog::PacketResult& result) const {
  if (result.sent > now_.latest() || result.sent < now_.latest() - config_.max_age) return false;
  return !result.received || (*result.received > -kEternity && *result.received < kEternity);
}

// Of the packet that waited least for this report: the last to arrive, or one sent after it.
Duration SendController::measure_round_trip(Results arrived) const {
  Duration shortest = Duration::max();
  for (const SentLog::PacketResult& packet : arrived) {
    const Duration waited = *arrived.back().received - *packet.received;
    shortest = std::min(shortest, now_.latest() - packet.sent - waited);
  }
  return std::max(shortest, Duration::zero());
}

// A report that was lost on its way: the packets it was about are of unknown fate.
void SendController::notice_gap(Results results) {
  if (reported_ && results.front().seq > *reported_ + 1) acked_.skip_window();
  reported_ = std::max(reported_.value_or(results.back().seq), results.back().seq);
}

void SendController::handle_arrivals(Results arrived) {
  std::optional<ProbeEstimator::Result> probe;
  std::optional<DataRate> trial;
  measure(arrived);
  for (const SentLog::PacketResult& packet : arrived) {
    const auto result = probe_estimator_.handle_packet(packet);
    if (!result) continue;
    if (result->kind == ProbeKind::kTrial) {
      trial = result->rate;
    } else {
      probe = result;
    }
  }
  const bool was_filled = delay_.is_filled();
  // Then what comes out tells what is sent, and nothing of the path.
  const bool little_sent =
      is_limited() || acked_.estimate().value_or(target_) < target_ * kLittleUse;
  const auto verdict = delay_.handle_report(now_.latest(), {.arrived = arrived,
                                                            .acked = acked_.estimate(),
                                                            .measuring = acked_.is_measuring_anew(),
                                                            .probe = probe,
                                                            .limited = is_limited(),
                                                            .little_sent = little_sent});
  if (little_sent && delay_.is_filled() && !was_filled) {
    acked_.measure_anew();
    measure(arrived);
  }
  // What arrives changes for a reason, so it is no outlier.
  const bool overuse_begins = verdict.usage == Usage::kOverusing && usage_ != Usage::kOverusing;
  if (overuse_begins || probe) acked_.expect_fast_change();
  usage_ = verdict.usage;
  counts_.overuses += overuse_begins;
  if (probe && (usage_ != Usage::kOverusing || probe->kind == ProbeKind::kProof)) {
    ++counts_.probe_results;
    loss_.handle_probe(probe->rate);
    prober_.handle_result(now_.latest(), probe->rate);
  }
  if (usage_ == Usage::kOverusing) prober_.handle_overuse(now_.latest());
  if (trial) prober_.handle_trial(now_.latest(), *trial);
  if (verdict.recovered) prober_.handle_recovery(now_.latest());
}

void SendController::measure(Results arrived) {
  const bool limited = is_limited() && !delay_.is_filled();
  for (const SentLog::PacketResult& packet : arrived) {
    acked_.handle_packet(*packet.received, DataSize::bytes(packet.size), limited);
  }
}

void SendController::handle_losses(Results results) {
  const auto is_sensible = [&](const auto& result) { return makes_sense(result); };
  std::vector<SentLog::PacketResult> sensible;  // Where they are not all.
  if (!std::ranges::all_of(results, is_sensible)) {
    std::ranges::copy_if(results, std::back_inserter(sensible), is_sensible);
    results = sensible;
  }
  if (const auto report = tally_.handle_results(now_.latest(), results)) {
    loss_.handle_report(now_.latest(), *report, throughput(), delay_.rate());
    if (loss_.is_limiting()) delay_.handle_losses(now_.latest(), throughput());
  }
}

void SendController::handle_loss_report(Time now, std::uint64_t lost, std::uint64_t expected) {
  now_.advance(now);
  if (has_feedback_ || expected == 0) return;
  const Time since = std::exchange(loss_reported_, now_.latest()).value_or(now_.latest());
  const DataSize sent = std::exchange(sent_since_, DataSize());
  if (now_.latest() <= since) return;
  const double share =
      static_cast<double>(std::min(lost, expected)) / static_cast<double>(expected);
  const LossReport report{.sent_first = since,
                          .sent_last = now_.latest(),
                          .packets = expected,
                          .lost = std::min(lost, expected),
                          .size = sent};
  const DataRate received = sent * (1 - share) / (now_.latest() - since);
  loss_.handle_report(now_.latest(), report, received, remb().value_or(DataRate::infinite()));
  update();
}

void SendController::handle_round_trip(Time now, Duration rtt) {
  now_.advance(now);
  if (has_feedback_ || rtt < Duration::zero()) return;  // Feedback tells it more often.
  rtt_ = std::min(rtt, kEternity);
  delay_.set_round_trip_time(*rtt_);
}

void SendController::handle_remb(Time now, DataRate rate) {
  now_.advance(now);
  remb_ = rate;
  remb_until_ = now_.latest() + config_.remb_lifetime;
  update();
}

std::optional<DataRate> SendController::remb() const {
  if (now_.latest() >= remb_until_) return std::nullopt;
  return remb_;
}

void SendController::handle_timeout(Time now) {
  now_.advance(now);
  update();
}

void SendController::update() {
  if (!started_) return;
  const DataRate allowed = remb().value_or(DataRate::infinite());
  const DataRate cap = std::min(loss_.rate(), allowed);
  const bool losses_alone = !has_feedback_ && loss_.is_limiting();
  const DataRate path = losses_alone ? cap : std::min(delay_.rate(), cap);
  target_ = std::clamp(path, config_.limits.min, config_.limits.max);
  alr_.set_target(now_.latest(), target_);
  prober_.handle_target(now_.latest(), target_, loss_.are_losses_over() ? allowed : cap);
  while (const auto cluster = prober_.poll(now_.latest())) {
    ++counts_.probes;
    probe_estimator_.expect(*cluster);
    probes_.push_back(*cluster);
  }
}

std::optional<SendController::Output> SendController::poll_output() {
  if (!started_) return std::nullopt;
  const TargetChanged now{.target = target_,
                          .pacing = target_ * config_.pacing_factor,
                          .padding = std::min(config_.padding, target_)};
  if (told_ != now) return *(told_ = now);
  if (probes_.empty()) return std::nullopt;
  const ProbeCluster cluster = probes_.front();
  probes_.pop_front();
  return cluster;
}

Time SendController::next_deadline() const {
  if (!started_) return kNever;
  const Time remb_ends = now_.latest() < remb_until_ ? remb_until_ : kNever;
  return std::min(remb_ends, prober_.next_deadline());
}

SendController::Stats SendController::stats() const {
  Stats stats = counts_;
  stats.target = target_;
  stats.delay_based = delay_.rate();
  stats.loss_based = loss_.rate();
  stats.remb = remb();
  stats.acked = acked_.estimate();
  stats.loss = loss_.average_loss();
  stats.rtt = rtt_;
  stats.usage = usage_;
  stats.application_limited = is_limited();
  stats.feedback_timed_out = watch_.timed_out();
  return stats;
}

}  // namespace parley::cc
