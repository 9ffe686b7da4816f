#include "server/meeting_socketio.h"

#include <utility>

namespace parley::server {

using meeting::ConnectionId;

MeetingSocketio::MeetingSocketio(socketio::Server& io, MeetingBinding& meeting,
                                 IceServers ice_servers, SessionWatch& sessions)
    : io_(io), meeting_(meeting), ice_servers_(std::move(ice_servers)), sessions_(sessions) {
  io_.on_connection([this](socketio::Socket& socket) { on_connected(socket); });
  io_.on_disconnect([this](socketio::Socket& socket, socketio::DisconnectReason reason) {
    on_disconnected(socket, reason);
  });
  for (const std::string_view event : meeting::command_names()) {
    io_.on(event, [this, event](socketio::Socket& socket, socketio::Arguments& arguments,
                                socketio::Acknowledge acknowledge) {
      on_event(socket, event, arguments, std::move(acknowledge));
    });
  }
  io_.on_unhandled([this](socketio::Call& call) {
    on_event(call.socket, call.event, call.arguments, std::move(call.acknowledge));
  });
}

void MeetingSocketio::on_connected(socketio::Socket& socket) {
  ConnectionId& connection = socket.data<ConnectionId>();
  const bool recovered = socket.recovered() && connection;
  if (!recovered) connection = meeting_.add(*this);
  clients_[connection].socket_id = socket.id();
  if (recovered) {
    meeting_.recovered(connection);
    if (clients_.at(connection).ended) socket.disconnect();
  } else if (const auto access = sessions_.identities().access_of(
                 socket.handshake().header("cookie").value_or(""))) {
    watch(connection, access->session);
  }
}

// A socket that is away just now is disconnected when it is back.
void MeetingSocketio::watch(ConnectionId connection, store::SessionId session) {
  clients_.at(connection).watched = sessions_.watch(session, [this, connection] {
    Client& client = clients_.at(connection);
    client.ended = true;
    if (socketio::Socket* const socket = io_.find(client.socket_id)) socket->disconnect();
  });
}

void MeetingSocketio::on_event(socketio::Socket& socket, std::string_view event,
                               socketio::Arguments& arguments, socketio::Acknowledge acknowledge) {
  if (arguments.size() > 1) {
    acknowledge(meeting::answer_body(meeting::Refusal{
        .code = meeting::Code::kInvalid, .message = "An event has one argument, an object."}));
    return;
  }
  Json body = arguments.empty() ? Json(Json::Object{}) : std::move(arguments.front());
  acknowledge_ = std::move(acknowledge);
  const auto ack = acknowledge_ ? std::optional<std::int64_t>(0) : std::nullopt;
  meeting_.said(socket.data<ConnectionId>(), event, std::move(body), ack);
  acknowledge_ = {};
}

void MeetingSocketio::on_disconnected(socketio::Socket& socket, socketio::DisconnectReason reason) {
  const bool may_recover = io_.config().recovery && socketio::is_recoverable(reason);
  meeting_.lost(socket.data<ConnectionId>(), may_recover);
}

void MeetingSocketio::tell(std::span<const ConnectionId> to, std::string_view event,
                           const Json& body) {
  socketio::Broadcast broadcast(io_.of("/"));
  for (const ConnectionId connection : to) broadcast.to(clients_.at(connection).socket_id);
  broadcast.emit(event, body);
}

void MeetingSocketio::answer(ConnectionId, std::int64_t, const Json& body) {
  acknowledge_(body);  // The engine answers while it handles the event.
}

void MeetingSocketio::forget(ConnectionId connection) {
  clients_.erase(connection);
}

std::vector<meeting::IceServer> MeetingSocketio::ice_servers(ConnectionId connection) {
  const socketio::Socket* const socket = io_.find(clients_.at(connection).socket_id);
  return ice_servers_.for_client(socket == nullptr ? "" : socket->handshake().host);
}

}  // namespace parley::server
