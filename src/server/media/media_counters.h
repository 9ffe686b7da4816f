#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "io/udp.h"
#include "mcu/node.h"
#include "server/latencies.h"
#include "server/media/ice_streams.h"
#include "sfu/node.h"
#include "stun/binding_server.h"

namespace parley::server {

// What one media worker has done.
struct MediaCounters {
  std::vector<sfu::Node::RoomCounters> rooms = {};  // Those that were asked for, and are here.
  sfu::Node::Counters node = {};
  stun::BindingServer::Counters binding = {};
  io::UdpSocket::Counters udp = {};  // Of a port of its own.
  io::UdpSocket::Buffers buffers = {};
  IceStreams::Counters streams = {};
  std::size_t open_streams = 0;
  std::uint64_t passed_on = 0;      // Datagrams for a participant of another worker.
  std::uint64_t relay_dropped = 0;  // Packets for a worker that was too far behind.
  // From the begin of a turn that brought media until all that it led to was given to the kernel:
  // how long a packet waits here, at most.
  Latencies turns = {};
};

// What one mixer has done.
struct MixCounters {
  mcu::Node::Counters node = {};
  std::uint64_t relay_dropped = 0;  // Packets for a worker that was too far behind.
  Latencies turns = {};             // How long it took to mix what was due.
};

}  // namespace parley::server
