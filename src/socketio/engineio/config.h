#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/time.h"
#include "http/message.h"

namespace parley::engineio {

// Which pages of other origins may talk to us by long-polling (the fetch standard's CORS protocol).
struct Cors {
  std::vector<std::string> origins = {};  // "https://example.org", or "*" for any. None: no CORS.
  bool credentials = false;               // Cookies may come along; "*" then names the asker.
  Duration max_age = std::chrono::minutes{10};  // How long a browser may remember a preflight.
};

struct Config {
  Duration ping_interval = std::chrono::seconds{25};
  Duration ping_timeout = std::chrono::seconds{20};
  Duration upgrade_timeout = std::chrono::seconds{10};  // From the probe's opening to "upgrade".
  std::size_t max_http_buffer_size = 1'000'000;         // Bytes of one message or one request body.
  bool polling = true;
  bool websocket = true;
  bool allow_upgrades = true;
  // Waiting for a client that does not poll. As much as a slow WebSocket reader may keep waiting.
  std::size_t max_queued_bytes = 4 << 20;
  std::size_t max_sessions = 20'000;  // As many as http::ServerConfig takes connections.
  Cors cors = {};
  // Refuses a handshake (403 "Forbidden") by returning false.
  std::function<bool(const http::Request&)> allow_request = {};
  // The headers that a handshake keeps for the application; each costs its bytes once a client.
  std::vector<std::string> kept_headers = {"authorization", "cookie", "origin"};
};

}  // namespace parley::engineio
