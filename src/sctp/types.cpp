#include "sctp/types.h"

#include <utility>

namespace parley::sctp {

std::string_view to_string(SendError error) {
  switch (error) {
    case SendError::kNotConnected: return "not connected";
    case SendError::kEmpty: return "empty message";
    case SendError::kTooLarge: return "message too large";
    case SendError::kBufferFull: return "send buffer full";
    case SendError::kStreamTooHigh: return "stream too high";
  }
  std::unreachable();
}

std::string_view to_string(CloseReason reason) {
  switch (reason) {
    case CloseReason::kShutdown: return "shutdown";
    case CloseReason::kAborted: return "aborted";
    case CloseReason::kAbortedByPeer: return "aborted by the peer";
    case CloseReason::kTimeout: return "timeout";
    case CloseReason::kPeerMisbehaved: return "the peer broke the protocol";
  }
  std::unreachable();
}

}  // namespace parley::sctp
