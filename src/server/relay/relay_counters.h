#pragma once

#include <cstddef>
#include <cstdint>

#include "io/udp.h"
#include "stun/binding_server.h"
#include "turn/server.h"

namespace parley::server {

// What relay workers have done: of one, or the sum.
struct RelayCounters {
  turn::Server::Counters turn = {};
  stun::BindingServer::Counters binding = {};  // Over all ports.
  io::UdpSocket::Counters udp = {};            // Of the sockets that clients reach.
  io::UdpSocket::Counters relays = {};         // Of relayed addresses, towards peers.

  // Now.
  std::size_t allocations = 0;
  std::size_t open_relays = 0;  // Their sockets.
  std::size_t open_streams = 0;
  std::size_t joined = 0;  // Connections to peers that carry data (RFC 6062).

  std::uint64_t streams = 0;      // Clients over TCP, those with TLS among them.
  std::uint64_t tls_streams = 0;  // Those whose TLS was agreed on.
  std::uint64_t joins = 0;
  std::uint64_t joined_bytes_to_peers = 0, joined_bytes_to_clients = 0;

  // Streams that were refused or ended, by reason.
  std::uint64_t refused_full = 0, refused_address = 0;
  std::uint64_t closed_idle = 0, closed_malformed = 0, closed_slow = 0, closed_tls = 0;
  std::uint64_t closed_for_room = 0;
  std::uint64_t dropped_stream_full = 0;  // Packets for a client that reads too slowly.
  std::uint64_t relays_refused = 0;       // A socket could not be had: a port taken, descriptors.

  RelayCounters& operator+=(const RelayCounters& other);
};

void add(stun::BindingServer::Counters& sum, const stun::BindingServer::Counters& one);

}  // namespace parley::server
