// The server that tests/interop/socketio*.test.mjs talk to with the npm socket.io-client:
//
//   socketio_test_server [--test-hooks] [--recovery] [--cors ORIGIN]
//
// Prints `ready http://127.0.0.1:PORT`, and ends on SIGTERM.
#include <fmt/core.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <string_view>

#include "crypto/system_random.h"
#include "http/server.h"
#include "io/event_loop.h"
#include "io/signals.h"
#include "socketio/server.h"
#include "socketio/test_hooks.h"

namespace parley {
namespace {

using namespace std::chrono_literals;
using socketio::Acknowledge;
using socketio::Arguments;
using socketio::Socket;

struct Person {
  std::string name;
  int age = 0;
  std::optional<std::string> town;

  static constexpr auto fields() {
    return std::tuple(field("name", &Person::name, {.min = 1, .max = 20}),
                      field("age", &Person::age, {.min = 0}), field("town", &Person::town));
  }
};

struct Greeting {
  bool ok = true;
  std::string text;

  static constexpr auto fields() {
    return std::tuple(field("ok", &Greeting::ok), field("text", &Greeting::text));
  }
};

// What a client says to all, and how it is answered.
void talk(socketio::Server& io) {
  io.on("echo", [](Socket&, const Arguments& arguments) -> Arguments { return arguments; });
  io.on("bounce", [](Socket& socket, const Arguments& arguments) {
    socket.emit_arguments("bounced", arguments);
  });
  io.on("greet", [](Socket&, const Person& person) -> Greeting {
    return {.text = fmt::format("hello {}, {}", person.name, person.age)};
  });
  io.on("add", [](Socket&, int a, int b) -> int { return a + b; });
  io.on("later", [&io](Socket&, int milliseconds, Acknowledge acknowledge) {
    io.after(milliseconds * 1ms,
             [acknowledge = std::move(acknowledge)]() mutable { acknowledge("at last"); });
  });
  io.on("never", [](Socket&, const Arguments&, Acknowledge) {});
  io.on("ask me", [](Socket& socket, const Json& question) {
    socket.emit_with_ack("question", question, 200ms,
                         [ref = socket.ref()](std::expected<Arguments, socketio::AckError> answer) {
                           Socket* const asker = ref.find();
                           if (asker == nullptr) return;
                           if (answer) {
                             asker->emit_arguments("answered", *answer);
                           } else {
                             asker->emit("unanswered", to_string(answer.error()));
                           }
                         });
  });
  io.on_unhandled([](socketio::Call& call) {
    const auto text = fmt::format("nobody handles \"{}\"", call.event);
    call.acknowledge ? call.acknowledge(text) : call.socket.emit("unhandled", text);
  });
}

void use_rooms(socketio::Server& io) {
  io.on("join", [](Socket& socket, const std::string& room) { socket.join(room); });
  io.on("leave", [](Socket& socket, const std::string& room) { socket.leave(room); });
  io.on("rooms", [](Socket& socket) { return Arguments{to_json(socket.rooms())}; });
  io.on("to room", [](Socket& socket, const std::string& room, const Json& message) {
    socket.to(room).emit("news", message);
  });
  io.on("in room", [&io](Socket&, const std::string& room, const Json& message) {
    io.to(room).emit("news", message);
  });
  io.on("except", [&io](Socket&, const std::string& room, const Json& message) {
    io.except(room).emit("news", message);
  });
  io.on("broadcast",
        [](Socket& socket, const Json& message) { socket.broadcast().emit("news", message); });
  io.on("poll room", [&io](Socket&, const std::string& room, Acknowledge acknowledge) {
    io.to(room).emit_with_ack(
        "vote", 200ms, [acknowledge = std::move(acknowledge)](socketio::Replies replies) mutable {
          Json::Array votes;
          for (Arguments& one : replies.arguments) votes.push_back(std::move(one.at(0)));
          acknowledge(Json(std::move(votes)), static_cast<int>(replies.missing));
        });
  });
}

void count_lives(socketio::Server& io) {
  io.on("count", [](Socket& socket) -> int { return ++socket.data<int>(); });
  io.on_connection([](Socket& socket) {
    socket.emit("welcome", socket.auth(), socket.recovered(),
                std::string(socket.handshake().query));
  });
  io.on("kick me", [](Socket& socket) { socket.disconnect(); });
  io.on("cut me off", [](Socket& socket) { socket.disconnect_connection(); });
  io.on_disconnect([&io](Socket& socket, socketio::DisconnectReason reason) {
    io.of("/watch").emit("gone", socket.id(), to_string(reason));
  });
}

void guard(socketio::Server& io) {
  io.of("/watch");
  auto& secret = io.of("/secret");
  secret.use([](Socket& socket) -> socketio::Admission {
    const Json* const token = socket.auth().find("token");
    if (token != nullptr && token->as_string() != nullptr) return {};
    Json data;
    data.set("code", 401);
    return std::unexpected(socketio::ConnectError{.message = "no token", .data = std::move(data)});
  });
  secret.use([&io](Socket& socket, socketio::Next next) {  // Looks it up, which takes a while.
    const bool good = socket.auth().find("token")->as_string()->starts_with("good");
    io.after(10ms, [good, next = std::move(next)] {
      good ? next() : next(std::unexpected(socketio::ConnectError{.message = "bad token"}));
    });
  });
  secret.on("whisper",
            [](Socket& socket, const Json& text) { socket.nsp().emit("whispered", text); });
}

int serve(bool hooks, bool recovery, std::string_view origin) {
  io::EventLoop loop;
  io::Signals signals(loop, {SIGTERM, SIGINT}, [&](int) { loop.stop(); });
  crypto::SystemRandom random;
  socketio::Config config = hooks ? socketio::test_hooks::config() : socketio::Config{};
  if (recovery) config.recovery.emplace();
  if (!origin.empty()) config.engine.cors = {.origins = {std::string(origin)}, .credentials = true};
  socketio::Server server(config, random);
  socketio::test_hooks::Echo echo(config.engine, random);
  if (hooks) {
    socketio::test_hooks::install(server);
  } else {
    talk(server);
    use_rooms(server);
    count_lives(server);
    guard(server);
  }
  http::Server http(loop, {});
  server.attach(http, loop);
  echo.attach(http, loop);
  const auto address = http.listen(*net::SocketAddress::parse("127.0.0.1:0"));
  if (!address) return fmt::print(stderr, "{}\n", address.error()), 1;
  fmt::print("ready http://{}\n", address->to_string());
  std::fflush(stdout);
  loop.run();
  return 0;
}

}  // namespace
}  // namespace parley

int main(int argc, char** argv) {
  bool hooks = false, recovery = false;
  std::string_view origin;
  for (int i = 1; i < argc; ++i) {
    const std::string_view arg = argv[i];
    hooks = hooks || arg == "--test-hooks";
    recovery = recovery || arg == "--recovery";
    if (arg == "--cors" && i + 1 < argc) origin = argv[++i];
  }
  return parley::serve(hooks, recovery, origin);
}
