#include "sctp/tx/outstanding.h"

#include <algorithm>
#include <utility>

namespace parley::sctp {

namespace {

constexpr std::uint8_t kReportsOfLoss = 3;
// A SACK of so many gaps may not tell of all (dcsctp stops here), but later of what came long ago:
// then times mean nothing.
constexpr std::size_t kAllGaps = 20;

}  // namespace

const Outstanding::Chunk& Outstanding::add(Time now, const SendQueue::Fragment& fragment) {
  const Tsn tsn = next_tsn();
  if (fragment.is_first()) fragment.message->first_tsn = tsn;
  fragment.message->last_tsn = tsn;
  in_flight_ += fragment.length;
  return chunks_.emplace_back(Chunk{.message = fragment.message,
                                    .offset = static_cast<std::uint32_t>(fragment.offset),
                                    .length = static_cast<std::uint32_t>(fragment.length),
                                    .sent = now});
}

Outstanding::SackResult Outstanding::handle_sack(Time now, const SackView& sack,
                                                 bool in_fast_recovery) {
  SackResult result;
  const Tsn cumulative = Tsn::near(cumulative_, sack.cumulative_tsn());
  if (!is_sane(sack, cumulative)) return {.valid = false};
  if (cumulative < cumulative_) return result;  // Overtaken by a newer one.
  acknowledge_front(now, cumulative, result);
  if (sack.gap_block_count() == 0 && gap_acked_ == 0) return result;
  const Tsn highest_new = acknowledge_gaps(now, sack, result);
  if (sack.gap_block_count() >= kAllGaps) result.round_trip_time.reset();
  const bool counts_all = in_fast_recovery && result.cumulative_advanced;
  if (counts_all && sack.gap_block_count() > 0) {
    count_missing(now, cumulative_ + sack.gap_block(sack.gap_block_count() - 1).last, result);
  } else {
    count_missing(now, highest_new, result);
  }
  return result;
}

void Outstanding::handle_timeout(Time now) {
  for (Tsn tsn = cumulative_ + 1; tsn < next_tsn(); tsn = tsn + 1) {
    Chunk& chunk = chunk_at(tsn);
    chunk.missing_reports = 0;
    chunk.was_fast_retransmitted = false;
    if (chunk.state != State::kInFlight) continue;
    if (is_given_up(now, chunk)) {
      abandon(MessageRef(chunk.message));
    } else {
      lose(tsn, chunk);
    }
  }
}

std::optional<Tsn> Outstanding::first_lost(Time now) {
  while (!lost_.empty()) {
    const Tsn tsn = *lost_.begin();
    if (!is_given_up(now, at(tsn))) return tsn;
    abandon(MessageRef(at(tsn).message));
  }
  return std::nullopt;
}

const Outstanding::Chunk& Outstanding::retransmit(Time now, Tsn tsn, bool fast) {
  Chunk& chunk = chunk_at(tsn);
  lost_.erase(tsn);
  chunk.state = State::kInFlight;
  chunk.sent = now;
  chunk.missing_reports = 0;
  chunk.was_fast_retransmitted |= fast;
  ++chunk.transmissions;
  in_flight_ += chunk.length;
  return chunk;
}

void Outstanding::abandon(const MessageRef& message) {
  message->abandoned = true;
  abandoned_.push_back(message);
  if (!message->is_wholly_cut()) {
    message->last_tsn = next_tsn();
    chunks_.emplace_back(Chunk{.message = message, .state = State::kAbandoned});
  }
  for (Tsn tsn = std::max(message->first_tsn, cumulative_ + 1); tsn <= message->last_tsn;
       tsn = tsn + 1) {
    Chunk& chunk = chunk_at(tsn);
    if (chunk.state == State::kInFlight) in_flight_ -= chunk.length;
    if (chunk.state == State::kLost) lost_.erase(tsn);
    if (chunk.state == State::kAcked) --gap_acked_;
    chunk.state = State::kAbandoned;
  }
}

// Of each stream the last message counts. It is looked for among all of them, as few are skipped.
ForwardTsn Outstanding::forward_tsn(std::size_t max_skipped) const {
  ForwardTsn forward{.new_cumulative_tsn = cumulative_.wire()};
  for (const Chunk& chunk : chunks_) {
    if (chunk.state != State::kAbandoned) break;
    const OutgoingMessage& message = *chunk.message;
    if (message.ordered) {
      const auto known =
          std::ranges::find(forward.skipped, message.message.stream, &ForwardTsn::Skipped::stream);
      if (known != forward.skipped.end()) {
        known->ssn = message.ssn;
      } else if (forward.skipped.size() == max_skipped) {
        break;
      } else {
        forward.skipped.push_back({.stream = message.message.stream, .ssn = message.ssn});
      }
    }
    ++forward.new_cumulative_tsn;
  }
  return forward;
}

bool Outstanding::is_sane(const SackView& sack, Tsn cumulative) const {
  if (cumulative >= next_tsn()) return false;
  for (std::size_t i = 0; i < sack.gap_block_count(); ++i) {
    if (cumulative + sack.gap_block(i).last >= next_tsn()) return false;
  }
  return true;
}

void Outstanding::acknowledge_front(Time now, Tsn cumulative, SackResult& result) {
  while (cumulative_ < cumulative) {
    acknowledge(now, cumulative_ + 1, result);
    if (chunks_.front().state == State::kAcked) --gap_acked_;
    chunks_.pop_front();
    cumulative_ = cumulative_ + 1;
    result.cumulative_advanced = true;
  }
}

void Outstanding::acknowledge(Time now, Tsn tsn, SackResult& result) {
  Chunk& chunk = chunk_at(tsn);
  if (chunk.state == State::kAcked || chunk.state == State::kAbandoned) return;
  if (chunk.state == State::kLost) lost_.erase(tsn);
  if (chunk.state == State::kInFlight) in_flight_ -= chunk.length;
  result.acked_bytes += chunk.length;
  result.latest_sent = std::max(result.latest_sent, chunk.sent);
  // Of what was sent twice no one knows which one came (Karn's rule; RFC 9260, 6.3.1, C5).
  if (chunk.transmissions == 1) result.round_trip_time = now - chunk.sent;
  chunk.state = State::kAcked;
  ++gap_acked_;
}

// The highest TSN that is acknowledged for the first time.
Tsn Outstanding::acknowledge_gaps(Time now, const SackView& sack, SackResult& result) {
  Tsn highest_new = cumulative_;
  std::size_t covered = 0;
  Tsn done = cumulative_;
  for (std::size_t i = 0; i < sack.gap_block_count(); ++i) {
    const GapBlock block = sack.gap_block(i);
    const Tsn last = cumulative_ + block.last;
    for (Tsn tsn = std::max(cumulative_ + block.first, done + 1); tsn <= last; tsn = tsn + 1) {
      const State before = at(tsn).state;
      acknowledge(now, tsn, result);
      if (at(tsn).state != State::kAcked) continue;
      ++covered;
      if (before != State::kAcked) highest_new = tsn;
    }
    done = std::max(done, last);
  }
  if (covered < gap_acked_) take_back(sack);
  return highest_new;
}

// What was acknowledged behind a gap and is no longer has to come again (RFC 9260, 6.2.1, D iii);
// perhaps this SACK is only older than one before. So these wait for T3-rtx or further reports.
void Outstanding::take_back(const SackView& sack) {
  const auto take_back = [&](Tsn first, Tsn end) {
    for (Tsn tsn = first; tsn < end; tsn = tsn + 1) {
      Chunk& chunk = chunk_at(tsn);
      if (chunk.state != State::kAcked) continue;
      chunk.state = State::kInFlight;
      in_flight_ += chunk.length;
      --gap_acked_;
    }
  };
  Tsn done = cumulative_;
  for (std::size_t i = 0; i < sack.gap_block_count(); ++i) {
    const GapBlock block = sack.gap_block(i);
    take_back(done + 1, cumulative_ + block.first);
    done = std::max(done, cumulative_ + block.last);
  }
  take_back(done + 1, next_tsn());
}

void Outstanding::count_missing(Time now, Tsn before, SackResult& result) {
  for (Tsn tsn = cumulative_ + 1; tsn < before; tsn = tsn + 1) {
    Chunk& chunk = chunk_at(tsn);
    if (!can_be_missing(chunk, result)) continue;
    if (++chunk.missing_reports < kReportsOfLoss) continue;
    if (is_given_up(now, chunk)) {
      abandon(MessageRef(chunk.message));
    } else {
      lose(tsn, chunk);
    }
    result.loss = true;
    result.first_is_lost |= tsn == cumulative_ + 1;
  }
}

// RFC 9260, 7.2.4 would leave the second loss of a chunk to T3-rtx, since TSNs alone do not tell
// whether a report is about the first or the second. The times do (as RFC 8985): what was sent
// later has arrived.
bool Outstanding::can_be_missing(const Chunk& chunk, const SackResult& result) const {
  return chunk.state == State::kInFlight &&
         (!chunk.was_fast_retransmitted || chunk.sent < result.latest_sent);
}

void Outstanding::lose(Tsn tsn, Chunk& chunk) {
  chunk.state = State::kLost;
  in_flight_ -= chunk.length;
  lost_.insert(tsn);
}

bool Outstanding::is_given_up(Time now, const Chunk& chunk) const {
  if (!partial_reliability_) return false;
  const OutgoingMessage& message = *chunk.message;
  return message.expires <= now ||
         (message.max_retransmits && chunk.transmissions > *message.max_retransmits);
}

}  // namespace parley::sctp
