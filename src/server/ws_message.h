#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/shared_bytes.h"

// The messages of /ws: ["event", {...}], ["event", {...}, id] and ["ack", id, {...}].
namespace parley::server {

struct WsMessage {
  std::string event = {};
  Json body = {};
  std::optional<std::int64_t> ack = {};

  friend bool operator==(const WsMessage&, const WsMessage&) = default;
};

// From a client. The error is a sentence.
std::expected<WsMessage, std::string> parse_ws_message(std::string_view text);

SharedBytes ws_event(std::string_view event, const Json& body);
SharedBytes ws_ack(std::int64_t id, const Json& body);

}  // namespace parley::server
