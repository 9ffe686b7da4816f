#include "signalling.h"

#include <fmt/format.h>

#include <utility>

namespace native_call {

using namespace parley;

std::expected<std::unique_ptr<Signalling>, std::string> Signalling::connect(io::EventLoop& loop,
                                                                            Random& random,
                                                                            const Host& host,
                                                                            Handler& handler) {
  std::unique_ptr<Signalling> signalling(new Signalling(handler));
  const auto address = host.look_up();
  if (!address) return std::unexpected(address.error());
  auto socket = http::websocket::Client::connect(
      loop, random, {.address = *address, .host = host.to_string(), .path = "/ws"}, *signalling);
  if (!socket) return std::unexpected(socket.error());
  signalling->socket_ = *std::move(socket);
  return signalling;
}

void Signalling::join(std::string_view room, std::string_view name, bool sound, bool picture) {
  say("join", Json::Object{{"room", room}, {"name", name}, {"micinf", sound}, {"vidinf", picture}},
      true);
}

void Signalling::send(std::string_view sid, const Description& description) {
  Json::Object sources;
  for (const auto& [mid, source] : description.sources) sources.push_back({mid, source});
  say("description", Json::Object{{"sid", sid},
                                  {"type", description.type},
                                  {"sdp", description.sdp},
                                  {"sources", std::move(sources)}});
}

void Signalling::send(std::string_view sid, const std::optional<Candidate>& candidate) {
  Json value;  // null, until there is one.
  if (candidate) {
    value = Json::Object{{"candidate", candidate->candidate},
                         {"sdpMid", candidate->mid},
                         {"sdpMLineIndex", nullptr}};
  }
  say("candidate", Json::Object{{"sid", sid}, {"candidate", std::move(value)}});
}

void Signalling::leave() {
  say("leave", Json::Object{});
  socket_->close();
}

// ["event", {...}], or ["ack", 1, {...}]: the only thing we ask an answer to is to join.
void Signalling::on_message(std::string_view text) {
  const auto message = Json::parse(text);
  const Json::Array* parts = message ? message->as_array() : nullptr;
  if (parts == nullptr || parts->empty() || parts->front().as_string() == nullptr) return;
  const std::string& event = *parts->front().as_string();
  if (event == "ack" && parts->size() == 3) return handle_ack(parts->at(2));
  if (parts->size() == 2) handle_event(event, parts->at(1));
}

void Signalling::handle_ack(const Json& answer) {
  if (!is_true(answer, "ok")) {
    const Json* error = answer.find("error");
    handler_.on_closed("cannot join: " + (error != nullptr ? text_of(*error, "message") : ""));
  } else if (!is_true(answer, "waiting")) {  // Else a host must admit us first.
    enter(answer);
  }
}

void Signalling::enter(const Json& welcome) {
  handler_.on_joined(text_of(welcome, "sid"), ice_servers_of(welcome));
  for (const Json& other : list_of(welcome, "participants")) {
    handler_.on_participant(text_of(other, "sid"), text_of(other, "name"), true);
  }
}

void Signalling::handle_event(std::string_view event, const Json& fields) {
  const std::string sid = text_of(fields, "sid");
  if (event == "admitted") return enter(fields);
  if (const Json* other = fields.find("participant"); event == "joined" && other != nullptr) {
    return handler_.on_participant(text_of(*other, "sid"), text_of(*other, "name"), false);
  }
  if (event == "left") return handler_.on_left(sid);
  if (event == "description") return handler_.on_description(sid, description_of(fields));
  if (event == "candidate") return handler_.on_candidate(sid, candidate_of(fields));
  for (const std::string_view end : {"refused", "removed", "ended", "replaced"}) {
    if (event == end) return handler_.on_closed(fmt::format("we are {}", event));
  }
}

void Signalling::say(std::string_view event, Json fields, bool wants_ack) {
  Json::Array message = {event, std::move(fields)};
  if (wants_ack) message.push_back(1);
  socket_->send(Json(std::move(message)).to_text());
}

}  // namespace native_call
