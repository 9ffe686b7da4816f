#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "net/address.h"
#include "net/path.h"
#include "turn/protocol.h"

namespace parley::turn {

// --- What requests lead to (Server::poll_output) ---

// An answer, or an indication. Over TCP it is one whole packet of the stream.
struct SendToClient {
  net::Path path = {};
  std::vector<std::uint8_t> packet = {};
};
// Bind a UDP socket, or a TCP one that listens, to `local`; then tell relay_opened() or
// relay_failed().
struct OpenRelay {
  RelayId relay = {};
  net::Transport transport = net::Transport::kUdp;
  net::SocketAddress local = {};
};
// Also of one that could not be opened, where it was the second of a pair.
struct CloseRelay {
  RelayId relay = {};
};
// Connect from `local`, the relay's address, to `peer`; then tell peer_connected() or
// peer_failed().
struct ConnectPeer {
  ConnectionId connection = {};
  net::SocketAddress local = {};
  net::SocketAddress peer = {};
};
// From now on all that comes on the client's connection `data` goes to the peer's, and the other
// way round. The answer just sent is the last STUN message on it.
struct JoinPeer {
  ConnectionId connection = {};
  net::Path data = {};
};
// Close the peer's connection, or give up connecting; and the client's that it was joined to.
struct ClosePeer {
  ConnectionId connection = {};
};

using ServerOutput =
    std::variant<SendToClient, OpenRelay, CloseRelay, ConnectPeer, JoinPeer, ClosePeer>;

// --- What single packets lead to: return values, borrowed from what was handed in ---

// To be sent from a relay.
struct ToPeer {
  RelayId relay = {};
  net::SocketAddress peer = {};
  Bytes payload = {};
  bool dont_fragment = false;
};
// To be sent to a client.
struct ToClient {
  net::Path path = {};
  Bytes packet = {};
};
// A datagram from a peer, in a buffer that has kHeadroom before it and kTailroom behind.
struct PeerPacket {
  std::span<std::uint8_t> buffer = {};
  std::size_t begin = kHeadroom;
  std::size_t size = 0;
};

// A hard ICMP error that a relay's socket was told of (RFC 8656, 18.13).
struct IcmpError {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::uint32_t data = 0;  // The MTU of "packet too big"; else zero.
};

}  // namespace parley::turn
