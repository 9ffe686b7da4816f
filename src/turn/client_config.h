#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "net/address.h"
#include "net/path.h"
#include "stun/attributes.h"
#include "turn/login.h"
#include "turn/protocol.h"

namespace parley::turn {

struct ClientConfig {
  net::Transport server = net::Transport::kUdp;  // kTcp: what we say arrives, or the stream ends.
  Login login = {};
  net::Transport peers = net::Transport::kUdp;  // kTcp: RFC 6062; the server must be kTcp as well.
  bool ipv4 = true;
  bool ipv6 = false;  // With ipv4: if it can be had.
  bool even_port = false;
  std::optional<std::uint64_t> reservation = {};  // Of another client's Allocated.
  bool reserve_next = false;                      // With even_port.
  bool mobility = false;                 // RFC 8016; without it if the server forbids it (405).
  bool channels = true;                  // Else Send and Data indications alone.
  Duration lifetime = kDefaultLifetime;  // To ask for.

  // RFC 8489, 6.2.1 and 6.2.2.
  Duration rto = std::chrono::milliseconds{500};
  int max_transmissions = 7;
  Duration stream_timeout = std::chrono::milliseconds{39'500};

  std::size_t max_peers = 64;   // Beyond it packets for others are dropped.
  std::size_t max_waiting = 8;  // Packets for one peer, while its permission is asked for.
};

// From the server, a whole packet of its stream or a datagram; borrowed. `connection`: on the
// connection that was opened for ConnectionBind, until Bound.
struct ServerPacket {
  Bytes packet = {};
  ConnectionId connection = {};
};

// To the server. With a connection: over one of its own, which is to be opened for the first such
// packet.
struct ToServer {
  std::vector<std::uint8_t> packet = {};
  ConnectionId connection = {};
};
// We have these addresses.
struct Allocated {
  std::vector<net::SocketAddress> relayed = {};  // One of a family.
  net::SocketAddress mapped = {};                // Ours, as the server sees it.
  std::optional<std::uint64_t> reservation = {};
};
// A packet from a peer.
struct Received {
  net::SocketAddress peer = {};
  std::vector<std::uint8_t> payload = {};
};
// The same, borrowed: a part of the packet that it came in.
struct PeerData {
  net::SocketAddress peer = {};
  std::span<std::uint8_t> payload = {};
};
// The server may not, or will not, relay to this address (403, 443, 508 ...).
struct PeerRefused {
  net::IpAddress peer = {};
  stun::ErrorCode code = {};
};
// A hard ICMP error came back for what was sent to the peer.
struct PeerUnreachable {
  net::SocketAddress peer = {};
  std::uint8_t type = 0;
  std::uint8_t code = 0;
};
// RFC 6062: a connection to a peer, made by connect() or by the peer. Take it with bind().
struct PeerConnected {
  ConnectionId connection = {};
  net::SocketAddress peer = {};
};
struct ConnectFailed {
  net::SocketAddress peer = {};
  stun::ErrorCode code = {};
};
// What follows on that connection is the peer's, and goes to the peer.
struct Bound {
  ConnectionId connection = {};
};
struct BindFailed {
  ConnectionId connection = {};
};
// RFC 8016: the allocation has followed us to the new path.
struct Moved {};

enum class ClientFailure : std::uint8_t {
  kTimeout,   // The server does not answer.
  kForged,    // All answers were from who does not know the password (RFC 8489, 9.2.5).
  kRefused,   // See code.
  kRedirect,  // To `alternate` (300).
  kLost,      // The server no longer has the allocation.
};
std::string_view to_string(ClientFailure failure);
// There is no allocation, or no longer. Nothing more happens.
struct ClientFailed {
  ClientFailure why = {};
  stun::ErrorCode code = {};
  std::optional<net::SocketAddress> alternate = {};
  // Over TLS the certificate there is to be valid for this name, or where it is empty for the same
  // as here (RFC 8489, 10). The name of a host.
  std::string alternate_domain = {};
};
// After close(): the server has let go of it, or does not answer.
struct ClientClosed {};

using ClientOutput =
    std::variant<ToServer, Received, Allocated, PeerRefused, PeerUnreachable, PeerConnected,
                 ConnectFailed, Bound, BindFailed, Moved, ClientFailed, ClientClosed>;

}  // namespace parley::turn
