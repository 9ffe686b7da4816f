#include "socketio/engineio/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/overloaded.h"
#include "socketio/engineio/cors.h"
#include "socketio/engineio/query.h"

namespace parley::engineio {
namespace {

std::string_view message(Refusal refusal) {
  switch (refusal) {
    case Refusal::kUnknownTransport: return "Transport unknown";
    case Refusal::kUnknownSession: return "Session ID unknown";
    case Refusal::kBadHandshakeMethod: return "Bad handshake method";
    case Refusal::kBadRequest: return "Bad request";
    case Refusal::kForbidden: return "Forbidden";
    case Refusal::kUnsupportedProtocol: return "Unsupported protocol version";
    case Refusal::kFull: return "Too many sessions";
  }
  return "";
}

int status(Refusal refusal) {
  if (refusal == Refusal::kFull) return 503;
  return refusal == Refusal::kForbidden ? 403 : 400;
}

bool known_transport(const Config& config, std::string_view name) {
  return (name == "polling" && config.polling) || (name == "websocket" && config.websocket);
}

// What speaks against a new session; the order of the checks is the reference server's.
std::optional<Refusal> check_handshake(const Config& config, const Query& query,
                                       const http::Request& request, std::string_view transport) {
  if (!known_transport(config, query.transport)) return Refusal::kUnknownTransport;
  if (request.method != http::Method::kGet) return Refusal::kBadHandshakeMethod;
  if (query.transport != transport) return Refusal::kBadRequest;
  if (config.allow_request && !config.allow_request(request)) return Refusal::kForbidden;
  if (query.eio != "4") return Refusal::kUnsupportedProtocol;
  return std::nullopt;
}

std::unique_ptr<Handshake> make_handshake(const Config& config, const Query& query,
                                          const http::Request& request) {
  auto handshake = std::make_unique<Handshake>(
      Handshake{.peer = request.peer, .secure = request.secure, .host = request.host});
  if (query.has_others) handshake->query = request.query;
  for (const std::string& name : config.kept_headers) {
    const auto value = request.header(name);
    if (value) handshake->headers.push_back({name, std::string(*value)});
  }
  return handshake;
}

http::Response ok() {
  return {.headers = {{"Content-Type", "text/html"}, {"Cache-Control", "no-store"}},
          .body = SharedBytes("ok")};
}

}  // namespace

SessionId Engine::handle_request(Time now, RequestId id, const http::Request& request) {
  if (request.method == http::Method::kOptions && !config_.cors.origins.empty()) {
    out_.outputs.push(Respond{.request = id, .response = preflight(config_.cors, request)});
    return {};
  }
  const Query query = Query::parse(request.query);
  if (!query.sid.empty()) {
    if (!known_transport(config_, query.transport)) {
      respond(id, request, refuse(Refusal::kUnknownTransport));
    } else if (Session* const session = session_of(query.sid); session == nullptr) {
      respond(id, request, refuse(Refusal::kUnknownSession));
    } else if (query.transport != "polling" || !session->on_polling()) {
      respond(id, request, refuse(Refusal::kBadRequest));
    } else {
      return handle_session_request(now, *session, id, request);
    }
    return {};
  }
  auto refusal = check_handshake(config_, query, request, "polling");
  if (!refusal && sessions_.size() >= config_.max_sessions) refusal = Refusal::kFull;
  if (refusal) {
    respond(id, request, refuse(*refusal));
    return {};
  }
  Session& session = create({});
  session.open(now, make_handshake(config_, query, request), out_);
  return handle_session_request(now, session, id, request);
}

void Engine::handle_abandoned(SessionId session_id, RequestId id) {
  Session* const session = find(session_id);
  if (session == nullptr) return;
  session->handle_abandoned(id, out_);
  settle(*session);
}

std::expected<SessionId, http::Response> Engine::accept_websocket(Time now, ConnectionId id,
                                                                  const http::Request& request) {
  const Query query = Query::parse(request.query);
  if (!query.sid.empty()) {
    if (query.transport != "websocket" || !config_.websocket) {
      return std::unexpected(refuse(Refusal::kUnknownTransport));
    }
    Session* const session = session_of(query.sid);
    if (session == nullptr) return std::unexpected(refuse(Refusal::kUnknownSession));
    // One that comes too late is taken in, and closed as soon as it is open.
    if (session->on_polling() && !session->upgrading() && config_.allow_upgrades) {
      session->start_upgrade(now, id);
      settle(*session);
    }
    return session->id();
  }
  auto refusal = check_handshake(config_, query, request, "websocket");
  if (!refusal && sessions_.size() >= config_.max_sessions) refusal = Refusal::kFull;
  if (refusal) return std::unexpected(refuse(*refusal));
  Session& session = create(id);
  opening_.emplace(session.id(), make_handshake(config_, query, request));
  return session.id();
}

void Engine::handle_open(Time now, SessionId session_id, ConnectionId id) {
  Session* const session = find(session_id);
  if (session == nullptr || !session->owns(id)) {
    out_.outputs.push(CloseWebSocket{.connection = id});
    return;
  }
  const auto handshake = opening_.find(session_id);
  if (handshake == opening_.end()) return;  // An upgrade: the client speaks first.
  session->open(now, std::move(handshake->second), out_);
  opening_.erase(handshake);
  settle(*session);
}

void Engine::handle_frame(Time now, SessionId session_id, ConnectionId id, Bytes frame,
                          bool binary) {
  Session* const session = find(session_id);
  if (session == nullptr) return;
  const bool was_polling = session->on_polling();
  session->handle_frame(now, id, frame, binary, out_);
  if (was_polling && !session->on_polling()) ++counters_.upgrades;
  settle(*session);
}

void Engine::handle_closed(SessionId session_id, ConnectionId id, bool failed) {
  Session* const session = find(session_id);
  if (session == nullptr) return;
  session->handle_closed(id, failed, out_);
  settle(*session);
}

void Engine::handle_timeout(Time now) {
  while (const auto due = deadlines_.pop_due(now)) {
    Session* const session = find(due->key);
    if (session == nullptr || session->armed != due->deadline) continue;
    session->armed = kNever;
    session->handle_timeout(now, out_);
    settle(*session);
  }
}

std::optional<Output> Engine::poll_output() {
  if (out_.outputs.empty() && !out_.unflushed.empty()) {
    for (const SessionId id : std::exchange(out_.unflushed, {})) {
      if (Session* const session = find(id)) session->flush(out_);
    }
  }
  return out_.outputs.pop();
}

void Engine::send(SessionId session_id, Packet packet) {
  Session* const session = find(session_id);
  if (session == nullptr) return;
  const bool idle = out_.outputs.empty() && out_.unflushed.empty();
  session->send(std::move(packet), out_);
  if (session->closed()) settle(*session);
  if (idle) wake();
}

void Engine::close(SessionId session_id) {
  Session* const session = find(session_id);
  if (session == nullptr) return;
  session->close(out_);
  settle(*session);
  wake();
}

bool Engine::writable(SessionId session_id) const {
  const Session* const session = find(session_id);
  return session != nullptr && session->writable();
}

Engine::Counters Engine::counters() const {
  Counters counters = counters_;
  counters.open_sessions = sessions_.size();
  const auto closed = [&](CloseReason reason) { return out_.closed[std::to_underlying(reason)]; };
  counters.transport_closes = closed(CloseReason::kTransportClose);
  counters.transport_errors = closed(CloseReason::kTransportError);
  counters.ping_timeouts = closed(CloseReason::kPingTimeout);
  counters.parse_errors = closed(CloseReason::kParseError);
  return counters;
}

Session* Engine::find(SessionId id) const {
  const auto* const session = sessions_.find(id);
  return session == nullptr ? nullptr : session->get();
}

Session* Engine::session_of(std::string_view sid) const {
  const auto it = by_sid_.find(sid);
  return it == by_sid_.end() ? nullptr : find(it->second);
}

Session& Engine::create(ConnectionId websocket) {
  const SessionId id = sessions_.insert(nullptr);
  auto session = std::make_unique<Session>(config_, random_, id);
  session->set_websocket(websocket);
  by_sid_.emplace(session->sid(), id);
  ++counters_.sessions;
  return *(*sessions_.find(id) = std::move(session));
}

// A request of a session on long-polling.
SessionId Engine::handle_session_request(Time now, Session& session, RequestId id,
                                         const http::Request& request) {
  const SessionId session_id = session.id();
  bool well = false;
  if (request.method == http::Method::kGet) {
    well = session.handle_poll(
        now, id, allowed_origin(config_.cors, request.header("Origin").value_or("")), out_);
  } else if (request.method == http::Method::kPost) {
    well = handle_post(now, session, request);
    if (well) respond(id, request, ok());
  }
  if (!well) respond(id, request, refuse(Refusal::kBadRequest));
  settle(session);
  return session_id;
}

bool Engine::handle_post(Time now, Session& session, const http::Request& request) {
  if (request.body.size() <= config_.max_http_buffer_size) {
    return session.handle_payload(now, as_text(request.body), out_);
  }
  ++counters_.too_large;
  session.fail(out_);
  return false;
}

void Engine::respond(RequestId id, const http::Request& request, http::Response response) {
  add_cors_headers(config_.cors,
                   allowed_origin(config_.cors, request.header("Origin").value_or("")),
                   response.headers);
  out_.outputs.push(Respond{.request = id, .response = std::move(response)});
}

http::Response Engine::refuse(Refusal refusal) {
  ++counters_.refused;
  return http::Response{
      .status = status(refusal),
      .headers = {{"Content-Type", "application/json"}},
      .body = SharedBytes(fmt::format(R"({{"code":{},"message":"{}"}})",
                                      std::to_underlying(refusal), message(refusal)))};
}

// After anything happened to a session: forgets it when it has ended, else sees to its deadline.
void Engine::settle(Session& session) {
  if (session.closed()) return remove(session);
  const Time deadline = session.next_deadline();
  if (deadline >= session.armed) return;
  session.armed = deadline;
  deadlines_.arm(deadline, session.id());
}

void Engine::remove(Session& session) {
  opening_.erase(session.id());
  by_sid_.erase(session.sid());
  sessions_.take(session.id());
}

}  // namespace parley::engineio
