#include "load/signalling.h"

#include <utility>

namespace parley::load {

std::expected<std::unique_ptr<Signalling>, std::string> Signalling::connect(
    io::EventLoop& loop, Random& random, const http::websocket::Client::Target& target,
    Handler& handler) {
  std::unique_ptr<Signalling> signalling(new Signalling(handler));
  auto socket = http::websocket::Client::connect(loop, random, target, *signalling);
  if (!socket) return std::unexpected(socket.error());
  signalling->socket_ = *std::move(socket);
  return signalling;
}

void Signalling::request(std::string_view event, Json fields, OnAnswer on_answer) {
  unanswered_.emplace(++last_request_, std::move(on_answer));
  socket_->send(Json(Json::Array{event, std::move(fields), last_request_}).to_text());
}

// ["event", {...}], or ["ack", 7, {...}].
void Signalling::on_message(std::string_view text) {
  const auto message = Json::parse(text);
  const Json::Array* const parts = message ? message->as_array() : nullptr;
  if (parts == nullptr || parts->empty() || parts->front().as_string() == nullptr) return;
  const std::string& event = *parts->front().as_string();
  if (parts->size() == 2) return handler_.on_event(event, parts->at(1));
  const std::int64_t* const id = parts->size() == 3 ? parts->at(1).as_int() : nullptr;
  if (event != "ack" || id == nullptr) return;
  if (auto waiting = unanswered_.extract(*id)) waiting.mapped()(parts->at(2));
}

}  // namespace parley::load
