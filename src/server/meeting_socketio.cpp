#include "server/meeting_socketio.h"

#include <utility>

#include "server/calendar.h"

namespace parley::server {

using meeting::ConnectionId;

MeetingSocketio::MeetingSocketio(socketio::Server& io, MeetingBinding& meeting,
                                 const IceServers& ice_servers, SessionWatch& sessions)
    : io_(io), meeting_(meeting), ice_servers_(ice_servers), sessions_(sessions) {
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
  if (recovered) {
    clients_[connection].socket_id = socket.id();
    meeting_.recovered(connection);
    if (clients_.at(connection).ended) socket.disconnect();
    return;
  }
  const auto access =
      sessions_.identities().access_of(socket.handshake().header("cookie").value_or(""));
  meeting::Identity identity;
  if (access) identity = {.user = access->user, .account = access->account};
  connection = meeting_.add(*this, std::move(identity), socket.handshake().peer.ip.to_string());
  clients_[connection].socket_id = socket.id();
  if (access) watch(connection, access->session);
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
  const ConnectionId connection = socket.data<ConnectionId>();
  std::optional<std::int64_t> ack;
  if (acknowledge) {
    ack = ++last_ack_;
    clients_[connection].acknowledges.emplace(*ack, std::move(acknowledge));
  }
  meeting_.said(connection, event, std::move(body), ack);
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

void MeetingSocketio::answer(ConnectionId to, std::int64_t ack, const Json::Written& body) {
  const auto client = clients_.find(to);
  if (client == clients_.end()) return;
  auto acknowledge = client->second.acknowledges.extract(ack);
  if (!acknowledge.empty()) acknowledge.mapped()(body);
}

void MeetingSocketio::forget(ConnectionId connection) {
  clients_.erase(connection);
}

std::vector<meeting::IceServer> MeetingSocketio::ice_servers(ConnectionId connection,
                                                             std::string_view sid) {
  const socketio::Socket* const socket = io_.find(clients_.at(connection).socket_id);
  if (socket == nullptr) return {};
  const auto& handshake = socket->handshake();
  return ice_servers_.for_client({.host = handshake.host, .https = handshake.secure, .who = sid},
                                 unix_seconds());
}

}  // namespace parley::server
