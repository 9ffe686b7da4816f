#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/sans_io.h"
#include "base/time.h"
#include "sctp/config.h"
#include "sctp/types.h"

namespace parley::sctp {

// One SCTP association (RFC 9260) over a datagram path that somebody else protects: DTLS.
//
// Both ends may connect() at the same moment, as WebRTC does; an end that never calls it is opened
// by the other's INIT. Once closed, it stays closed: a new connection is a new object.
//
// Packets are made when they are asked for: poll_output() fills the next one from what waits. So
// messages that are sent in a row, before the owner drains, share packets. Drain after each call
// that takes a time.
class Association {
 public:
  struct Datagram {
    Bytes payload = {};  // One SCTP packet, out of one DTLS record. Borrowed during the call.
  };
  using Input = Datagram;

  struct Transmit {
    std::vector<std::uint8_t> packet = {};
  };
  struct Connected {
    std::uint16_t outgoing_streams = 0;  // That the peer takes and we have.
    std::uint16_t incoming_streams = 0;
  };
  // The peer lost its state and connected anew (RFC 9260, 5.2.4.1). What was under way is lost; the
  // streams count from zero again, and messages that had not been in any packet are still sent.
  struct PeerRestarted {};
  struct MessageReceived {
    Message message = {};
    bool ordered = true;
  };
  // The peer will send nothing more that belongs to the old life of these streams; their order has
  // begun anew (RFC 6525). Empty: all streams.
  struct IncomingStreamsReset {
    std::vector<StreamId> streams = {};
  };
  // What reset_streams() asked for, or the peer did, is done: they begin anew.
  struct OutgoingStreamsReset {
    std::vector<StreamId> streams = {};
  };
  // The peer refused it, or does not know resets. What waits on these streams is sent on.
  struct StreamResetFailed {
    std::vector<StreamId> streams = {};
  };
  struct BufferedAmountLow {
    StreamId stream = {};
  };
  struct Closed {  // The last output. What was not sent is lost, unless kShutdown.
    CloseReason reason = CloseReason::kShutdown;
    std::string text = {};  // For a log: the cause that the peer gave, or ours.
  };
  using Output =
      std::variant<Transmit, Connected, PeerRestarted, MessageReceived, IncomingStreamsReset,
                   OutgoingStreamsReset, StreamResetFailed, BufferedAmountLow, Closed>;

  // RFC 9260, 4, as far as an owner cares.
  enum class State : std::uint8_t { kListening, kConnecting, kEstablished, kShuttingDown, kClosed };

  // `random` must outlive it. It gives tags, first numbers and the key of our cookies.
  explicit Association(Random& random) : Association(random, Config{}) {}
  Association(Random& random, const Config& config);
  Association(Association&&) noexcept;
  Association& operator=(Association&&) noexcept;
  ~Association();

  // Sends INIT, again and again, until the peer answers or Config::max_init_retransmissions.
  void connect(Time now);

  // Queues it. Streams with something to send take turns, message by message. A message may be
  // queued before the association is up.
  std::expected<void, SendError> send(Time now, Message message, const SendOptions& options = {});

  // Begins our streams anew, once all that was queued on them so far has been put on the way; what
  // is queued later waits for that. Answered by OutgoingStreamsReset or StreamResetFailed.
  void reset_streams(Time now, const std::vector<StreamId>& streams);

  // Sends what waits, then closes in agreement with the peer. Nothing more can be sent.
  void shutdown(Time now);
  // Closes at once and tells the peer so.
  void abort(Time now, std::string_view reason);

  // Bytes of the stream's messages that have not been in a packet.
  std::size_t buffered_amount(StreamId stream) const;
  // All of them together.
  std::size_t buffered_amount() const;
  // BufferedAmountLow comes when the amount falls from above the threshold to it, or below.
  void set_buffered_amount_low_threshold(StreamId stream, std::size_t bytes);
  // Of two streams that both have something to send, one with twice the priority gets twice the
  // bytes (RFC 8831, 6.4). From 1 on; at first 256.
  void set_priority(StreamId stream, std::uint16_t priority);
  // The peer's a=max-message-size; 0 is no limit. Ours, Config::max_message_size, counts as well.
  void set_remote_max_message_size(std::size_t bytes);

  void handle_input(Time now, Datagram datagram);
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const;

  State state() const;
  const Counters& counters() const;
  Metrics metrics() const;

 private:
  class Core;

  std::unique_ptr<Core> core_;
};

static_assert(SansIo<Association>);

}  // namespace parley::sctp
