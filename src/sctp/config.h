#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace parley::sctp {

// The defaults suit SCTP over DTLS between two browsers (RFC 8261, 8831).
struct Config {
  std::uint16_t local_port = 5000;
  std::uint16_t remote_port = 5000;

  // The longest packet with its SCTP header: 1,280 bytes less IPv6, UDP, a TURN header and DTLS.
  // Fixed: nothing is gained by a search for more (RFC 8831, 5 leaves that to the lower layer).
  std::size_t mtu = 1'191;

  // The longest message we send and take; a=max-message-size in SDP. A longer one that arrives
  // aborts the association.
  std::size_t max_message_size = 262'144;
  // How many streams we offer, and take at most. RFC 8831, 6.2 would have 65,535; each stream that
  // a peer uses costs memory, so we are content with what Chromium offers.
  std::uint16_t max_outgoing_streams = 1'024;
  std::uint16_t max_incoming_streams = 1'024;

  // Bytes that wait to be sent, over all streams. send() refuses what is more.
  std::size_t max_send_buffer = 16 * 1'024 * 1'024;
  // Parts of messages that wait for their other parts: the window we offer, in bytes. It has to be
  // above bandwidth times round trip, and above max_message_size.
  std::size_t receive_buffer = 5 * 1'024 * 1'024;

  // Leaves out the checksum, which DTLS makes useless, if the peer wants the same (RFC 9653).
  bool zero_checksum = true;

  // RTO.Initial, RTO.Min and RTO.Max (RFC 9260, 16). The minimum is what is added to a steady round
  // trip: room for a SACK that the peer delays, and shorter than the RFC's second, since a person
  // waits.
  Duration rto_initial = std::chrono::milliseconds{500};
  Duration rto_min = std::chrono::milliseconds{220};
  Duration rto_max = std::chrono::seconds{10};
  // How long the first of two packets waits for its SACK (RFC 9260, 6.2). Under the peer's RTO.Min.
  Duration sack_delay = std::chrono::milliseconds{100};
  Duration heartbeat_interval = std::chrono::seconds{30};  // Zero: no heartbeats.
  Duration cookie_lifetime = std::chrono::seconds{60};     // Valid.Cookie.Life

  int max_retransmissions = 10;       // Association.Max.Retrans, timeouts in a row.
  int max_init_retransmissions = 10;  // Max.Init.Retransmits, of INIT, COOKIE ECHO and SHUTDOWN.
  // Packets that may leave on one SACK or command (Max.Burst): more would overflow short queues.
  std::size_t max_burst = 4;
  // The congestion window at the start, in packets; RFC 9260's 4,404 bytes are for the last
  // century.
  std::size_t initial_window = 10;
};

}  // namespace parley::sctp
