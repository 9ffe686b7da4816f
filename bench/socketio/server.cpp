// Our side of the comparison; server.mjs is the npm server's, and does the same.
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <string>

#include "crypto/system_random.h"
#include "http/server.h"
#include "io/event_loop.h"
#include "io/signals.h"
#include "socketio/server.h"

int main() {
  using namespace parley;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);

  io::EventLoop loop;
  const io::Signals signals(loop, {SIGTERM, SIGINT}, [&](int) { loop.stop(); });
  crypto::SystemRandom random;
  socketio::Server server({}, random);
  server.on("publish",
            [&server](socketio::Socket&, const Json& message) { server.emit("event", message); });
  server.on("echo",
            [](socketio::Socket& socket, const Json& message) { socket.emit("event", message); });
  http::Server http(loop, {});
  server.attach(http, loop);
  const auto address = http.listen(*net::SocketAddress::parse("127.0.0.1:0"));
  if (!address) return std::fprintf(stderr, "%s\n", address.error().c_str()), 1;
  std::printf("ready http://%s\n", address->to_string().c_str());
  std::fflush(stdout);
  loop.run();
  return 0;
}
