#pragma once

#include <expected>
#include <memory>
#include <unordered_map>

#include "http/server.h"
#include "io/event_loop.h"
#include "server/ice_servers.h"
#include "server/meeting_binding.h"
#include "server/session_watch.h"

namespace parley::server {

// The meeting's door for plain WebSockets: JSON arrays, and a ping when nothing else shows that the
// client is there.
class MeetingWs final : public Door {
 public:
  struct Config {
    Duration ping_interval = std::chrono::seconds{25};
    Duration ping_timeout = std::chrono::seconds{20};
  };

  struct Counters {
    std::size_t open = 0;
    std::uint64_t connections = 0, messages = 0, malformed = 0, ping_timeouts = 0;
  };

  // All of it outlives this.
  MeetingWs(MeetingBinding& meeting, io::EventLoop& loop, const IceServers& ice_servers,
            SessionWatch& sessions, Config config);
  MeetingWs(const MeetingWs&) = delete;
  MeetingWs& operator=(const MeetingWs&) = delete;

  // The handler of a new connection. It must be closed before this door goes away.
  std::unique_ptr<http::WebSocketHandler> accept(const http::Request& request);

  const Counters& counters() const { return counters_; }

 private:
  class Connection;

  void tell(std::span<const meeting::ConnectionId> to, std::string_view event,
            const Json& body) override;
  void answer(meeting::ConnectionId to, std::int64_t ack, const Json::Written& body) override;
  void forget(meeting::ConnectionId connection) override;
  std::vector<meeting::IceServer> ice_servers(meeting::ConnectionId connection,
                                              std::string_view sid) override;

  MeetingBinding& meeting_;
  io::EventLoop& loop_;
  const IceServers& ice_servers_;
  SessionWatch& sessions_;
  Config config_;
  Counters counters_;
  std::unordered_map<meeting::ConnectionId, Connection*> connections_;  // The open ones.
};

}  // namespace parley::server
