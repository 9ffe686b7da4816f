#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <vector>

#include "base/time.h"
#include "sctp/packet/forward_tsn.h"
#include "sctp/packet/sack.h"
#include "sctp/packet/tsn.h"
#include "sctp/tx/outgoing_message.h"
#include "sctp/tx/send_queue.h"

namespace parley::sctp {

// The chunks that have been sent and are not acknowledged cumulatively: what is under way, what is
// lost and waits to be sent again, and what has been given up (RFC 9260, 6.2.1 and 7.2.4; RFC
// 3758).
class Outstanding {
 public:
  struct Chunk {
    enum class State : std::uint8_t { kInFlight, kAcked, kLost, kAbandoned };

    MessageRef message = {};
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
    Time sent = {};
    std::uint16_t transmissions = 1;
    std::uint8_t missing_reports = 0;
    bool was_fast_retransmitted = false;
    State state = State::kInFlight;
  };

  struct SackResult {
    bool valid = true;  // It acknowledges nothing that was never sent.
    bool cumulative_advanced = false;
    bool loss = false;           // Chunks were found lost by three reports.
    bool first_is_lost = false;  // The oldest is among them.
    std::size_t acked_bytes = 0;
    Time latest_sent = kAtOnce;  // Of what was acknowledged.
    std::optional<Duration> round_trip_time = {};
  };

  Outstanding(Tsn first, bool partial_reliability)
      : cumulative_(first - 1), partial_reliability_(partial_reliability) {}

  // A fragment leaves for the first time. Its TSN is next_tsn() as it was before.
  const Chunk& add(Time now, const SendQueue::Fragment& fragment);

  // `in_fast_recovery` loosens which chunks a report counts for (RFC 9260, 7.2.4).
  SackResult handle_sack(Time now, const SackView& sack, bool in_fast_recovery);
  // T3-rtx has expired: all that was in flight is taken for lost (RFC 9260, 6.3.3).
  void handle_timeout(Time now);

  bool empty() const { return chunks_.empty(); }
  std::size_t in_flight() const { return in_flight_; }
  Tsn cumulative() const { return cumulative_; }
  Tsn next_tsn() const { return cumulative_ + chunks_.size() + 1; }
  const Chunk& at(Tsn tsn) const { return chunks_[tsn - cumulative_ - 1]; }

  bool has_lost() const { return !lost_.empty(); }
  // The oldest lost chunk, if it is to be sent again; messages whose limits are reached are given
  // up on the way.
  std::optional<Tsn> first_lost(Time now);
  // It leaves again.
  const Chunk& retransmit(Time now, Tsn tsn, bool fast);

  // Gives up the message. If it is not wholly cut, a TSN is spent on the end of it: else a peer
  // that has all of the fragments so far would wait for the rest forever.
  void abandon(const MessageRef& message);
  // Messages given up since the last call: the queue may hold the rest of them.
  std::vector<MessageRef> take_abandoned() { return std::exchange(abandoned_, {}); }
  bool can_abandon() const { return partial_reliability_; }

  // Whether the oldest chunks are given up, so that the peer has to be told.
  bool has_forward_tsn() const {
    return !chunks_.empty() && chunks_.front().state == Chunk::State::kAbandoned;
  }
  // With at most `max_skipped` streams: it goes less far if it has to (RFC 3758, 3.5, C4).
  ForwardTsn forward_tsn(std::size_t max_skipped) const;

 private:
  using State = Chunk::State;

  Chunk& chunk_at(Tsn tsn) { return chunks_[tsn - cumulative_ - 1]; }
  bool is_sane(const SackView& sack, Tsn cumulative) const;
  void acknowledge_front(Time now, Tsn cumulative, SackResult& result);
  void acknowledge(Time now, Tsn tsn, SackResult& result);
  Tsn acknowledge_gaps(Time now, const SackView& sack, SackResult& result);
  void take_back(const SackView& sack);
  void count_missing(Time now, Tsn before, SackResult& result);
  bool can_be_missing(const Chunk& chunk, const SackResult& result) const;
  void lose(Tsn tsn, Chunk& chunk);
  bool is_given_up(Time now, const Chunk& chunk) const;

  Tsn cumulative_;
  bool partial_reliability_;
  std::deque<Chunk> chunks_;  // From cumulative_ + 1 on, in a row.
  std::set<Tsn> lost_;
  std::size_t in_flight_ = 0;  // Bytes of chunks in that state.
  std::size_t gap_acked_ = 0;  // Chunks that are acknowledged, and not cumulatively.
  std::vector<MessageRef> abandoned_;
};

}  // namespace parley::sctp
