#include "rtp/sent_log.h"

#include <algorithm>

namespace parley::rtp {

using rtcp::TransportFeedback;

std::uint16_t SentLog::add(Time now, std::size_t size, ProbeId probe) {
  forget_old(now);
  in_flight_.emplace_hint(in_flight_.end(), next_, Sent{.time = now, .size = size, .probe = probe});
  bytes_in_flight_ += size;
  return static_cast<std::uint16_t>(next_++);
}

std::vector<SentLog::PacketResult> SentLog::handle_feedback(const TransportFeedback& feedback) {
  std::vector<PacketResult> results;
  std::int64_t ticks = extend_reference(feedback.reference_time) *
                       (TransportFeedback::kReferenceTick / TransportFeedback::kTick);
  // The base is the number nearest to what was sent last.
  const auto behind =
      static_cast<std::uint16_t>(static_cast<std::uint16_t>(next_ - 1) - feedback.base_sequence);
  std::uint64_t seq = next_ - 1 - std::min<std::uint64_t>(behind, next_ - 1);
  for (const auto& delta : feedback.deltas) {
    if (delta) ticks += *delta;
    const auto it = in_flight_.find(seq++);
    if (it == in_flight_.end()) continue;
    PacketResult& result = results.emplace_back();
    result = {.seq = {it->first},
              .size = it->second.size,
              .sent = it->second.time,
              .received = {},
              .probe = it->second.probe};
    if (!delta) continue;
    result.received = ticks * TransportFeedback::kTick;
    forget(it);
  }
  return results;
}

void SentLog::forget_old(Time now) {
  const auto is_old = [&](const auto& entry) {
    return now - entry.second.time > config_.memory || in_flight_.size() >= config_.max_packets;
  };
  while (!in_flight_.empty() && is_old(*in_flight_.begin())) forget(in_flight_.begin());
}

void SentLog::forget(std::map<std::uint64_t, Sent>::iterator it) {
  bytes_in_flight_ -= it->second.size;
  in_flight_.erase(it);
}

// 24 bits of 64 ms wrap after twelve days.
std::int64_t SentLog::extend_reference(std::int32_t reference_time) {
  if (!newest_reference_) return *(newest_reference_ = reference_time);
  const auto change = static_cast<std::uint32_t>(reference_time - *newest_reference_) << 8;
  const std::int64_t extended = *newest_reference_ + (static_cast<std::int32_t>(change) >> 8);
  newest_reference_ = std::max(*newest_reference_, extended);
  return extended;
}

}  // namespace parley::rtp
