#pragma once

#include "io/udp.h"
#include "stun/binding_server.h"

namespace parley::server {

// What one media worker has done.
struct MediaCounters {
  stun::BindingServer::Counters binding = {};
  io::UdpSocket::Counters udp = {};
};

}  // namespace parley::server
