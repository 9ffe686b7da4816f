#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/time.h"
#include "http/server.h"
#include "io/event_loop.h"
#include "socketio/engineio/application.h"
#include "socketio/engineio/engine.h"
#include "socketio/engineio/slot_map.h"

namespace parley::socketio {

// Drives an Engine and what stands on it by an http::Server and a loop: the only place of this
// folder that touches either. It decides nothing.
//
// The http::Server must be destroyed first: its connections call us when they go.
class Attachment {
 public:
  Attachment(engineio::Engine& engine, engineio::Application& application, http::Server& http,
             io::EventLoop& loop, const std::string& path);
  ~Attachment();
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;

 private:
  class Connection;

  void serve(http::Server& http, const std::string& path);
  void handle_request(const http::Request& request, http::Responder responder);
  void watch_for_abandonment(engineio::SessionId session, engineio::RequestId id);
  std::expected<std::unique_ptr<http::WebSocketHandler>, http::Response> accept(
      const http::Request& request);

  void wake();
  void handle_timeout();
  void finish();  // After each call to the engine: its events, its outputs, its deadline.
  void flush();
  void perform(engineio::Respond& respond);
  void perform(engineio::Transmit& transmit);
  void perform(engineio::CloseWebSocket& close);
  void set_timer();

  engineio::Engine& engine_;
  engineio::Application& application_;
  io::EventLoop& loop_;
  io::Timer timer_;
  Time armed_ = kNever;
  bool busy_ = false;  // In finish(): what is called meanwhile is flushed by it.
  bool flush_deferred_ = false;
  std::shared_ptr<Attachment*> self_;  // For deferred calls, which may outlive us.
  engineio::SlotMap<engineio::ConnectionId, http::WebSocket*> sockets_;  // Null until open.
  engineio::SlotMap<engineio::RequestId, std::optional<http::Responder>> requests_;
};

}  // namespace parley::socketio
