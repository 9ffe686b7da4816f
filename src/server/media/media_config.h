#pragma once

#include <chrono>
#include <cstddef>

#include "base/time.h"
#include "mcu/node.h"
#include "sfu/node.h"
#include "stun/binding_server.h"

namespace parley::server {

// What a media worker grants to those who reach it. Limits of rooms and people are sfu::Node's.
struct MediaConfig {
  stun::BindingServerConfig binding = {};  // For plain Binding requests.
  sfu::Node::Config node = {};             // Certificate and candidates are filled in.
  mcu::Node::Config mixer = {};

  // So many people of one room are put on one worker; those who come then, on another that has less
  // to do, as long as there is one.
  std::size_t room_share = 100;
  // The largest rooms, of which /metrics tells: each is some lines there.
  std::size_t rooms_in_metrics = 50;
  // What waits for a worker that is behind, of rooms that are on several. Past it packets are
  // dropped, and asked for again.
  std::size_t max_queued_relay = 8 << 20;

  // So long a turn goes on sending; the rest leaves with the next, so that what comes meanwhile is
  // taken in and keeps its time: a frame for a thousand receivers is 30 ms of work.
  Duration longest_sending = std::chrono::milliseconds{2};

  // Asked of the kernel: what arrives or leaves during some turns of a busy loop. It grants up to
  // net.core.[rw]mem_max.
  std::size_t receive_buffer = 8 << 20;
  std::size_t send_buffer = 8 << 20;

  // --- ICE over TCP; each connection costs a descriptor ---
  std::size_t max_streams = 4'000;
  // An office behind one address; of IPv6 a /64 is one. Loopback is exempt: tests and proxies.
  std::size_t max_streams_per_address = 200;
  // For who says nothing: a peer asks for consent every few seconds (RFC 7675, 5.1).
  Duration idle_timeout = std::chrono::seconds{30};
  // What waits for a client that reads too slowly. Past the first, packets are dropped: what is
  // late is worth nothing. Past the second it is given up.
  std::size_t max_queued_data = 256 << 10;
  std::size_t max_queued = 4 << 20;
};

}  // namespace parley::server
