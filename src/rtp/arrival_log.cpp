#include "rtp/arrival_log.h"

#include <algorithm>
#include <limits>

namespace parley::rtp {
namespace {

using rtcp::TransportFeedback;

std::int64_t ticks_of(Time time) {
  return time.time_since_epoch() / TransportFeedback::kTick;
}

constexpr std::int64_t kTicksPerReference =
    TransportFeedback::kReferenceTick / TransportFeedback::kTick;

// Of a reference time, 24 bits travel.
std::int32_t on_wire(std::int64_t reference) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(reference) << 8) >> 8;
}

}  // namespace

void ArrivalLog::handle_packet(Time now, std::uint16_t transport_sequence_number) {
  forget_old(now);
  const std::uint64_t seq = sequence_.extend(transport_sequence_number);
  if (arrivals_.empty() && due_ == kNever) next_ = std::max(next_, seq);
  if (!arrivals_.emplace(seq, now).second) return;  // The first arrival is the one that counts.
  next_ = std::min(next_, seq);                     // It was told as lost: tell again from there.
  if (due_ == kNever) due_ = now + config_.interval;
}

// What is old enough was told of long ago.
void ArrivalLog::forget_old(Time now) {
  const auto is_old = [&](const auto& arrival) {
    return now - arrival.second > config_.memory || arrivals_.size() >= config_.max_packets;
  };
  while (!arrivals_.empty() && is_old(*arrivals_.begin())) {
    next_ = std::max(next_, arrivals_.begin()->first + 1);
    arrivals_.erase(arrivals_.begin());
  }
}

std::optional<TransportFeedback> ArrivalLog::poll(Time now) {
  if (now < due_) return std::nullopt;
  auto arrival = arrivals_.lower_bound(next_);
  if (arrival == arrivals_.end()) {
    due_ = kNever;
    return std::nullopt;
  }
  // A gap longer than one message is skipped: the sender sees from the numbers what is missing.
  if (arrival->first - next_ >= config_.max_packets) next_ = arrival->first;

  TransportFeedback feedback{.base_sequence = static_cast<std::uint16_t>(next_),
                             .feedback_count = feedback_count_++};
  const std::int64_t reference = ticks_of(arrival->second) / kTicksPerReference;
  feedback.reference_time = on_wire(reference);
  std::int64_t previous = reference * kTicksPerReference;
  for (; arrival != arrivals_.end(); ++arrival) {
    const std::int64_t delta = ticks_of(arrival->second) - previous;
    const bool fits = delta >= std::numeric_limits<std::int16_t>::min() &&
                      delta <= std::numeric_limits<std::int16_t>::max();
    const std::uint64_t missing = arrival->first - next_;
    if (!fits || feedback.deltas.size() + missing >= config_.max_packets) return feedback;
    feedback.deltas.resize(feedback.deltas.size() + missing);
    feedback.deltas.emplace_back(static_cast<std::int16_t>(delta));
    previous += delta;
    next_ = arrival->first + 1;
  }
  return feedback;
}

}  // namespace parley::rtp
