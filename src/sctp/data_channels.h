#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/sans_io.h"
#include "base/small_queue.h"
#include "base/strong_id.h"
#include "base/time.h"
#include "sctp/association.h"
#include "sctp/config.h"
#include "sctp/dcep.h"
#include "sctp/types.h"

namespace parley::sctp {

// A data channel of ours, from open() or ChannelAnnounced until ChannelClosed. Not the stream id,
// which W3C calls `id`: a channel has none before the DTLS role is known.
using ChannelId = StrongId<struct ChannelTag>;

enum class OpenError : std::uint8_t {
  kClosed,          // There is no association any more.
  kTooMany,         // DataChannels::Config::max_channels, the peer's streams, or the send buffer.
  kLabelTooLong,    // Label and protocol have at most 65,535 bytes each.
  kBadReliability,  // max_retransmits and max_packet_lifetime exclude each other.
  kIdInUse,         // Or 65,535, which is none.
};

enum class ChannelSendError : std::uint8_t {
  kNotOpen,
  kTooLarge,    // See Config::max_message_size, set_remote_max_message_size().
  kBufferFull,  // Config::max_send_buffer. Wait for BufferedAmountLow.
};

std::string_view to_string(OpenError error);
std::string_view to_string(ChannelSendError error);

// The data channels of one connection (RFC 8831), and the protocol that opens them (RFC 8832), over
// an Association that it owns.
//
// Whoever is the DTLS client has the even stream ids, the server the odd ones (RFC 8832, 6).
// A channel is closed by a reset of its stream in both directions (RFC 8831, 6.7).
class DataChannels {
 public:
  struct Config {
    sctp::Config association = {};
    std::size_t max_channels = 1'024;
    // Bytes of labels and protocols of all channels that the peer opened.
    std::size_t max_remote_text = 262'144;
  };

  enum class Kind : std::uint8_t { kText, kBinary };
  enum class ChannelState : std::uint8_t { kConnecting, kOpen, kClosing, kClosed };

  using Input = Association::Datagram;
  using Transmit = Association::Transmit;
  using Connected = Association::Connected;
  // A channel that the peer opened; it can be used at once.
  struct ChannelAnnounced {
    ChannelId channel = {};
    ChannelOptions options = {};
  };
  struct ChannelOpened {  // One of ours: messages may be sent.
    ChannelId channel = {};
  };
  struct MessageReceived {
    ChannelId channel = {};
    Kind kind = Kind::kBinary;
    std::vector<std::uint8_t> payload = {};
  };
  struct BufferedAmountLow {
    ChannelId channel = {};
  };
  struct ChannelClosing {  // The peer has begun to close it.
    ChannelId channel = {};
  };
  struct ChannelClosed {  // The last of this channel; also where open() could not be completed.
    ChannelId channel = {};
    bool failed = false;  // For an error, not in agreement.
  };
  using Closed = Association::Closed;  // The last output: every channel has been closed before it.
  using Output = std::variant<Transmit, Connected, ChannelAnnounced, ChannelOpened, MessageReceived,
                              BufferedAmountLow, ChannelClosing, ChannelClosed, Closed>;

  // `random` must outlive it.
  explicit DataChannels(Random& random) : DataChannels(random, Config{}) {}
  DataChannels(Random& random, const Config& config);

  // DTLS is up: gives stream ids to the channels that have none, and connects.
  void start(Time now, bool is_dtls_client);

  // Before or after start(). ChannelOpened follows when the association is up.
  std::expected<ChannelId, OpenError> open(Time now, const ChannelOptions& options);

  // An empty message is a message.
  std::expected<void, ChannelSendError> send(Time now, ChannelId channel, Kind kind, Bytes payload);
  // The same without a copy.
  std::expected<void, ChannelSendError> send(Time now, ChannelId channel, Kind kind,
                                             std::vector<std::uint8_t> payload);

