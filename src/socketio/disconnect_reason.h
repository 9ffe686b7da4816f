#pragma once

#include <cstdint>
#include <string_view>

#include "socketio/engineio/event.h"

namespace parley::socketio {

// Why a socket is no longer connected.
enum class DisconnectReason : std::uint8_t {
  kServerNamespace,  // Socket::disconnect().
  kClientNamespace,  // The client's disconnect().
  kServerShutdown,
  kPingTimeout,
  kTransportClose,  // The page was closed, the network changed ...
  kTransportError,
  kParseError,
};

// In the words of the reference server: "server namespace disconnect", ...
std::string_view to_string(DisconnectReason reason);

DisconnectReason to_disconnect_reason(engineio::CloseReason reason);

// Whether the client did not mean to go, and may come back as the same socket.
bool is_recoverable(DisconnectReason reason);

}  // namespace parley::socketio
