#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "socketio/broadcast.h"
#include "socketio/emitter.h"
#include "socketio/handler.h"
#include "socketio/middleware.h"
#include "socketio/pending_acks.h"
#include "socketio/recovery.h"
#include "socketio/rooms.h"
#include "socketio/socket.h"

namespace parley::socketio {

class Server;

// A separate conversation on the same connections, with its own events, rooms and rules of entry:
// "/" is there from the start, others as soon as Server::of() names them.
class Namespace final : public Emitter<Namespace> {
 public:
  using SocketCall = std::move_only_function<void(Socket&)>;
  using DisconnectCall = std::move_only_function<void(Socket&, DisconnectReason)>;
  using AnyCall = std::move_only_function<void(Socket&, std::string_view, const Arguments&)>;

  Namespace(Server& server, std::string name);

  const std::string& name() const { return name_; }
  Server& server() const { return server_; }

  // What to do when a client emits `event`; handler.h says what a handler may look like. A second
  // one for the same event replaces the first.
  template <class F>
  void on(std::string_view event, F handler) {
    handlers_.insert_or_assign(std::string(event), make_handler(std::move(handler)));
  }
  // Before the handler of every event, whether it has one or not.
  void on_any(AnyCall call) { any_ = std::move(call); }
  // An event that has no handler. The one who takes it sees to the acknowledgement.
  void on_unhandled(Handler handler) { unhandled_ = std::move(handler); }

  // Asked in order when a client wants to join; not when a socket is recovered.
  template <class F>
  void use(F middleware) {
    middlewares_.push_back(make_middleware(std::move(middleware)));
  }
  void on_connection(SocketCall call) { connection_.push_back(std::move(call)); }
  // While the socket is still in its rooms.
  void on_disconnecting(DisconnectCall call) { disconnecting_.push_back(std::move(call)); }
  void on_disconnect(DisconnectCall call) { disconnect_.push_back(std::move(call)); }

  // To everybody, or to some of them.
  void emit_arguments(std::string_view event, Arguments arguments);
  void emit_arguments_with_ack(std::string_view event, const Arguments& arguments, Duration timeout,
                               RepliesCall call);
  Broadcast to(std::string_view room) { return Broadcast(*this).to(room); }
  Broadcast in(std::string_view room) { return Broadcast(*this).to(room); }
  Broadcast except(std::string_view room) { return Broadcast(*this).except(room); }
  Broadcast everybody() { return Broadcast(*this); }

  Socket* find(std::string_view id) const;
  std::size_t size() const { return sockets_.size(); }
  std::vector<Socket*> sockets(const Targets& targets = {});
  const Rooms& rooms() const { return rooms_; }

 private:
  friend class Acknowledge;
  friend class Broadcast;
  friend class Next;
  friend class Server;
  friend class Socket;

  // The way in: admit() -> middlewares -> connect() or refuse().
  void admit(Client& client, Json auth);
  bool recover(Client& client, const Json& auth);
  void advance(Socket& socket, std::size_t middleware);
  void connect(Socket& socket);
  void greet(Socket& socket);
  void refuse(Socket& socket, const ConnectError& error);

  void dispatch(Socket& socket, Packet packet);
  void handle_ack(Socket& socket, Packet packet);

  // The way out. The socket stays in memory until the server's turn ends.
  void disconnect(Socket& socket, DisconnectReason reason);
  void save(Socket& socket);

  Socket& create(Client& client, std::string_view id);
  void insert(Socket& socket);
  void erase(Socket& socket);

  // To whom a broadcast goes, each once.
  template <class Call>
  void for_each(const Targets& targets, Call call);
  void deliver(const Targets& targets, const Encoded& packet, bool droppable);
  void broadcast(Targets targets, std::string_view event, Arguments arguments, bool droppable);
  void ask(const Targets& targets, std::string_view event, const Arguments& arguments,
           Duration timeout, RepliesCall call);

  Server& server_;
  std::string name_;
  ByName<Handler> handlers_;
  Handler unhandled_;
  AnyCall any_;
  std::vector<Middleware> middlewares_;
  std::vector<SocketCall> connection_;
  std::vector<DisconnectCall> disconnecting_, disconnect_;

  std::vector<Socket*> sockets_;                                 // Connected ones, for broadcasts.
  std::unordered_map<std::string_view, Socket*> by_id_;          // The same; the keys live in them.
  std::unordered_map<std::string_view, Socket*> by_private_id_;  // With recovery only.
  Rooms rooms_;
  PendingAcks acks_;
  std::optional<Recovery> recovery_;
  std::uint32_t mark_ = 0;
};

}  // namespace parley::socketio
