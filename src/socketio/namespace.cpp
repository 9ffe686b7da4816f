#include "socketio/namespace.h"

#include <algorithm>
#include <utility>

#include "socketio/client.h"
#include "socketio/server.h"

namespace parley::socketio {
namespace {

std::optional<std::string_view> text_member(const Json& json, std::string_view key) {
  const Json* const member = json.find(key);
  const std::string* const text = member == nullptr ? nullptr : member->as_string();
  if (text == nullptr) return std::nullopt;
  return *text;
}

}  // namespace

Namespace::Namespace(Server& server, std::string name) : server_(server), name_(std::move(name)) {
  if (const auto& config = server.config().recovery) recovery_.emplace(*config);
}

// --- The way in.

void Namespace::admit(Client& client, Json auth) {
  if (recover(client, auth)) return;
  Socket& socket = create(client, server_.random_.token(std::tuple_size_v<decltype(Socket::id_)>));
  socket.auth_ = std::make_unique<Json>(auth.is_null() ? Json(Json::Object{}) : std::move(auth));
  advance(socket, 0);
}

// Whether the client was here before, and is again as if it had never gone.
bool Namespace::recover(Client& client, const Json& auth) {
  const auto private_id = text_member(auth, "pid");
  if (!recovery_ || !private_id) return false;
  // It may be back before we noticed that it had gone.
  if (const auto it = by_private_id_.find(*private_id); it != by_private_id_.end()) {
    Client& old = it->second->client_;
    disconnect(*it->second, DisconnectReason::kTransportClose);
    if (&old != &client && old.sockets.empty())
      server_.close(old, DisconnectReason::kTransportClose);
  }
  auto restored =
      recovery_->restore(server_.schedule_.latest(), *private_id, text_member(auth, "offset"));
  if (!restored) return false;
  Socket& socket = create(client, restored->socket.id);
  socket.recovered_ = true;
  socket.private_id_ = std::make_unique<std::string>(*private_id);
  socket.first_offset_ = restored->socket.first_offset;
  socket.data_ = std::move(restored->socket.data);
  for (const std::string& room : restored->socket.rooms) socket.join(room);
  socket.auth_ = std::make_unique<Json>(auth);
  ++server_.counters_.recovered;
  insert(socket);
  for (const Encoded& packet : restored->missed) socket.send(packet);
  greet(socket);
  return true;
}

void Namespace::advance(Socket& socket, std::size_t middleware) {
  if (middleware < middlewares_.size()) {
    middlewares_[middleware](socket, Next(socket.ref(), middleware));
  } else {
    connect(socket);
  }
}

void Namespace::connect(Socket& socket) {
  if (recovery_) {
    socket.private_id_ = std::make_unique<std::string>(server_.random_.token(20));
    socket.first_offset_ = recovery_->last_offset();
  }
  insert(socket);
  greet(socket);
}

void Namespace::greet(Socket& socket) {
  for (SocketCall& call : connection_) {
    if (socket.connected()) call(socket);
  }
  socket.auth_.reset();
}

void Namespace::refuse(Socket& socket, const ConnectError& error) {
  ++server_.counters_.refused;
  Json data;
  data.set("message", error.message);
  if (!error.data.is_null()) data.set("data", error.data);
  socket.send(encode({.type = PacketType::kConnectError, .nsp = name_, .data = std::move(data)}));
  socket.state_ = Socket::State::kDisconnected;
  rooms_.leave_all(socket);
  server_.bury(socket);
}

// --- Events and acknowledgements.

void Namespace::dispatch(Socket& socket, Packet packet) {
  ++server_.counters_.events;
  Arguments arguments = std::move(*packet.data.as_array());
  const std::string event = *arguments.front().as_string();
  arguments.erase(arguments.begin());
  if (any_) any_(socket, event, arguments);

  Call call{.socket = socket, .event = event, .arguments = arguments};
  if (packet.id) call.acknowledge = Acknowledge(socket.ref(), *packet.id);
  const auto handler = handlers_.find(event);
  if (handler != handlers_.end()) return handler->second(call);
  ++server_.counters_.unhandled;
  if (unhandled_) unhandled_(call);
}

void Namespace::handle_ack(Socket& socket, Packet packet) {
  std::erase(socket.acks_, *packet.id);
  if (!acks_.handle_ack(*packet.id, socket.serial_, std::move(*packet.data.as_array()))) {
    ++server_.counters_.stray_packets;
  }
}

// --- The way out.

void Namespace::disconnect(Socket& socket, DisconnectReason reason) {
  if (std::exchange(socket.leaving_, true)) return;
  if (socket.connected()) {
    for (DisconnectCall& call : disconnecting_) call(socket, reason);
    if (recovery_ && is_recoverable(reason)) save(socket);
    erase(socket);
    socket.state_ = Socket::State::kDisconnected;
    rooms_.leave_all(socket);
    for (const std::uint64_t id : std::exchange(socket.acks_, {})) {
      acks_.give_up(id, AckError::kDisconnected);
    }
    for (DisconnectCall& call : disconnect_) call(socket, reason);
  }
  socket.state_ = Socket::State::kDisconnected;
  rooms_.leave_all(socket);
  server_.bury(socket);
}

void Namespace::save(Socket& socket) {
  recovery_->save(server_.schedule_.latest(), *socket.private_id_,
                  {.id = std::string(socket.id()),
                   .rooms = socket.rooms(),
                   .data = socket.data_,  // The handlers of the disconnection still need theirs.
                   .first_offset = socket.first_offset_});
}

// --- Who is here.

Socket& Namespace::create(Client& client, std::string_view id) {
  return *client.sockets.emplace_back(
      std::make_unique<Socket>(*this, client, ++server_.last_serial_, id));
}

// Takes the socket in, and tells the client.
void Namespace::insert(Socket& socket) {
  ++server_.counters_.connections;
  socket.state_ = Socket::State::kConnected;
  socket.place_ = static_cast<std::uint32_t>(sockets_.size());
  sockets_.push_back(&socket);
  by_id_.emplace(socket.id(), &socket);
  Json data;
  data.set("sid", socket.id());
  if (socket.private_id_) {
    by_private_id_.emplace(*socket.private_id_, &socket);
    data.set("pid", *socket.private_id_);
  }
  socket.send(encode({.type = PacketType::kConnect, .nsp = name_, .data = std::move(data)}));
}

void Namespace::erase(Socket& socket) {
  sockets_[socket.place_] = sockets_.back();
  sockets_[socket.place_]->place_ = socket.place_;
  sockets_.pop_back();
  by_id_.erase(socket.id());
  if (socket.private_id_) by_private_id_.erase(*socket.private_id_);
}

Socket* Namespace::find(std::string_view id) const {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : it->second;
}

std::vector<Socket*> Namespace::sockets(const Targets& targets) {
  std::vector<Socket*> found;
  for_each(targets, [&](Socket& socket) { found.push_back(&socket); });
  return found;
}

// --- Broadcasts.

// Marks instead of sets: whoever carries the mark of this pass has been excepted or visited.
template <class Call>
void Namespace::for_each(const Targets& targets, Call call) {
  const std::uint32_t mark = ++mark_;
  const auto visit = [&](Socket& socket) {
    if (socket.mark_ == mark || !socket.connected()) return;
    socket.mark_ = mark;
    call(socket);
  };
  const auto for_each_in = [&](const std::string& room, auto&& what) {
    for (RoomMember* const member : rooms_.members(room)) what(static_cast<Socket&>(*member));
    if (Socket* const socket = find(room)) what(*socket);
  };
  for (const std::string& room : targets.excepts) {
    for_each_in(room, [&](Socket& socket) { socket.mark_ = mark; });
  }
  for (const std::string& room : targets.rooms) for_each_in(room, visit);
  if (!targets.rooms.empty()) return;
  for (Socket* const socket : sockets_) visit(*socket);
}

void Namespace::deliver(const Targets& targets, const Encoded& packet, bool droppable) {
  for_each(targets, [&](Socket& socket) {
    if (droppable && !server_.engine_.writable(socket.client_.session)) return;
    ++server_.counters_.deliveries;
    socket.send(packet);
  });
}

void Namespace::broadcast(Targets targets, std::string_view event, Arguments arguments,
                          bool droppable) {
  const bool recorded = recovery_ && !droppable;
  if (recorded) arguments.emplace_back(std::to_string(recovery_->next_offset()));
  const Encoded packet = encode_event(name_, event, arguments);
  deliver(targets, packet, droppable);
  if (recorded) recovery_->record(server_.schedule_.latest(), packet, std::move(targets));
}

void Namespace::ask(const Targets& targets, std::string_view event, const Arguments& arguments,
                    Duration timeout, RepliesCall call) {
  std::vector<std::uint64_t> asked;
  for_each(targets, [&](Socket& socket) { asked.push_back(socket.serial_); });
  if (asked.empty()) return call({});
  const std::uint64_t id = acks_.next_id();
  acks_.await(id, std::move(asked), std::move(call));
  server_.after(timeout, [this, id] { acks_.give_up(id, AckError::kTimedOut); });
  deliver(targets, encode_event(name_, event, arguments, id), false);
}

void Namespace::emit_arguments(std::string_view event, Arguments arguments) {
  broadcast({}, event, std::move(arguments), false);
}

void Namespace::emit_arguments_with_ack(std::string_view event, const Arguments& arguments,
                                        Duration timeout, RepliesCall call) {
  ask({}, event, arguments, timeout, std::move(call));
}

}  // namespace parley::socketio
