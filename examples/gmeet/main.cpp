// The signalling server of the classic two-tab Meet clone, on our Socket.IO library.
//
//   gmeet [--port N] [--origin URL]
#include <fmt/core.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "crypto/system_random.h"
#include "http/server.h"
#include "io/event_loop.h"
#include "io/signals.h"
#include "socketio/server.h"

namespace {

using namespace parley;
using socketio::Arguments;
using socketio::Socket;

struct Options {
  std::string port = "3001";
  std::string origin = "http://localhost:5173";  // Where Vite serves the page.
};

// What one side of the call says to the other: an offer, an answer, and their candidates. We need
// not understand any of it.
constexpr std::array<std::string_view, 4> kNegotiation = {"localDescription", "remoteDescription",
                                                          "iceCandidate", "iceCandidateReply"};

void pass_on(Socket& socket, std::string_view event, const Arguments& arguments) {
  for (const std::string& room : socket.rooms()) socket.to(room).emit_arguments(event, arguments);
}

// A page is in one room at a time; its last word counts.
void join(Socket& socket, const Json& request) {
  const Json* const room = request.find("roomId");
  if (room == nullptr || room->as_string() == nullptr) return;
  for (const std::string& old : socket.rooms()) socket.leave(old);
  socket.join(*room->as_string());
  pass_on(socket, "join", {request});
}

void signal(socketio::Server& io) {
  io.on("join", join);
  for (const std::string_view event : kNegotiation) {
    io.on(event, [event](Socket& socket, const Arguments& arguments) {
      pass_on(socket, event, arguments);
    });
  }
}

int serve(const Options& options) {
  const auto address = net::SocketAddress::parse("127.0.0.1:" + options.port);
  if (!address) return fmt::print(stderr, "gmeet: no port: {}\n", options.port), EXIT_FAILURE;

  io::EventLoop loop;
  const io::Signals signals(loop, {SIGTERM, SIGINT}, [&](int) { loop.stop(); });
  crypto::SystemRandom random;
  socketio::Config config;
  config.engine.cors.origins = {options.origin};
  socketio::Server io(config, random);
  signal(io);

  http::Server http(loop, {});
  io.attach(http, loop);
  const auto listening = http.listen(*address);
  if (!listening) return fmt::print(stderr, "gmeet: {}\n", listening.error()), EXIT_FAILURE;
  fmt::print("gmeet ready http://{} for pages of {}\n", listening->to_string(), options.origin);
  std::fflush(stdout);
  loop.run();
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view flag = argv[i];
    if (flag == "--port") options.port = argv[i + 1];
    if (flag == "--origin") options.origin = argv[i + 1];
  }
  return serve(options);
}
