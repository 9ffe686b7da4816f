#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sctp/tx/outgoing_message.h"
#include "sctp/types.h"

namespace parley::sctp {

// Messages that wait to be cut into chunks, and whose turn it is.
//
// The fragments of one message leave in a row (RFC 9260, 6.9); between messages, of the streams
// with something to send that goes first which has had the least so far, in bytes by its priority.
// So a stream of short messages waits for one long message of another stream, and not for all of
// them.
class SendQueue {
 public:
  struct Fragment {
    MessageRef message = {};
    std::size_t offset = 0;
    std::size_t length = 0;

    bool is_first() const { return offset == 0; }
    bool is_last() const { return offset + length == message->message.payload.size(); }
  };

  static constexpr std::uint16_t kNormalPriority = 256;
  // A message that does not fit is only cut where at least so much of it does.
  static constexpr std::size_t kShortestCut = 256;

  void add(Message message, const SendOptions& options, Time expires);

  // Cuts what goes next, at most `room` bytes of it. Messages that expired before their turn are
  // dropped, and counted in take_expired(). The caller gives the message its TSNs.
  std::optional<Fragment> next(Time now, std::size_t room);
  // The message of which a part is cut already, and the rest goes next.
  std::optional<MessageRef> unfinished() const;
  // Drops the rest of that.
  void discard_unfinished();

  // Whether next() would give something, were there room.
  bool has_next() const { return current_ != nullptr || !ready_.empty(); }
  bool empty() const { return buffered_ == 0; }

  // Whether the stream was ever used.
  bool knows(StreamId stream) const { return streams_.contains(stream); }

  // The stream stops after the messages it has now, until finish_reset(). Stopped: all of them are
  // cut.
  void begin_reset(StreamId stream);
  bool is_stopped(StreamId stream) const;
  // Goes on, numbered from zero again if the reset was performed.
  void finish_reset(StreamId stream, bool performed);

  // The peer has lost its state: all streams begin anew, and half a message is of no use.
  void restart();

  std::size_t buffered(StreamId stream) const;
  std::size_t buffered() const { return buffered_; }
  void set_low_threshold(StreamId stream, std::size_t bytes);
  void set_priority(StreamId stream, std::uint16_t priority);

  // The streams that fell to their threshold since the last call.
  std::optional<StreamId> poll_low();
  std::uint64_t take_expired() { return std::exchange(expired_, 0); }

 private:
  // When a stream's turn comes: bytes sent by priority, so that the least is next.
  using Turn = std::uint64_t;

  struct Stream {
    std::deque<MessageRef> messages = {};
    std::uint16_t next_ssn = 0;
    std::uint16_t priority = kNormalPriority;
    Turn turn = 0;
    bool is_ready = false;  // In ready_.
    std::size_t buffered = 0;
    std::size_t low_threshold = 0;
    // Of a reset: how many messages go before it. Stopped at zero.
    std::optional<std::size_t> before_reset = {};
  };
  using Streams = std::map<StreamId, Stream>;

  void update_ready(StreamId id, Stream& stream);
  bool drop_expired(Time now, StreamId id, Stream& stream);
  // Removes its first message, and sets when its turn comes again.
  void pop_front(StreamId id, Stream& stream, Turn turn);
  void subtract(StreamId id, Stream& stream, std::size_t bytes);

  Streams streams_;  // Those that were ever used.
  std::set<std::pair<Turn, StreamId>> ready_;
  Streams::value_type* current_ = nullptr;  // In the middle of a message.
  Turn turn_ = 0;                           // Of who had the last.
  std::size_t buffered_ = 0;
  std::deque<StreamId> low_;
  std::uint64_t expired_ = 0;
};

}  // namespace parley::sctp
