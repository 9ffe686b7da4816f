#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"
#include "socketio/engineio/test_network.h"
#include "socketio/server.h"

namespace parley::socketio {

using Strings = std::vector<std::string>;

// For tests: a server with a network that is not one.
struct TestServer {
  explicit TestServer(Config config = {}) : io(std::move(config), random) {}

  SeededRandom random{1};
  Server io;
  engineio::TestNetwork network{io.engine(), io};
};

// A client on a WebSocket, at the level of packets: send("2[...]") is a Socket.IO packet.
class TestClient {
 public:
  // Joins "/" with `auth`, unless that is "-".
  explicit TestClient(TestServer& server, std::string_view auth = "")
      : network_(&server.network), connection_(network_->open("EIO=4&transport=websocket").second) {
    network_->frames(connection_);
    if (auth == "-") return;
    send("0" + std::string(auth));
    id = engineio::sid_of(network_->frames(connection_).at(0));
  }

  void send(std::string_view packet) { network_->frame(connection_, "4" + std::string(packet)); }
  void send_binary(Bytes data) { network_->binary_frame(connection_, data); }
  // The packets that came since the last call, without the "4" of the engine.
  Strings take() {
    Strings packets;
    for (std::string& frame : network_->frames(connection_)) {
      packets.push_back(frame.starts_with('4') ? frame.substr(1) : std::move(frame));
    }
    return packets;
  }
  void lose() { network_->lose(connection_); }
  bool closed() const { return network_->closed(connection_); }

  std::string id;

 private:
  engineio::TestNetwork* network_;
  engineio::ConnectionId connection_;
};

}  // namespace parley::socketio
