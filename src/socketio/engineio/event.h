#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/strong_id.h"
#include "http/message.h"
#include "net/address.h"
#include "socketio/engineio/fifo.h"
#include "socketio/engineio/packet.h"

namespace parley::engineio {

using SessionId = StrongId<struct SessionTag>;        // Given by the engine.
using ConnectionId = StrongId<struct ConnectionTag>;  // A WebSocket; given by the engine's owner.
using RequestId = StrongId<struct RequestTag>;        // An HTTP request; given by the owner.

// What is kept of the request that opened a session.
struct Handshake {
  net::SocketAddress peer = {};
  bool secure = false;
  std::string host = {};   // By which the client reached us, with the port where one was given.
  std::string query = {};  // Still encoded; empty unless it has a parameter of the application's.
  std::vector<http::Header> headers = {};  // Those that Config::kept_headers names.

  std::optional<std::string_view> header(std::string_view lower_case_name) const;
};

// Why a session ended without the application's doing.
enum class CloseReason : std::uint8_t {
  kTransportClose,
  kTransportError,
  kPingTimeout,
  kParseError
};

// In the words of the reference server: "transport close", ...
std::string_view to_string(CloseReason reason);

// To the application. The bytes of a message borrow from the input that brought it: take the events
// before handle_...()'s argument goes away.
struct Opened {
  SessionId session = {};
  std::unique_ptr<Handshake> handshake = {};
};
struct Message {
  SessionId session = {};
  Received packet = {};
};
struct Closed {
  SessionId session = {};
  CloseReason reason = CloseReason::kTransportClose;
};
using Event = std::variant<Opened, Message, Closed>;

// To the network.
struct Respond {
  RequestId request = {};
  http::Response response = {};
};
struct Transmit {
  ConnectionId connection = {};
  Packet packet = {};
};
struct CloseWebSocket {
  ConnectionId connection = {};
};
using Output = std::variant<Respond, Transmit, CloseWebSocket>;

// Where the sessions put what they have to tell.
struct Outbox {
  Fifo<Event> events = {};
  Fifo<Output> outputs = {};
  std::vector<SessionId> unflushed = {};     // Their polls are answered once the outputs are taken.
  std::array<std::uint64_t, 4> closed = {};  // How many sessions ended, by CloseReason.
};

}  // namespace parley::engineio
