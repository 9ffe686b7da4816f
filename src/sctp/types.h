#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace parley::sctp {

// One direction of an association is up to 65,535 streams; each keeps its own order. The stream of
// one number in either direction together make a data channel (RFC 8831, 6.4).
struct StreamId {
  std::uint16_t value = 0;

  friend auto operator<=>(StreamId, StreamId) = default;
};

// What a message is, to those above SCTP (RFC 8831, 8): SCTP itself only carries the number.
enum class Ppid : std::uint32_t {
  kDcep = 50,
  kString = 51,
  kBinaryPartial = 52,  // Deprecated, as the next: never sent, and taken for what it is part of.
  kBinary = 53,
  kStringPartial = 54,
  kStringEmpty = 56,  // SCTP cannot carry zero bytes, so an empty message is one byte and this.
  kBinaryEmpty = 57,
};

struct Message {
  StreamId stream = {};
  Ppid ppid = Ppid::kBinary;
  std::vector<std::uint8_t> payload = {};

  friend bool operator==(const Message&, const Message&) = default;
};

// How hard to try for one message. The default is ordered and as reliable as the association is.
struct SendOptions {
  bool ordered = true;
  // After so many retransmissions of any part of it, the message is given up (RFC 7496, 4.1).
  std::optional<std::uint16_t> max_retransmits = {};
  // Given up when it has not been delivered for so long (RFC 3758).
  std::optional<Duration> lifetime = {};
};

enum class SendError : std::uint8_t {
  kNotConnected,   // Closed, or on the way to it. Before the handshake is done messages wait.
  kEmpty,          // A message has at least one byte (RFC 9260, 3.3.1).
  kTooLarge,       // Longer than Config::max_message_size, or than what the peer takes.
  kBufferFull,     // More than Config::max_send_buffer would wait.
  kStreamTooHigh,  // The peer does not take so many streams.
};

std::string_view to_string(SendError error);

enum class CloseReason : std::uint8_t {
  kShutdown,        // In agreement: what was sent before has been delivered.
  kAborted,         // By our abort().
  kAbortedByPeer,   //
  kTimeout,         // The peer did not answer Config::max_retransmissions times in a row.
  kPeerMisbehaved,  // It broke the protocol in a way that cannot be ignored.
};

std::string_view to_string(CloseReason reason);

// Packets and chunks that were dropped, by reason, and what else is worth knowing of a connection.
struct Counters {
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_received = 0;
  std::uint64_t bytes_sent = 0;  // Of packets, with their SCTP headers.
  std::uint64_t bytes_received = 0;
  std::uint64_t messages_sent = 0;  // Accepted by send().
  std::uint64_t messages_received = 0;
  std::uint64_t messages_abandoned = 0;  // Given up by the limits of their SendOptions.
  std::uint64_t chunks_retransmitted = 0;
  std::uint64_t fast_retransmits = 0;     // How often loss was seen in SACKs...
  std::uint64_t retransmit_timeouts = 0;  // ...and how often by T3-rtx.
  std::uint64_t duplicate_chunks = 0;
  std::uint64_t heartbeats_acked = 0;
  std::uint64_t peer_restarts = 0;

  std::uint64_t dropped_malformed = 0;
  std::uint64_t dropped_bad_checksum = 0;
  std::uint64_t dropped_wrong_tag = 0;  // Or ports, or a chunk that may not come in this state.
  std::uint64_t dropped_bad_cookie = 0;
  std::uint64_t dropped_unknown_chunk = 0;
  std::uint64_t dropped_out_of_window = 0;  // DATA for which there was no room.
  std::uint64_t dropped_bad_stream = 0;     // DATA on a stream that we did not offer.
  std::uint64_t dropped_bad_sack = 0;       // It acknowledged what was never sent.
};

// What getStats and a congestion graph show.
struct Metrics {
  std::optional<Duration> smoothed_round_trip_time = {};
  Duration retransmission_timeout = Duration::zero();
  std::size_t congestion_window = 0;  // Bytes, as all the following.
  std::size_t slow_start_threshold = 0;
  std::size_t in_flight = 0;
  std::size_t peer_receive_window = 0;
  std::size_t send_buffered = 0;     // Not in a packet yet.
  std::size_t receive_buffered = 0;  // Parts of messages that wait for the others.
};

}  // namespace parley::sctp
