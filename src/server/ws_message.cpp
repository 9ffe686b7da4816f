#include "server/ws_message.h"

#include <utility>

namespace parley::server {
namespace {

// `begin` is the message up to its body. Bodies are large where rooms are, so none is copied.
SharedBytes text_of(std::string begin, const Json& body) {
  body.append_to(begin);
  begin.push_back(']');
  return SharedBytes(begin);
}

}  // namespace

std::expected<WsMessage, std::string> parse_ws_message(std::string_view text) {
  auto json = Json::parse(text);
  if (!json) return std::unexpected("The message is no JSON: " + json.error().to_string() + ".");
  Json::Array* const parts = json->as_array();
  if (parts == nullptr || parts->empty() || parts->size() > 3 || !parts->front().as_string()) {
    return std::unexpected(R"(A message is ["event", {...}] or ["event", {...}, id].)");
  }
  WsMessage message{.event = *parts->front().as_string(), .body = Json::Object{}};
  if (parts->size() >= 2) message.body = std::move((*parts)[1]);
  if (parts->size() == 3) {
    const std::int64_t* const id = (*parts)[2].as_int();
    if (id == nullptr) return std::unexpected("The id of an acknowledgement is a whole number.");
    message.ack = *id;
  }
  return message;
}

SharedBytes ws_event(std::string_view event, const Json& body) {
  return text_of('[' + Json(event).to_text() + ',', body);
}

SharedBytes ws_ack(std::int64_t id, const Json& body) {
  return text_of("[\"ack\"," + std::to_string(id) + ',', body);
}

}  // namespace parley::server
