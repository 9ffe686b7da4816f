#include "cc/delay_controller.h"

#include <algorithm>

namespace parley::cc {
namespace {

constexpr Duration kSilence = std::chrono::seconds{2};  // After it, delay is learnt anew.

}  // namespace

DelayController::DelayController(DataRate start, DataRate min, DataRate max)
    : rate_control_(start, min, max, {}) {}

DelayController::Verdict DelayController::handle_report(Time now, const Report& report) {
  if (last_report_ && now - *last_report_ > kSilence) {
    inter_arrival_ = {};
    trendline_ = {};
    queue_ = {};
  }
  last_report_ = now;
  Verdict verdict;
  Usage usage = trendline_.usage();
  Duration shortest = Duration::max();
  for (const auto& packet : report.arrived) {
    shortest = std::min(shortest, *packet.received - packet.sent.time_since_epoch());
    const auto deltas = inter_arrival_.handle_packet(now, packet.sent, *packet.received);
    if (!deltas) continue;
    const Usage before = usage;
    usage = trendline_.handle(*deltas, *packet.received);
    if (before == Usage::kUnderusing && usage == Usage::kNormal) verdict.recovered = true;
  }
  const bool was_filled = is_filled();
  if (!report.arrived.empty()) queue_.handle_report(now, shortest);
  // The trend needs many bursts, and a flood holds them up. One report may be of a path that stood
  // still for a moment; and how deep to give way is known once what comes out has been measured.
  if (queue_.is_flooded() && was_filled && !report.measuring) usage = Usage::kOverusing;
  verdict.usage = usage;
  if (report.probe && counts(report, *report.probe, usage)) {
    if (report.probe->kind == ProbeKind::kProof) {
      rate_control_.handle_proof(now, report.probe->rate);
    } else {
      rate_control_.handle_probe(now, report.probe->rate);
    }
  } else {
    const bool proves_nothing = report.limited && !is_filled();
    rate_control_.handle_usage(now, usage, queue_.current(),
                               proves_nothing ? std::nullopt : report.acked, report.limited);
  }
  return verdict;
}

// One that found less is left to the delay to confirm: it may have met another's burst. A proof is
// longer than that: it also counts where too little is sent for a delay to tell, and the queue that
// grows may be its own.
bool DelayController::counts(const Report& report, const ProbeEstimator::Result& probe,
                             Usage usage) const {
  const bool is_more = probe.rate > rate();
  if (probe.kind == ProbeKind::kProof) return is_more || report.little_sent;
  return is_more && usage != Usage::kOverusing;
}

}  // namespace parley::cc
