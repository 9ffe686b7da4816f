#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"
#include "socketio/engineio/engine.h"
#include "socketio/engineio/test_network.h"

// What the tests of the engine share.
namespace parley::engineio {

using Strings = std::vector<std::string>;

inline constexpr std::string_view kPolling = "EIO=4&transport=polling";
inline constexpr std::string_view kWebSocket = "EIO=4&transport=websocket";

// Writes down what the engine tells, and echoes every message where `echo` is set.
class Recorder final : public Application {
 public:
  explicit Recorder(Engine& engine) : engine_(engine) {}

  void handle_events(Time) override {
    while (auto event = engine_.poll_event()) {
      std::visit([this](auto& one) { on(one); }, *event);
    }
  }
  void handle_timeout(Time) override {}
  Time next_deadline() const override { return kNever; }

  Strings take() { return std::exchange(told_, {}); }

  SessionId last = {};
  std::unique_ptr<Handshake> handshake;
  bool echo = false;

 private:
  void on(Opened& opened) {
    last = opened.session;
    handshake = std::move(opened.handshake);
    told_.emplace_back("opened");
  }
  void on(Message& message) {
    const std::string text(as_text(message.packet.data));
    told_.push_back((message.packet.binary ? "binary " : "text ") + text);
    if (!echo) return;
    engine_.send(message.session, message.packet.binary ? Packet::message(message.packet.data)
                                                        : Packet::message(text));
  }
  void on(Closed& closed) { told_.push_back("closed: " + std::string(to_string(closed.reason))); }

  Engine& engine_;
  Strings told_;
};

class EngineTest : public testing::Test {
 protected:
  explicit EngineTest(Config config = {}) : engine(std::move(config), random) {}

  // Opens a session on long-polling and returns the query of its requests.
  std::string poll_session() {
    const std::string sid = sid_of(network.body(network.get(kPolling)));
    recorder.take();
    return std::string(kPolling) + "&sid=" + sid;
  }
  ConnectionId websocket_session() {
    const ConnectionId id = network.open(kWebSocket).second;
    network.frames(id);
    recorder.take();
    return id;
  }
  static std::string upgrade_of(const std::string& query) {
    return std::string(kWebSocket) + query.substr(query.find("&sid="));
  }

  SeededRandom random{1};
  Engine engine;
  Recorder recorder{engine};
  TestNetwork network{engine, recorder};
};

}  // namespace parley::engineio
