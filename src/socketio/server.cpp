#include "socketio/server.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "socketio/attach.h"

namespace parley::socketio {

Server::Server(Config config, Random& random)
    : config_(std::move(config)),
      random_(random),
      engine_(config_.engine, random),
      self_(std::make_shared<Server*>(this)),
      root_(of("/")) {}

Server::~Server() {
  *self_ = nullptr;
}

Namespace& Server::of(std::string_view name) {
  auto it = namespaces_.find(name);
  if (it == namespaces_.end()) {
    auto made = std::make_unique<Namespace>(*this, std::string(name));
    it = namespaces_.emplace(std::string(name), std::move(made)).first;
  }
  return *it->second;
}

void Server::after(Duration delay, std::move_only_function<void()> call) {
  schedule_.after(delay, std::move(call));
  engine_.wake();
}

void Server::shut_down() {
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    if (clients_[i]) close(*clients_[i], DisconnectReason::kServerShutdown);
  }
}

void Server::attach(http::Server& http, io::EventLoop& loop) {
  attachment_ = std::make_unique<Attachment>(engine_, *this, http, loop, config_.path);
}

void Server::handle_events(Time now) {
  schedule_.begin(now);
  while (auto event = engine_.poll_event()) {
    std::visit([this](auto& one) { on_event(one); }, *event);
  }
  finish_turn();
}

void Server::handle_timeout(Time now) {
  schedule_.begin(now);
  schedule_.run(now);
  finish_turn();
}

void Server::finish_turn() {
  schedule_.end();
  buried_.clear();
  buried_clients_.clear();
}

// --- What the engine tells.

void Server::on_event(engineio::Opened& opened) {
  const std::size_t index = opened.session.value & 0xffff'ffff;
  if (index >= clients_.size()) clients_.resize(index + 1);
  clients_[index] = std::make_unique<Client>(
      Client{.session = opened.session, .handshake = std::move(opened.handshake)});
  schedule_.after(config_.connect_timeout, [this, session = opened.session] { time_out(session); });
}

void Server::on_event(engineio::Message& message) {
  Client* const client = find(message.session);
  if (client == nullptr) return;
  const engineio::Received& packet = message.packet;
  auto decoded = packet.binary ? client->decoder.add_binary(packet.data, config_.decoder)
                               : client->decoder.add_text(as_text(packet.data), config_.decoder);
  if (!decoded) {
    ++counters_.parse_errors;
    close(*client, DisconnectReason::kParseError);
  } else if (*decoded) {
    handle_packet(*client, **std::move(decoded));
  }
}

void Server::on_event(engineio::Closed& closed) {
  if (Client* const client = find(closed.session)) {
    disconnect(*client, to_disconnect_reason(closed.reason));
  }
}

void Server::handle_packet(Client& client, Packet packet) {
  if (packet.type == PacketType::kConnect) return handle_connect(client, std::move(packet));
  const auto it = std::ranges::find(client.sockets, packet.nsp,
                                    [](const auto& socket) { return socket->nsp().name(); });
  if (it == client.sockets.end() || !(*it)->connected()) {
    ++counters_.stray_packets;
    return;
  }
  Socket& socket = **it;
  switch (packet.type) {
    case PacketType::kEvent: return socket.nsp_.dispatch(socket, std::move(packet));
    case PacketType::kAck: return socket.nsp_.handle_ack(socket, std::move(packet));
    case PacketType::kDisconnect:
      return socket.nsp_.disconnect(socket, DisconnectReason::kClientNamespace);
    default: return;  // The decoder lets no other type through.
  }
}

void Server::handle_connect(Client& client, Packet packet) {
  const auto nsp = namespaces_.find(packet.nsp);
  if (nsp == namespaces_.end()) {
    ++counters_.refused;
    Json data;
    data.set("message", "Invalid namespace");
    send(client, encode({.type = PacketType::kConnectError,
                         .nsp = std::move(packet.nsp),
                         .data = std::move(data)}));
    return;
  }
  const bool here = std::ranges::any_of(
      client.sockets, [&](const auto& socket) { return &socket->nsp() == nsp->second.get(); });
  if (here) {
    ++counters_.stray_packets;
  } else {
    nsp->second->admit(client, std::move(packet.data));
  }
}

// A connection that belongs to no namespace is of no use.
void Server::time_out(engineio::SessionId session) {
  Client* const client = find(session);
  const auto is_connected = [](const auto& socket) { return socket->connected(); };
  if (client == nullptr || std::ranges::any_of(client->sockets, is_connected)) return;
  ++counters_.connect_timeouts;
  close(*client, DisconnectReason::kTransportClose);
}

// --- Connections.

Client* Server::find(engineio::SessionId session) const {
  const std::size_t index = session.value & 0xffff'ffff;
  if (index >= clients_.size() || !clients_[index]) return nullptr;
  return clients_[index]->session == session ? clients_[index].get() : nullptr;
}

void Server::disconnect(Client& client, DisconnectReason reason) {
  std::vector<Socket*> sockets;  // A copy: each leaves client.sockets as it goes.
  for (const auto& socket : client.sockets) sockets.push_back(socket.get());
  for (Socket* const socket : sockets) socket->nsp_.disconnect(*socket, reason);
  const std::size_t index = client.session.value & 0xffff'ffff;
  if (clients_[index].get() == &client) buried_clients_.push_back(std::move(clients_[index]));
}

void Server::close(Client& client, DisconnectReason reason) {
  const engineio::SessionId session = client.session;
  disconnect(client, reason);
  engine_.close(session);
}

void Server::send(const Client& client, const Encoded& packet) {
  engine_.send(client.session, packet.text);
  for (const engineio::Packet& attachment : packet.attachments) {
    engine_.send(client.session, attachment);
  }
}

// Takes a socket from its client, and keeps it in memory until the turn ends.
void Server::bury(Socket& socket) {
  auto& sockets = socket.client_.sockets;
  const auto it = std::ranges::find(sockets, &socket, &std::unique_ptr<Socket>::get);
  if (it == sockets.end()) return;
  buried_.push_back(std::move(*it));
  sockets.erase(it);
}

}  // namespace parley::socketio