  // Sends what waits on it, then resets its stream; ChannelClosed follows.
  void close(Time now, ChannelId channel);

  // Closes the association in agreement with the peer, or at once.
  void shutdown(Time now);
  void abort(Time now, std::string_view reason);

  std::size_t buffered_amount(ChannelId channel) const;  // Bytes of messages not yet in a packet.
  void set_buffered_amount_low_threshold(ChannelId channel, std::size_t bytes);
  void set_remote_max_message_size(std::size_t bytes);

  ChannelState state(ChannelId channel) const;  // kClosed for one that is gone.
  std::optional<StreamId> stream(ChannelId channel) const;
  std::optional<ChannelOptions> options(ChannelId channel) const;
  std::size_t channel_count() const { return channels_.size(); }

  // getStats' view of a channel; zero once it is gone.
  struct ChannelCounters {
    std::uint64_t messages_sent = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t messages_received = 0;
    std::uint64_t bytes_received = 0;
  };
  ChannelCounters counters(ChannelId channel) const;

  struct DropCounters {
    std::uint64_t malformed = 0;      // DCEP that is none.
    std::uint64_t no_channel = 0;     // A message on a stream without a channel.
    std::uint64_t unknown_ppid = 0;   //
    std::uint64_t refused_opens = 0;  // Wrong parity, id in use, too many, too long.
  };
  const DropCounters& drops() const { return drops_; }
  const Association& association() const { return association_; }

  void handle_input(Time now, Input datagram);
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const { return association_.next_deadline(); }

 private:
  struct Channel {
    ChannelOptions options = {};
    ChannelState state = ChannelState::kConnecting;
    std::optional<StreamId> stream = {};
    std::size_t low_threshold = 0;
    std::size_t remote_text = 0;  // What it counts against Config::max_remote_text.
    // Until the peer has acknowledged our OPEN its messages go in order, so that none can overtake
    // it (RFC 8832, 6).
    bool awaits_ack = false;
    bool outgoing_reset = false;  // Closed is who has both.
    bool incoming_reset = false;
    ChannelCounters counters = {};
  };
  using Channels = std::map<ChannelId, Channel>;

  bool is_up() const { return association_.state() == Association::State::kEstablished; }
  Channel* find(ChannelId id);
  const Channel* find(ChannelId id) const;
  Channels::iterator find(StreamId stream);
  std::optional<StreamId> free_stream() const;
  bool give_stream(Time now, ChannelId id, Channel& channel, StreamId stream);
  void finish_opening(ChannelId id, Channel& channel);
  void finish_closing(Channels::iterator channel, bool failed);
  void close_all(bool failed);

  void on(Association::Connected event);
  void on(Association::PeerRestarted event);
  void on(Association::MessageReceived event);
  void on(Association::IncomingStreamsReset event);
  void on(const Association::OutgoingStreamsReset& event);
  void on(const Association::StreamResetFailed& event);
  void on(Association::BufferedAmountLow event);
  void on(Association::Closed event);
  void on(Association::Transmit event);
  void on_dcep(StreamId stream, Bytes message);
  void on_open(StreamId stream, ChannelOptions options);
  bool may_open(StreamId stream, const ChannelOptions& options) const;
  void on_incoming_reset(Channels::iterator channel);

  Config config_;
  Association association_;
  Time now_ = {};  // Of the last call.
  std::optional<bool> is_dtls_client_;
  std::size_t streams_;  // That may be used, once connected those that both have.
  std::uint64_t last_channel_ = 0;
  Channels channels_;  // Never more than config_.max_channels.
  std::map<StreamId, ChannelId> by_stream_;
  // Streams whose reset is under way for a channel that is gone: the peer has already opened the
  // next one with that id.
  std::set<StreamId> old_resets_;
  std::size_t remote_text_ = 0;
  DropCounters drops_;
  SmallQueue<Output> outputs_;
};

static_assert(SansIo<DataChannels>);

}  // namespace parley::sctp
