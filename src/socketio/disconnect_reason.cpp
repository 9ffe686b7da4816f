#include "socketio/disconnect_reason.h"

#include <utility>

namespace parley::socketio {

std::string_view to_string(DisconnectReason reason) {
  switch (reason) {
    case DisconnectReason::kServerNamespace: return "server namespace disconnect";
    case DisconnectReason::kClientNamespace: return "client namespace disconnect";
    case DisconnectReason::kServerShutdown: return "server shutting down";
    case DisconnectReason::kPingTimeout: return "ping timeout";
    case DisconnectReason::kTransportClose: return "transport close";
    case DisconnectReason::kTransportError: return "transport error";
    case DisconnectReason::kParseError: return "parse error";
  }
  return "";
}

DisconnectReason to_disconnect_reason(engineio::CloseReason reason) {
  switch (reason) {
    case engineio::CloseReason::kTransportClose: return DisconnectReason::kTransportClose;
    case engineio::CloseReason::kTransportError: return DisconnectReason::kTransportError;
    case engineio::CloseReason::kPingTimeout: return DisconnectReason::kPingTimeout;
    case engineio::CloseReason::kParseError: return DisconnectReason::kParseError;
  }
  std::unreachable();
}

bool is_recoverable(DisconnectReason reason) {
  return reason == DisconnectReason::kPingTimeout || reason == DisconnectReason::kTransportClose ||
         reason == DisconnectReason::kTransportError;
}

}  // namespace parley::socketio
