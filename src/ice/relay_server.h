#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "ice/candidate.h"
#include "net/address.h"
#include "turn/client.h"
#include "turn/login.h"

namespace parley::ice {

struct RelayServer {
  RelayProtocol protocol = RelayProtocol::kUdp;
  net::SocketAddress address = {};
  std::string name = {};  // TLS: whom the certificate must be of; the address if it is empty.
  turn::Login login = {};
  std::string url = {};  // "turn:..." as people know it: for statistics and errors alone.

  friend bool operator==(const RelayServer&, const RelayServer&) = default;
};

// A TCP or TLS connection to a TURN server. Never used twice by one agent.
struct ServerStream {
  std::uint32_t value = 0;

  friend auto operator<=>(ServerStream, ServerStream) = default;
};

// One allocation, or the attempt at one.
struct RelayStats {
  std::string url = {};
  RelayProtocol protocol = RelayProtocol::kUdp;
  net::SocketAddress server = {};
  net::SocketAddress base = {};  // UDP: the host candidate that asks.
  bool is_allocated = false;
  turn::Client::Counters packets = {};  // Since the last attempt.
};

}  // namespace parley::ice
