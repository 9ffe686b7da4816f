#pragma once

#include <string>
#include <unordered_map>

#include "server/ice_servers.h"
#include "server/meeting_binding.h"
#include "socketio/server.h"

namespace parley::server {

// The meeting's door for Socket.IO clients, in the namespace "/".
//
// A socket that breaks off may be recovered by Socket.IO itself: then it keeps its id, and what is
// told to it meanwhile is kept by the Socket.IO server. The socket's data is its ConnectionId.
class MeetingSocketio final : public Door {
 public:
  // Registers its handlers; both must outlive `io`'s use.
  MeetingSocketio(socketio::Server& io, MeetingBinding& meeting, IceServers ice_servers);
  MeetingSocketio(const MeetingSocketio&) = delete;
  MeetingSocketio& operator=(const MeetingSocketio&) = delete;

 private:
  void on_connected(socketio::Socket& socket);
  void on_event(socketio::Socket& socket, std::string_view event, socketio::Arguments& arguments,
                socketio::Acknowledge acknowledge);
  void on_disconnected(socketio::Socket& socket, socketio::DisconnectReason reason);

  void tell(std::span<const meeting::ConnectionId> to, std::string_view event,
            const Json& body) override;
  void answer(meeting::ConnectionId to, std::int64_t ack, const Json& body) override;
  void forget(meeting::ConnectionId connection) override;
  std::vector<meeting::IceServer> ice_servers(meeting::ConnectionId connection) override;

  socketio::Server& io_;
  MeetingBinding& meeting_;
  IceServers ice_servers_;
  // The sockets' own ids: of those that are connected, and of those that are gone while the meeting
  // waits for their return.
  std::unordered_map<meeting::ConnectionId, std::string> socket_ids_;
  socketio::Acknowledge acknowledge_;  // Of the event that is being handled.
};

}  // namespace parley::server
