#include "rtp/receiver_references.h"

namespace parley::rtp {

void ReceiverReferences::handle(Time now, const rtcp::ExtendedReport& report) {
  if (!report.receiver_reference_time) return;
  const bool is_known = unanswered_.contains(report.sender);
  if (!is_known && unanswered_.size() >= config_.max_receivers) return;
  unanswered_[report.sender] = {.middle_of_ntp = report.receiver_reference_time->middle(),
                                .arrived = now};
}

std::optional<rtcp::ExtendedReport> ReceiverReferences::report(Time now, Ssrc sender) {
  rtcp::ExtendedReport answer{.sender = sender};
  for (const auto& [receiver, reference] : unanswered_) {
    const Duration held = now - reference.arrived;
    if (held > config_.memory) continue;
    answer.last_receiver_references.push_back({.ssrc = receiver,
                                               .last_rr = reference.middle_of_ntp,
                                               .delay_since_last_rr = to_fixed_16_16(held)});
  }
  unanswered_.clear();
  if (answer.last_receiver_references.empty()) return std::nullopt;
  return answer;
}

}  // namespace parley::rtp
