#include "server/echo_hook.h"

#include <memory>

namespace parley::server {
namespace {

class Echo final : public http::WebSocketHandler {
 public:
  void on_open(http::WebSocket& socket) override { socket_ = &socket; }
  void on_message(Bytes message, http::WebSocketKind kind) override {
    socket_->send(SharedBytes(message), kind);
  }
  void on_closed(std::uint16_t, std::string_view) override {}

 private:
  http::WebSocket* socket_ = nullptr;
};

}  // namespace

void install_echo(http::Server& http) {
  http.websocket("/echo",
                 {.max_message_bytes = 16 << 20, .max_fragments = 1 << 16, .deflate = true},
                 [](const http::Request&) { return std::make_unique<Echo>(); });
}

}  // namespace parley::server
