#include "rtp/arrival_log.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

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
  if (first_ == end_ && due_ == kNever) next_ = std::max(next_, seq);
  if (!make_room(seq) || at(seq) != kNever) return;  // The first arrival is the one that counts.
  at(seq) = now;
  next_ = std::min(next_, seq);  // It was told as lost: tell again from there.
  if (due_ == kNever) due_ = now + config_.interval;
}

// False for one so old that it was told of long ago.
bool ArrivalLog::make_room(std::uint64_t seq) {
  if (first_ == end_) {
    first_ = seq;
    end_ = seq + 1;
  } else if (seq < first_) {
    if (end_ - seq > config_.max_packets) return false;
    if (end_ - seq > arrivals_.size()) grow(end_ - seq);
    first_ = seq;
  } else if (seq >= end_) {
    while (first_ < end_ && seq + 1 - first_ > config_.max_packets) forget_oldest();
    if (first_ == end_) first_ = seq;
    if (seq + 1 - first_ > arrivals_.size()) grow(seq + 1 - first_);
    end_ = seq + 1;
  }
  if (arrivals_.empty()) grow(1);
  return true;
}

void ArrivalLog::grow(std::size_t span) {
  constexpr std::size_t kSmallest = 64;
  const std::vector<Time> before =
      std::exchange(arrivals_, std::vector<Time>(std::max(std::bit_ceil(span), kSmallest), kNever));
  if (before.empty()) return;
  const std::uint64_t end = std::min(end_, first_ + before.size());
  for (std::uint64_t seq = first_; seq < end; ++seq) at(seq) = before[seq & (before.size() - 1)];
}

void ArrivalLog::forget_oldest() {
  at(first_) = kNever;
  next_ = std::max(next_, ++first_);
  while (first_ < end_ && at(first_) == kNever) ++first_;
}

// What is old enough was told of long ago.
void ArrivalLog::forget_old(Time now) {
  while (first_ < end_ && now - at(first_) > config_.memory) forget_oldest();
}

std::optional<TransportFeedback> ArrivalLog::poll(Time now) {
  if (now < due_) return std::nullopt;
  const auto next_arrival = [&](std::uint64_t seq) {
    while (seq < end_ && at(seq) == kNever) ++seq;
    return seq;
  };
  std::uint64_t seq = next_arrival(std::max(next_, first_));
  if (seq >= end_) {
    due_ = kNever;
    return std::nullopt;
  }
  // A gap longer than one message is skipped: the sender sees from the numbers what is missing.
  if (seq - next_ >= config_.max_message) next_ = seq;

  TransportFeedback feedback{.base_sequence = static_cast<std::uint16_t>(next_),
                             .feedback_count = feedback_count_++};
  feedback.deltas.reserve(std::min<std::uint64_t>(end_ - next_, config_.max_message));
  const std::int64_t reference = ticks_of(at(seq)) / kTicksPerReference;
  feedback.reference_time = on_wire(reference);
  std::int64_t previous = reference * kTicksPerReference;
  for (; seq < end_; seq = next_arrival(seq + 1)) {
    const std::int64_t delta = ticks_of(at(seq)) - previous;
    const bool fits = delta >= std::numeric_limits<std::int16_t>::min() &&
                      delta <= std::numeric_limits<std::int16_t>::max();
    const std::uint64_t missing = seq - next_;
    if (!fits || feedback.deltas.size() + missing >= config_.max_message) return feedback;
    feedback.deltas.resize(feedback.deltas.size() + missing);
    feedback.deltas.emplace_back(static_cast<std::int16_t>(delta));
    previous += delta;
    next_ = seq + 1;
  }
  return feedback;
}

}  // namespace parley::rtp
