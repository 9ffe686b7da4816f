#pragma once

#include <chrono>
#include <cstddef>

#include "base/time.h"
#include "stun/binding_server.h"

namespace parley::server {

// What a relay worker grants to those who reach it. The engine's own limits are in
// turn::ServerConfig.
struct RelayConfig {
  stun::BindingServerConfig binding = {};  // Where TURN is off.

  bool udp_in_runs = true;  // GSO and GRO.

  // --- Clients over TCP and TLS; each costs a descriptor, and TLS some 20 KiB ---
  std::size_t max_streams = 10'000;  // A worker.
  // An office behind one address; of IPv6 a /64 is one. Loopback is exempt: tests and proxies.
  std::size_t max_streams_per_address = 400;
  // For who has no allocation and is no end of a TCP connection: STUN alone, or nothing at all.
  // From when the stream was accepted, whatever comes.
  Duration stranger_timeout = std::chrono::seconds{30};
  // A longer packet ends the stream; longer ChannelData is only dropped.
  std::size_t max_message = 4096;
  // What waits for a client that reads too slowly. Past the first, packets from peers are dropped:
  // what is late is worth nothing. Past the second, which answers alone reach, it is not read from
  // until it has read. Past the third, which tiny packets with their bookkeeping do not reach
  // before, it is given up.
  std::size_t max_queued_data = 128 << 10;
  std::size_t max_queued_answers = 192 << 10;
  std::size_t max_queued = 4 << 20;

  // --- Joined TCP connections (RFC 6062) ---
  // Read, and not yet taken by the other end: then reading pauses.
  std::size_t max_queued_joined = 256 << 10;
  // For what is still to be read by an end whose other end has closed.
  Duration linger = std::chrono::seconds{10};
};

}  // namespace parley::server
