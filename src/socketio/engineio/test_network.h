#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "socketio/engineio/application.h"
#include "socketio/engineio/engine.h"

namespace parley::engineio {

// For tests: drives an engine and what stands on it as attach.h does, with a clock that the test
// moves, and keeps what they send.
class TestNetwork {
 public:
  TestNetwork(Engine& engine, Application& application)
      : engine_(engine), application_(application) {}

  Time now{std::chrono::hours{1}};

  RequestId request(http::Method method, std::string_view query, std::string_view body = {},
                    std::vector<std::pair<std::string_view, std::string_view>> headers = {}) {
    http::Request request{.method = method, .query = query, .headers = std::move(headers)};
    request.path = "/socket.io/";
    request.host = "meet.example";
    request.body = as_bytes(body);
    const RequestId id{++last_id_};
    sessions_[id] = engine_.handle_request(now, id, request);
    settle();
    return id;
  }
  RequestId get(std::string_view query) { return request(http::Method::kGet, query); }
  RequestId post(std::string_view query, std::string_view body) {
    return request(http::Method::kPost, query, body);
  }
  void abandon(RequestId id) {
    engine_.handle_abandoned(sessions_.at(id), id);
    settle();
  }

  bool answered(RequestId id) const { return responses_.contains(id); }
  const http::Response& response(RequestId id) const { return responses_.at(id); }
  std::string body(RequestId id) const {
    const auto it = responses_.find(id);
    return it == responses_.end() ? "(no answer)" : std::string(it->second.body.text());
  }
  int status(RequestId id) const { return answered(id) ? response(id).status : 0; }

  // The status of the refusal, or zero and the connection.
  std::pair<int, ConnectionId> open(std::string_view query) {
    http::Request request{.method = http::Method::kGet, .query = query};
    const ConnectionId id{++last_id_};
    const auto session = engine_.accept_websocket(now, id, request);
    if (!session) return {session.error().status, id};
    connections_[id] = *session;
    engine_.handle_open(now, *session, id);
    settle();
    return {0, id};
  }
  void frame(ConnectionId id, std::string_view text) {
    engine_.handle_frame(now, connections_.at(id), id, as_bytes(text), false);
    settle();
  }
  void binary_frame(ConnectionId id, Bytes data) {
    engine_.handle_frame(now, connections_.at(id), id, data, true);
    settle();
  }
  void lose(ConnectionId id, bool failed = false) {
    engine_.handle_closed(connections_.at(id), id, failed);
    settle();
  }

  // What a connection has been sent since the last call. Binary frames are written as "<size>".
  std::vector<std::string> frames(ConnectionId id) { return std::exchange(frames_[id], {}); }
  bool closed(ConnectionId id) const { return closed_.contains(id); }

  // Moves the clock, and lets everything happen at its time.
  void advance(Duration duration) {
    const Time end = now + duration;
    for (Time due = deadline(); due <= end; due = deadline()) {
      now = std::max(now, due);
      engine_.handle_timeout(now);
      application_.handle_timeout(now);
      settle();
    }
    now = end;
  }

  // After calls to the application from outside.
  void settle() {
    do {
      application_.handle_events(now);
      while (auto output = engine_.poll_output()) take(*std::move(output));
    } while (engine_.has_events());
  }

 private:
  Time deadline() const { return std::min(engine_.next_deadline(), application_.next_deadline()); }

  void take(Output output) {
    std::visit(
        overloaded{
            [&](Respond& respond) { responses_[respond.request] = std::move(respond.response); },
            [&](Transmit& transmit) {
              const Packet& packet = transmit.packet;
              frames_[transmit.connection].push_back(
                  packet.binary ? "<" + std::to_string(packet.frame.size()) + ">"
                                : std::string(packet.frame.text()));
            },
            [&](CloseWebSocket& close) { closed_.insert(close.connection); },
        },
        output);
  }

  Engine& engine_;
  Application& application_;
  std::uint64_t last_id_ = 0;
  std::map<RequestId, SessionId> sessions_;
  std::map<RequestId, http::Response> responses_;
  std::map<ConnectionId, SessionId> connections_;
  std::map<ConnectionId, std::vector<std::string>> frames_;
  std::set<ConnectionId> closed_;
};

// The sid in an open packet: 0{"sid":"...
inline std::string sid_of(std::string_view open) {
  const std::size_t begin = open.find(R"("sid":")") + 7;
  return std::string(open.substr(begin, open.find('"', begin) - begin));
}

}  // namespace parley::engineio
