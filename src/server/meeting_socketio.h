#pragma once

#include <map>
#include <string>
#include <unordered_map>

#include "server/ice_servers.h"
#include "server/meeting_binding.h"
#include "server/session_watch.h"
#include "socketio/server.h"

namespace parley::server {

// The meeting's door for Socket.IO clients, in the namespace "/".
//
// A socket that breaks off may be recovered by Socket.IO itself: then it keeps its id, and what is
// told to it meanwhile is kept by the Socket.IO server. The socket's data is its ConnectionId.
class MeetingSocketio final : public Door {
 public:
  // Registers its handlers; all must outlive `io`'s use.
  MeetingSocketio(socketio::Server& io, MeetingBinding& meeting, const IceServers& ice_servers,
                  SessionWatch& sessions);
  MeetingSocketio(const MeetingSocketio&) = delete;
  MeetingSocketio& operator=(const MeetingSocketio&) = delete;

 private:
  struct Client {
    std::string socket_id = {};
    SessionWatch::Guard watched = {};  // Empty for a guest.
    bool ended = false;                // The session by which it came.
    // Of the events that are not answered yet, by the number that the meeting knows them by.
    std::map<std::int64_t, socketio::Acknowledge> acknowledges = {};
  };

  void watch(meeting::ConnectionId connection, store::SessionId session);
  void on_connected(socketio::Socket& socket);
  void on_event(socketio::Socket& socket, std::string_view event, socketio::Arguments& arguments,
                socketio::Acknowledge acknowledge);
  void on_disconnected(socketio::Socket& socket, socketio::DisconnectReason reason);

  void tell(std::span<const meeting::ConnectionId> to, std::string_view event,
            const Json& body) override;
  void answer(meeting::ConnectionId to, std::int64_t ack, const Json::Written& body) override;
  void forget(meeting::ConnectionId connection) override;
  std::vector<meeting::IceServer> ice_servers(meeting::ConnectionId connection,
                                              std::string_view sid) override;

  socketio::Server& io_;
  MeetingBinding& meeting_;
  const IceServers& ice_servers_;
  SessionWatch& sessions_;
  // Those that are connected, and those that are gone while the meeting waits for their return.
  std::unordered_map<meeting::ConnectionId, Client> clients_;
  std::int64_t last_ack_ = 0;
};

}  // namespace parley::server
