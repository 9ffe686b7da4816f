#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "base/time.h"
#include "socketio/decoder.h"
#include "socketio/engineio/config.h"

namespace parley::socketio {

// Connection state recovery: a client that comes back soon is the same socket as before, with its
// id, its rooms and its data, and gets what it missed.
struct RecoveryConfig {
  Duration max_disconnection = std::chrono::minutes{2};
  std::size_t max_sessions = 10'000;  // Gone clients that may come back; then the oldest cannot.
  std::size_t max_packets = 10'000;   // Kept for them, a namespace.
  std::size_t max_bytes = 32 << 20;   // As above. A client that missed more starts anew.
};

struct Config {
  std::string path = "/socket.io/";
  engineio::Config engine = {};
  Duration connect_timeout = std::chrono::seconds{45};  // For a client to join its first namespace.
  DecoderLimits decoder = {};
  std::optional<RecoveryConfig> recovery = {};  // Off unless it is set, as in the reference server.
};

}  // namespace parley::socketio
