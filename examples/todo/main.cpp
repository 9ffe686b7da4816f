// A to-do list that pages learn of in two ways: they ask every few seconds, or they are told.
//
//   todo [--port N]
//
// GET /todos is the list; POST /todos {"text": ...} adds to it, and POST /todos/ID {"done": ...}
// ticks off. Whoever is connected by Socket.IO gets "todos" with the list, at first and at every
// change.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/schema.h"
#include "crypto/system_random.h"
#include "http/json_body.h"
#include "http/server.h"
#include "io/event_loop.h"
#include "io/signals.h"
#include "socketio/server.h"

namespace {

using namespace parley;
using http::Method;
using http::Request;
using http::Responder;
using http::Response;

constexpr std::size_t kMaxTodos = 100;  // The oldest makes room.

struct Todo {
  std::int64_t id = 0;
  std::string text = {};
  bool done = false;
  std::int64_t changed_at = 0;  // Milliseconds since 1970: the page shows how late it learnt of it.

  static constexpr auto fields() {
    return std::tuple(field("id", &Todo::id), field("text", &Todo::text),
                      field("done", &Todo::done), field("changedAt", &Todo::changed_at));
  }
};

struct Add {
  std::string text = {};
  static constexpr auto fields() {
    return std::tuple(field("text", &Add::text, {.min = 1, .max = 200}));
  }
};

struct Tick {
  bool done = false;
  static constexpr auto fields() { return std::tuple(field("done", &Tick::done)); }
};

std::int64_t now() {
  const auto time = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

class TodoList {
 public:
  explicit TodoList(socketio::Server& io) : io_(io) {
    io_.on_connection([this](socketio::Socket& socket) { socket.emit("todos", todos_); });
  }

  void add_routes(http::Server& http) {
    http.route(Method::kGet, "/todos", [this](const Request&, Responder responder) {
      responder.send(Response::json(200, to_json(todos_).to_text()));
    });
    http.route(Method::kPost, "/todos", [this](const Request& request, Responder responder) {
      responder.send(add(request));
    });
    http.route(Method::kPost, "/todos/{id}", [this](const Request& request, Responder responder) {
      responder.send(tick(request));
    });
  }

 private:
  Response add(const Request& request) {
    auto wanted = http::parse_body_as<Add>(request);
    if (!wanted) return std::move(wanted.error());
    if (todos_.size() == kMaxTodos) todos_.erase(todos_.begin());
    todos_.push_back({.id = ++last_id_, .text = std::move(wanted->text), .changed_at = now()});
    return tell();
  }

  Response tick(const Request& request) {
    const auto wanted = http::parse_body_as<Tick>(request);
    if (!wanted) return wanted.error();
    const auto it = std::ranges::find(todos_, request.path_parameter("id"),
                                      [](const Todo& todo) { return std::to_string(todo.id); });
    if (it == todos_.end()) return Response::problem(404, "Not found", "There is no such to-do.");
    it->done = wanted->done;
    it->changed_at = now();
    return tell();
  }

  // This one line is all that push takes.
  Response tell() {
    io_.emit("todos", todos_);
    return {.status = 204};
  }

  socketio::Server& io_;
  std::vector<Todo> todos_;
  std::int64_t last_id_ = 0;
};

int serve(const std::string& port) {
  const auto address = net::SocketAddress::parse("127.0.0.1:" + port);
  if (!address) return fmt::print(stderr, "todo: no port: {}\n", port), EXIT_FAILURE;
  std::ifstream file(TODO_PAGE);
  const std::string page(std::istreambuf_iterator<char>(file), {});

  io::EventLoop loop;
  const io::Signals signals(loop, {SIGTERM, SIGINT}, [&](int) { loop.stop(); });
  crypto::SystemRandom random;
  socketio::Server io({}, random);
  TodoList todos(io);
  http::Server http(loop, {});
  http.route(Method::kGet, "/", [&](const Request&, Responder responder) {
    responder.send(Response{.body = SharedBytes(page)}.with("Content-Type", "text/html"));
  });
  todos.add_routes(http);
  io.attach(http, loop);
  const auto listening = http.listen(*address);
  if (!listening) return fmt::print(stderr, "todo: {}\n", listening.error()), EXIT_FAILURE;
  fmt::print("todo ready http://{}\n", listening->to_string());
  std::fflush(stdout);
  loop.run();
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  return serve(argc == 3 && std::string_view(argv[1]) == "--port" ? argv[2] : "3002");
}
