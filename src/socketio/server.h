#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "socketio/client.h"
#include "socketio/config.h"
#include "socketio/engineio/application.h"
#include "socketio/engineio/engine.h"
#include "socketio/namespace.h"
#include "socketio/schedule.h"

namespace parley::http {
class Server;
}
namespace parley::io {
class EventLoop;
}

namespace parley::socketio {

class Attachment;

// A Socket.IO server (protocol revision 5, over Engine.IO revision 4):
//
//   socketio::Server io(config, random);
//   io.on("join", [](Socket& socket, const Join& join) -> Joined {...});
//   io.to("room").emit("news", message);
//   io.attach(http_server, loop);
//
// Sans-IO: engine() takes requests, frames and the time, and gives responses and frames; after each
// call to it comes handle_events(). attach() does all that on an http::Server; a test does it by
// hand. Everything belongs to one thread.
//
// The server itself holds the connections and passes their packets to the namespaces.
class Server final : public engineio::Application {
 public:
  struct Counters {
    std::uint64_t connections = 0;  // Sockets that joined a namespace.
    std::uint64_t refused = 0;      // By middleware, or for an unknown namespace.
    std::uint64_t recovered = 0;
    std::uint64_t events = 0;      // From clients.
    std::uint64_t unhandled = 0;   // Of those, the ones nobody handles.
    std::uint64_t invalid = 0;     // Of those, the ones whose arguments were not as they should be.
    std::uint64_t deliveries = 0;  // Events to clients, each counted once a receiver.
    std::uint64_t parse_errors = 0;   // Connections ended for what they sent.
    std::uint64_t stray_packets = 0;  // For a namespace that the client is not in, and late acks.
    std::uint64_t connect_timeouts = 0;
  };

  Server(Config config, Random& random);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The namespace of that name ("/chat"), made the first time.
  Namespace& of(std::string_view name);

  // The namespace "/", which most applications need alone. See Namespace.
  template <class F>
  void on(std::string_view event, F handler) {
    root_.on(event, std::move(handler));
  }
  template <class F>
  void use(F middleware) {
    root_.use(std::move(middleware));
  }
  void on_any(Namespace::AnyCall call) { root_.on_any(std::move(call)); }
  void on_unhandled(Handler handler) { root_.on_unhandled(std::move(handler)); }
  void on_connection(Namespace::SocketCall call) { root_.on_connection(std::move(call)); }
  void on_disconnecting(Namespace::DisconnectCall call) { root_.on_disconnecting(std::move(call)); }
  void on_disconnect(Namespace::DisconnectCall call) { root_.on_disconnect(std::move(call)); }
  template <class... Args>
  void emit(std::string_view event, Args&&... args) {
    root_.emit(event, std::forward<Args>(args)...);
  }
  template <class... Args>
  void emit_with_ack(std::string_view event, Args&&... args) {
    root_.emit_with_ack(event, std::forward<Args>(args)...);
  }
  Broadcast to(std::string_view room) { return root_.to(room); }
  Broadcast in(std::string_view room) { return root_.to(room); }
  Broadcast except(std::string_view room) { return root_.except(room); }
  Socket* find(std::string_view id) const { return root_.find(id); }

  // Calls after `delay`, on the time that the server is told.
  void after(Duration delay, std::move_only_function<void()> call);

  // Ends all connections ("server shutting down"); clients may reconnect, to us or to another.
  void shut_down();

  // Serves config().path on `http`, which must be destroyed before this server, and runs on `loop`,
  // which must outlive it.
  void attach(http::Server& http, io::EventLoop& loop);

  engineio::Engine& engine() { return engine_; }
  void handle_events(Time now) override;
  void handle_timeout(Time now) override;
  Time next_deadline() const override { return schedule_.next(); }

  const Config& config() const { return config_; }
  const Counters& counters() const { return counters_; }

 private:
  friend class Acknowledge;
  friend class Namespace;
  friend class Socket;
  friend struct SocketRef;
  friend void answer_invalid(Call& call, std::string_view field, std::string_view message);

  void on_event(engineio::Opened& opened);
  void on_event(engineio::Message& message);
  void on_event(engineio::Closed& closed);
  void handle_packet(Client& client, Packet packet);
  void handle_connect(Client& client, Packet packet);
  void time_out(engineio::SessionId session);

  Client* find(engineio::SessionId session) const;
  void disconnect(Client& client, DisconnectReason reason);  // Its sockets, and it.
  void close(Client& client, DisconnectReason reason);       // The connection as well.
  void send(const Client& client, const Encoded& packet);
  void bury(Socket& socket);
  void finish_turn();

  Config config_;
  Random& random_;
  engineio::Engine engine_;
  Schedule schedule_;
  Counters counters_;
  std::shared_ptr<Server*> self_;
  std::uint64_t last_serial_ = 0;
  std::vector<std::unique_ptr<Client>> clients_;  // At the place that the session's id names.
  // Gone in this turn: a handler may still hold a reference.
  std::vector<std::unique_ptr<Socket>> buried_;
  std::vector<std::unique_ptr<Client>> buried_clients_;
  ByName<std::unique_ptr<Namespace>> namespaces_;
  Namespace& root_;
  std::unique_ptr<Attachment> attachment_;
};

}  // namespace parley::socketio
