#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "http/server.h"
#include "http/websocket/deflate.h"

namespace parley::http::websocket {

// Whether the request asks for a WebSocket at all, well or badly. `connection_upgrade` is what its
// Connection field says.
bool is_upgrade(const Request& request, bool connection_upgrade);

// What the opening handshake comes to (RFC 6455, 4.2.2).
struct Handshake {
  Response response = {};  // 101, with all its fields.
  std::optional<DeflateParameters> deflate = std::nullopt;
};

// Answers a request for which is_upgrade() holds. The error is the response to give instead: 400,
// or 426 for another version.
std::expected<Handshake, Response> accept(const Request& request, const WebSocketConfig& config);

// Sec-WebSocket-Accept for a Sec-WebSocket-Key.
std::string accept_key(std::string_view key);

// Chooses the first offer of permessage-deflate that can be met, out of all that
// Sec-WebSocket-Extensions lists (RFC 7692, 5.1 and 7.1).
std::optional<DeflateParameters> negotiate_deflate(std::string_view extensions);

}  // namespace parley::http::websocket
