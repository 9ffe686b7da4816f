#include "socketio/test_hooks.h"

#include <chrono>
#include <utility>
#include <variant>

namespace parley::socketio::test_hooks {
namespace {

using namespace std::chrono_literals;

// The suites wait for one frame after the other, and miss one that comes in the same read as the
// frame before it. So "auth" leaves this much later than the answer to CONNECT.
constexpr Duration kAuthDelay = 10ms;

void greet(Socket& socket) {
  socket.nsp().server().after(kAuthDelay, [ref = socket.ref(), auth = socket.auth()] {
    if (Socket* const here = ref.find()) here->emit("auth", auth);
  });
}

void install(Namespace& nsp) {
  nsp.on_connection(greet);
  nsp.on("message", [](Socket& socket, const Arguments& arguments) {
    socket.emit_arguments("message-back", arguments);
  });
  nsp.on("message-with-ack",
         [](Socket&, const Arguments& arguments) -> Arguments { return arguments; });
}

}  // namespace

Config config() {
  Config config;
  config.engine.ping_interval = 300ms;
  config.engine.ping_timeout = 200ms;
  config.engine.max_http_buffer_size = 1'000'000;
  config.connect_timeout = 1s;
  return config;
}

void install(Server& io) {
  install(io.of("/"));
  install(io.of("/custom"));
}

void Echo::attach(http::Server& http, io::EventLoop& loop, const std::string& path) {
  attachment_ = std::make_unique<Attachment>(engine_, *this, http, loop, path);
}

void Echo::handle_events(Time) {
  while (auto event = engine_.poll_event()) {
    auto* const message = std::get_if<engineio::Message>(&*event);
    if (message == nullptr) continue;
    const engineio::Received& packet = message->packet;
    engine_.send(message->session, packet.binary ? engineio::Packet::message(packet.data)
                                                 : engineio::Packet::message(as_text(packet.data)));
  }
}

}  // namespace parley::socketio::test_hooks
