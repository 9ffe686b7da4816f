#include "server/ws_message.h"

#include <utility>

namespace parley::server {
namespace {

SharedBytes text_of(Json::Array message) {
  return SharedBytes(Json(std::move(message)).to_text());
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
  return text_of({event, body});
}

SharedBytes ws_ack(std::int64_t id, const Json& body) {
  return text_of({"ack", id, body});
}

}  // namespace parley::server
