#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "ice/candidate.h"
#include "ice/relay_server.h"
#include "ice/stats.h"
#include "net/path.h"

namespace parley::ice {

// RTCIceTransportState.
enum class State : std::uint8_t {
  kNew,           // Nothing to check yet.
  kChecking,      // No path yet.
  kConnected,     // There is a path; a better one may be found.
  kCompleted,     // There is a path, and it is the one.
  kDisconnected,  // The path does not answer. It may come back, or another may be found.
  kFailed,        // No path, or consent is lost: a restart is needed.
  kClosed,
};

std::string_view to_string(State state);  // "new", "checking", ...

// A STUN message that came in; borrowed for the call.
struct Datagram {
  net::Path path = {};
  Bytes payload = {};
};

// To be sent. Where path.local is the address of a relayed candidate that the owner has added,
// whoever runs that relay's client sends it through it.
struct Transmit {
  net::Path path = {};
  std::vector<std::uint8_t> payload = {};
};

// A local candidate that the peer is to be told of.
struct CandidateFound {
  Candidate candidate = {};
};

// All STUN and TURN servers have answered, or will not. Of TURN servers some may do so later: their
// candidates are told nevertheless.
struct GatheringComplete {};

// The path for data from now on: a check on it succeeded. Again whenever it moves.
struct Selected {
  net::Path path = {};
};

struct StateChanged {
  State state = {};
};

// Connect from path.local, whose port is 0, to path.remote; then tell tcp_connected() or
// tcp_closed().
struct ConnectTcp {
  net::Path path = {};
};

// No longer needed.
struct CloseTcp {
  net::Path path = {};
};

// Connect to a TURN server, from wherever; with `tls`, speak TLS to it and take only a certificate
// of `name`, or of the address if that is empty. Then tell server_connected() or server_closed().
struct ConnectServer {
  ServerStream stream = {};
  net::SocketAddress address = {};
  bool tls = false;
  std::string name = {};
};

// Bytes as they are, after those before them.
struct ToServer {
  ServerStream stream = {};
  std::vector<std::uint8_t> bytes = {};
};

// No longer needed, once what was said has been sent.
struct CloseServer {
  ServerStream stream = {};
};

// There is no allocation on this server, or no longer (RTCPeerConnectionIceErrorEvent). Once, until
// it succeeds. Where there is hope it is tried again.
struct ServerFailed {
  std::string url = {};
  net::SocketAddress server = {};
  net::SocketAddress base = {};  // The host candidate that asked; empty of a stream.
  int code = 0;                  // STUN's; 701: it does not answer.
  std::string reason = {};
};

// Ask multicast DNS for this name of the peer's and tell name_resolved().
struct ResolveName {
  std::string name = {};
};

// Something was refused for this reason for the first time since the start, or the last restart.
// For the log: the counters have the rest.
struct Refused {
  net::Path path = {};
  Drop reason = {};
};

using Output = std::variant<Transmit, Selected, StateChanged, CandidateFound, GatheringComplete,
                            ConnectTcp, CloseTcp, ResolveName, Refused, ConnectServer, ToServer,
                            CloseServer, ServerFailed>;

}  // namespace parley::ice
