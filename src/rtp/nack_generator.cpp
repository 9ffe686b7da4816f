#include "rtp/nack_generator.h"

#include <algorithm>
#include <utility>

namespace parley::rtp {

void NackGenerator::handle_packet(Time now, SeqNo seq) {
  if (newest_ && seq <= *newest_) {
    remove(seq);
    return;
  }
  if (newest_) add_gap(now, *newest_ + 1, seq);
  newest_ = seq;
}

void NackGenerator::forget_before(SeqNo seq) {
  const auto end = std::ranges::lower_bound(missing_, seq, {}, &Missing::seq);
  missing_.erase(missing_.begin(), end);
}

NackGenerator::Feedback NackGenerator::poll(Time now) {
  const auto given_up = std::erase_if(missing_, [&](const Missing& m) {
    return m.due <= now && m.requests == config_.max_requests;
  });

  Feedback feedback{.key_frame = std::exchange(key_frame_needed_, false) || given_up > 0};
  for (Missing& m : missing_) {
    if (m.due > now) continue;
    feedback.missing.push_back(m.seq);
    m.due = now + std::max(rtt_, config_.min_retry_interval);
    ++m.requests;
  }
  return feedback;
}

Time NackGenerator::next_deadline() const {
  if (key_frame_needed_) return kAtOnce;
  if (missing_.empty()) return kNever;
  return std::ranges::min(missing_, {}, &Missing::due).due;
}

// Notes the packets in [first, last) as missing.
void NackGenerator::add_gap(Time now, SeqNo first, SeqNo last) {
  if (missing_.size() + (last - first) > config_.max_missing) {
    missing_.clear();
    key_frame_needed_ = true;
    return;
  }
  for (SeqNo seq = first; seq < last; seq = seq + 1) {
    missing_.push_back({.seq = seq, .due = now + config_.reorder_grace});
  }
}

void NackGenerator::remove(SeqNo seq) {
  const auto it = std::ranges::lower_bound(missing_, seq, {}, &Missing::seq);
  if (it != missing_.end() && it->seq == seq) missing_.erase(it);
}

}  // namespace parley::rtp
