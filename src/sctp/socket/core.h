#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/hash.h"
#include "sctp/association.h"
#include "sctp/packet/error_cause.h"
#include "sctp/packet/init.h"
#include "sctp/packet/packet_view.h"
#include "sctp/packet/packet_writer.h"
#include "sctp/rx/receiver.h"
#include "sctp/socket/heartbeats.h"
#include "sctp/socket/retry_timer.h"
#include "sctp/socket/state_cookie.h"
#include "sctp/socket/stream_resets.h"
#include "sctp/tx/send_queue.h"
#include "sctp/tx/sender.h"

namespace parley::sctp {

// What is behind an Association: its state (RFC 9260, 4), and the chunks that change it. The chunks
// that carry data or ask for a reset it only passes on.
//
//   core.cpp             commands, timers, what poll_output() gives
//   core_packets.cpp     a packet in, chunk by chunk
//   core_handshake.cpp   INIT, INIT ACK, COOKIE ECHO, COOKIE ACK
//   core_closing.cpp     SHUTDOWN and its answers, ABORT
class Association::Core {
 public:
  Core(Random& random, const Config& config);

  void connect(Time now);
  std::expected<void, SendError> send(Time now, Message message, const SendOptions& options);
  void reset_streams(Time now, const std::vector<StreamId>& streams);
  void shutdown(Time now);
  void abort(Time now, std::string_view reason);

  void handle_input(Time now, Bytes datagram);
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const;

  SendQueue& queue() { return queue_; }
  const SendQueue& queue() const { return queue_; }
  void set_remote_max_message_size(std::size_t bytes) { remote_max_message_size_ = bytes; }
  Association::State public_state() const;
  const Counters& counters() const { return counters_; }
  Metrics metrics() const;

 private:
  // RFC 9260, 4. CLOSED is two here: before an association and after it.
  enum class State : std::uint8_t {
    kListening,
    kCookieWait,
    kCookieEchoed,
    kEstablished,
    kShutdownPending,
    kShutdownSent,
    kShutdownReceived,
    kShutdownAckSent,
    kClosed,
  };

  // What there is since the peer told its numbers: the rest of RFC 9260's TCB.
  struct Connection {
    Connection(Core& core, const StateCookie& agreed);

    std::uint32_t peer_tag;
    Capabilities peer;
    std::uint16_t outgoing_streams;
    std::uint16_t incoming_streams;
    Sender sender;
    Receiver receiver;
    StreamResets resets;
    Heartbeats heartbeats;
    int silences = 0;  // Timeouts in a row.
    Time last_heard = kAtOnce;
  };

  struct ControlChunk {
    ChunkType type = ChunkType::kError;
    std::uint8_t flags = 0;
    std::vector<std::uint8_t> value = {};
  };

  // core.cpp
  void begin(Time now);
  void collect();
  void add_silence();
  void heard(Time now);
  bool may_send_data() const;
  std::optional<Transmit> make_packet();
  void write_control(PacketWriter& writer);
  void transmit(std::vector<std::uint8_t> packet);
  void send_alone(std::uint32_t tag, ChunkType type, std::uint8_t flags, Bytes value);
  void add_control(ChunkType type, std::uint8_t flags, std::vector<std::uint8_t> value);

  // core_packets.cpp
  std::expected<PacketView, std::uint64_t Counters::*> accept(Bytes datagram) const;
  bool has_right_tag(const PacketView& packet, const ChunkView& first) const;
  void handle_packet(Time now, const PacketView& packet);
  bool handle_first(Time now, const PacketView& packet, const ChunkView& chunk);
  bool handle_chunk(Time now, const ChunkView& chunk);
  bool handle_connection_chunk(Time now, const ChunkView& chunk);
  bool handle_unknown(const ChunkView& chunk);
  void handle_data(Time now, const ChunkView& chunk);
  void handle_sack(Time now, const ChunkView& chunk);
  void handle_forward_tsn(const ChunkView& chunk);
  void handle_re_config(Time now, const ChunkView& chunk);
  void handle_heartbeat_ack(Time now, const ChunkView& chunk);
  void handle_error(Time now, const ChunkView& chunk);

  // core_handshake.cpp
  Init describe_us(std::uint32_t tag, std::uint32_t initial_tsn) const;
  std::uint32_t new_tag();
  void send_init();
  void handle_init(Time now, const ChunkView& chunk);
  void handle_init_ack(Time now, const ChunkView& chunk);
  void send_cookie_echo();
  bool handle_cookie_echo(Time now, const PacketView& packet, const ChunkView& chunk);
  bool accept_cookie(Time now, const StateCookie& cookie);
  void adopt(const StateCookie& cookie);
  void establish(Time now);
  void handle_cookie_ack(Time now);

  // core_closing.cpp
  void advance_shutdown(Time now);
  void send_shutdown();
  void handle_shutdown(Time now, const ChunkView& chunk);
  void handle_shutdown_ack();
  void handle_abort(const ChunkView& chunk);
  void handle_retry_timeout(Time now);
  void close(CloseReason reason, std::string text);
  void abort_for(ErrorCause cause, Bytes information, CloseReason reason, std::string text);

  const Config config_;
  Random& random_;
  Counters counters_;
  SendQueue queue_;
  std::size_t remote_max_message_size_ = 0;

  State state_ = State::kListening;
  bool shutdown_wanted_ = false;  // Before the association is up.
  std::uint32_t local_tag_ = 0;
  std::uint32_t local_initial_tsn_ = 0;
  crypto::Sha256Digest cookie_key_;
  std::vector<std::uint8_t> cookie_;  // Of the peer, until it has answered.
  RetryTimer retry_;                  // T1-init, T1-cookie or T2-shutdown.
  std::optional<Connection> connection_;

  Time now_ = {};                     // Of the last call: when the packets of poll_output() leave.
  std::deque<ControlChunk> control_;  // At most kMaxControl.
  std::deque<Output> outputs_;
};

}  // namespace parley::sctp
