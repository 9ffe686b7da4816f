#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/deadlines.h"
#include "http/path_table.h"
#include "http/request_parser.h"
#include "http/server.h"
#include "http/websocket/engine.h"

namespace parley::http {

// What is served on one path.
struct Route {
  struct Action {
    Server::Handler handler = {};
    std::size_t max_body_bytes = 0;
  };
  struct WebSocketAction {
    WebSocketConfig config = {};
    Server::Accept accept = {};
  };

  std::array<Action, 8> by_method = {};  // Indexed by Method.
  Action any = {};
  std::optional<WebSocketAction> websocket = std::nullopt;

  // The action for that method; HEAD is served by GET's where it has none. Null: 405.
  Action* find(Method method);
  // For the Allow field.
  std::string allowed_methods() const;
};

// What all connections of one server share. Outlives them.
class Context {
 public:
  using WallClock = std::chrono::system_clock::time_point (*)();

  Context(io::EventLoop& event_loop, WallClock wall_clock, ServerConfig server_config);
  ~Context() { connections.clear(); }  // Before what they use.
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // For the Date field; made once a second.
  std::string_view date();

  // A connection's deadline; context calls Connection::on_deadline() when it has come.
  void set_deadline(Responder::Connection& connection, Time deadline);

  void add(std::shared_ptr<Responder::Connection> connection);
  void remove(Responder::Connection& connection);  // Usually destroys it.

  io::EventLoop& loop;
  const ServerConfig config;
  Server::Counters counters = {};
  PathTable<Route> routes = {};
  std::move_only_function<Response(const Request&)> lost = {};  // Null: 404.
  RequestParser::Pool parser_pool = {};
  websocket::Engine::Buffer spare_message = {};
  std::string head_buffer = {};  // Where response heads are formatted.
  bool draining = false;
  std::vector<std::shared_ptr<Responder::Connection>> connections = {};
  std::move_only_function<void(const net::IpAddress&)> on_removed = {};

 private:
  void check_deadlines();

  Deadlines deadlines_;
  io::Timer deadline_timer_;
  WallClock wall_clock_;
  Time armed_for_ = kNever;
  std::string date_;
  Time date_expires_ = kAtOnce;
};

}  // namespace parley::http
