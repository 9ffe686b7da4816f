#include "rtp/sent_log.h"

#include <algorithm>
#include <bit>

namespace parley::rtp {
namespace {

using rtcp::TransportFeedback;

constexpr std::size_t kFirstSize = 32;
constexpr std::size_t kMaxDatagram = 65'535;

}  // namespace

std::uint16_t SentLog::add(Time now, std::size_t size, ProbeId probe) {
  forget_old(now);
  if (next_ - oldest_ == ring_.size()) resize(std::max(2 * ring_.size(), kFirstSize));
  const std::size_t stored = std::min(size, kMaxDatagram);
  at(next_) = {.time = now,
               .probe = static_cast<std::uint32_t>(probe.value),
               .size = static_cast<std::uint16_t>(stored),
               .state = State::kUnderWay};
  bytes_in_flight_ += stored;
  return static_cast<std::uint16_t>(next_++);
}

std::vector<SentLog::PacketResult> SentLog::handle_feedback(const TransportFeedback& feedback) {
  std::vector<PacketResult> results;
  results.reserve(feedback.deltas.size());
  std::int64_t ticks = extend_reference(feedback.reference_time) *
                       (TransportFeedback::kReferenceTick / TransportFeedback::kTick);
  // The base is the number nearest to what was sent last.
  const auto behind =
      static_cast<std::uint16_t>(static_cast<std::uint16_t>(next_ - 1) - feedback.base_sequence);
  std::uint64_t seq = next_ - 1 - std::min<std::uint64_t>(behind, next_ - 1);
  for (const auto& delta : feedback.deltas) {
    if (delta) ticks += *delta;
    const std::uint64_t told = seq++;
    if (told < oldest_ || told >= next_) continue;
    Sent& sent = at(told);
    if (sent.state == State::kTold) continue;
    PacketResult& result = results.emplace_back();
    result = {
        .seq = {told}, .size = sent.size, .sent = sent.time, .received = {}, .probe = {sent.probe}};
    sent.state = delta ? State::kTold : State::kMissing;
    if (!delta) continue;
    result.received = ticks * TransportFeedback::kTick;
    bytes_in_flight_ -= sent.size;
    newest_received_ = std::max(newest_received_, sent.time);
  }
  forget_told();
  return results;
}

void SentLog::forget_oldest() {
  const Sent& sent = at(oldest_++);
  if (sent.state != State::kTold) bytes_in_flight_ -= sent.size;
}

void SentLog::forget_old(Time now) {
  while (oldest_ < next_) {
    const bool is_old = now - at(oldest_).time > config_.memory;
    if (!is_old && next_ - oldest_ < config_.max_packets) return;
    forget_oldest();
  }
}

// What cannot be told of any more makes room, so that one lost packet does not hold all after it.
void SentLog::forget_told() {
  while (oldest_ < next_) {
    const Sent& sent = at(oldest_);
    const bool is_lost = sent.state == State::kMissing && newest_received_ != kAtOnce &&
                         newest_received_ - sent.time > config_.reordering;
    if (sent.state != State::kTold && !is_lost) break;
    forget_oldest();
  }
  constexpr std::uint64_t kShare = 8;  // Half of the ring is enough, and will not fill at once.
  if (ring_.size() > kFirstSize && (next_ - oldest_) * kShare < ring_.size()) {
    resize(ring_.size() / 2);
  }
}

void SentLog::resize(std::size_t size) {
  std::vector<Sent> ring(std::bit_ceil(size));
  for (std::uint64_t seq = oldest_; seq < next_; ++seq) ring[seq & (ring.size() - 1)] = at(seq);
  ring_ = std::move(ring);
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
