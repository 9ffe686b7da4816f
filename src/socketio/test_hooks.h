#pragma once

#include <memory>

#include "base/random.h"
#include "base/time.h"
#include "socketio/attach.h"
#include "socketio/engineio/application.h"
#include "socketio/engineio/engine.h"
#include "socketio/server.h"

// What the public test suites of the Engine.IO and Socket.IO protocols expect of a server. Not for
// use: anybody may connect, and is answered.
namespace parley::socketio::test_hooks {

// Heartbeat 300 ms, time-out 200 ms, payload 1,000,000 bytes, CONNECT within 1 s.
Config config();

// On "/" and "/custom": "auth" with the handshake's payload after connecting, "message" answered by
// "message-back", "message-with-ack" acknowledged; both with the arguments that came.
void install(Server& io);

// A bare Engine.IO that sends every message back as it came.
class Echo final : public engineio::Application {
 public:
  Echo(engineio::Config config, Random& random) : engine_(std::move(config), random) {}

  void attach(http::Server& http, io::EventLoop& loop, const std::string& path = "/engine.io/");

  engineio::Engine& engine() { return engine_; }
  void handle_events(Time now) override;
  void handle_timeout(Time) override {}
  Time next_deadline() const override { return kNever; }

 private:
  engineio::Engine engine_;
  std::unique_ptr<Attachment> attachment_;
};

}  // namespace parley::socketio::test_hooks
