#include "socketio/socket.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "socketio/client.h"
#include "socketio/namespace.h"
#include "socketio/server.h"

namespace parley::socketio {

Socket::Socket(Namespace& nsp, Client& client, std::uint64_t serial, std::string_view id)
    : nsp_(nsp), client_(client), serial_(serial) {
  PARLEY_ASSERT(id.size() == id_.size());
  std::ranges::copy(id, id_.begin());
}

const engineio::Handshake& Socket::handshake() const {
  return *client_.handshake;
}

const Json& Socket::auth() const {
  static const Json kGone;
  return auth_ == nullptr ? kGone : *auth_;
}

void Socket::join(std::string_view room) {
  if (state_ != State::kDisconnected) nsp_.rooms_.join(*this, room);
}

void Socket::leave(std::string_view room) {
  nsp_.rooms_.leave(*this, room);
}

Broadcast Socket::to(std::string_view room) {
  return broadcast().to(room);
}
Broadcast Socket::except(std::string_view room) {
  return broadcast().except(room);
}
Broadcast Socket::broadcast() {
  return Broadcast(nsp_).except(id());
}

void Socket::disconnect() {
  if (!connected()) return;
  send(encode({.type = PacketType::kDisconnect, .nsp = nsp_.name()}));
  nsp_.disconnect(*this, DisconnectReason::kServerNamespace);
}

void Socket::disconnect_connection() {
  if (state_ == State::kDisconnected) return;
  for (const auto& socket : client_.sockets) {
    if (!socket->connected()) continue;
    socket->send(encode({.type = PacketType::kDisconnect, .nsp = socket->nsp_.name()}));
  }
  nsp_.server_.close(client_, DisconnectReason::kServerNamespace);
}

void Socket::emit_arguments(std::string_view event, Arguments arguments) {
  if (!connected()) return;
  if (nsp_.recovery_) {
    const Targets me{.rooms = {std::string(id())}};
    return nsp_.broadcast(me, event, std::move(arguments), false);
  }
  ++nsp_.server_.counters_.deliveries;
  send(encode_event(nsp_.name(), event, arguments));
}

void Socket::emit_arguments_with_ack(std::string_view event, const Arguments& arguments,
                                     Duration timeout, AckCall call) {
  if (!connected()) return call(std::unexpected(AckError::kDisconnected));
  const std::uint64_t id = nsp_.acks_.next_id();
  nsp_.acks_.await(id, serial_, std::move(call));
  acks_.push_back(id);
  nsp_.server_.after(timeout, [ref = ref(), &nsp = nsp_, id] {
    if (Socket* const socket = ref.find()) std::erase(socket->acks_, id);
    nsp.acks_.give_up(id, AckError::kTimedOut);
  });
  ++nsp_.server_.counters_.deliveries;
  send(encode_event(nsp_.name(), event, arguments, id));
}

SocketRef Socket::ref() const {
  return {.server = nsp_.server_.self_, .session = client_.session, .serial = serial_};
}

void Socket::send(const Encoded& packet) const {
  nsp_.server_.send(client_, packet);
}

Socket* SocketRef::find() const {
  if (server == nullptr || *server == nullptr) return nullptr;
  const Client* const client = (*server)->find(session);
  if (client == nullptr) return nullptr;
  const auto it = std::ranges::find(client->sockets, serial, &Socket::serial_);
  return it == client->sockets.end() ? nullptr : it->get();
}

void Acknowledge::send(const Arguments& arguments) {
  if (!id_) return;
  const std::uint64_t id = *std::exchange(id_, std::nullopt);
  const Socket* const socket = socket_.find();
  if (socket == nullptr || !socket->connected()) return;
  socket->send(encode({.type = PacketType::kAck,
                       .nsp = socket->nsp().name(),
                       .id = id,
                       .data = Json::Array(arguments)}));
}

void Next::operator()(Admission admission) const {
  Socket* const socket = socket_.find();
  if (socket == nullptr || socket->state_ != Socket::State::kConnecting) return;
  if (admission) {
    socket->nsp_.advance(*socket, index_ + 1);
  } else {
    socket->nsp_.refuse(*socket, admission.error());
  }
}

void answer_invalid(Call& call, std::string_view field, std::string_view message) {
  ++call.socket.nsp().server().counters_.invalid;
  Json error;
  error.set("code", "invalid");
  error.set("field", field);
  error.set("message", message);
  const bool asked{call.acknowledge};
  if (!asked) error.set("event", call.event);
  Json answer;
  answer.set("ok", false);
  answer.set("error", std::move(error));
  if (asked) {
    call.acknowledge(std::move(answer));
  } else {
    call.socket.emit("error", std::move(answer));
  }
}

}  // namespace parley::socketio
