#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "base/random.h"
#include "http/server.h"
#include "net/source_counts.h"
#include "server/ice_servers.h"
#include "server/meeting_binding.h"
#include "server/origin_policy.h"
#include "server/whip/director.h"
#include "server/whip/program_offer.h"
#include "server/whip/sdp_fragment.h"
#include "server/whip/whip_http.h"

namespace parley::server {

// The meeting's door for programs that publish (WHIP, RFC 9725) or play (WHEP) by one HTTP request
// each. A session is a participant whose media goes over this server; it lives until it is deleted,
// its connection fails or the room is done with it.
class WhipDoor final : public Door {
 public:
  struct Config {
    std::size_t max_sessions = 2'000;
    // An office behind one address; of IPv6 a /64 is one. Loopback is exempt: tests and proxies.
    std::size_t max_sessions_per_address = 200;
    std::size_t max_offer = 64 << 10;  // Bytes.
  };

  struct Counters {
    std::size_t open = 0;
    std::uint64_t published = 0, played = 0;  // Sessions that came to be.
    std::uint64_t refused = 0;
    std::uint64_t restarts = 0;
    std::uint64_t broken = 0;  // Ended because their media connection failed.
  };

  // All of it outlives this.
  WhipDoor(MeetingBinding& meeting, const IceServers& ice_servers, const OriginPolicy& origins,
           Random& random, Config config);
  WhipDoor(const WhipDoor&) = delete;
  WhipDoor& operator=(const WhipDoor&) = delete;

  void add_to(http::Server& http);

  const Counters& counters() const { return counters_; }

 private:
  // A request that waits for the meeting: the POST, or a PATCH that restarts ICE.
  struct Owed {
    http::Responder responder;
    std::string origin = {};  // Of the page that asks, if it is one of another origin.
    std::string offer = {};   // In force once the meeting agrees.
    std::vector<std::string> links = {};
  };

  // What of a publisher's is on, as the others see it.
  struct Media {
    bool microphone = false, camera = false, screen = false;
  };

  struct Session {
    meeting::ConnectionId connection = {};
    net::IpAddress from = {};
    ProgramKind kind = ProgramKind::kPublisher;
    std::string path = {};  // Its URL's.
    std::string offer = {};
    Json sources = {};
    std::string etag = {};  // Names its ICE session; without the quotes.
    std::string host = {};  // By which it reached us.
    bool https = false;
    Media offered = {}, media = {};
    std::optional<Director> director = {};  // Of a player.
    std::optional<Owed> owed = {};
    bool established = false;
  };

  void open(ProgramKind kind, const http::Request& request, http::Responder responder);
  Session& add(ProgramKind kind, const http::Request& request, ProgramOffer offer);
  void join(const Session& session, const http::Request& request);
  void negotiate(const Session& session, std::string_view offer, bool restart);
  void handle(ProgramKind kind, const http::Request& request, http::Responder responder);
  void patch(Session& session, const http::Request& request, http::Responder responder);
  void restart(Session& session, const SdpFragment& fragment, Owed owed);

  void tell(std::span<const meeting::ConnectionId> to, std::string_view event,
            const Json& body) override;
  void answer(meeting::ConnectionId to, std::int64_t ack, const Json::Written& body) override;
  void forget(meeting::ConnectionId connection) override;
  std::vector<meeting::IceServer> ice_servers(meeting::ConnectionId connection,
                                              std::string_view sid) override;

  void on_joined(Session& session, const Json& body);
  void on_connected(Session& session, const Json& body);
  void on_restarted(Session& session, const Json& body);
  void on_muted(Session& session, const Json& body);
  void on_asked(Session& session, const Json& body);
  void say_media(const Session& session);
  void direct(Session& session);
  // The meeting is done with it, or its media is.
  void on_over(Session& session, std::string_view event);
  // The participant leaves, and the URL is gone.
  void end(meeting::ConnectionId connection);
  void refuse(Session& session, const whip_http::Problem& problem);
  Session* find(std::string_view path);
  std::string new_etag() { return random_.token(16); }

  MeetingBinding& meeting_;
  const IceServers& ice_servers_;
  const OriginPolicy& origins_;
  Random& random_;
  Config config_;
  Counters counters_;
  std::unordered_map<meeting::ConnectionId, Session> sessions_;
  std::map<std::string, meeting::ConnectionId, std::less<>> by_path_;
  net::SourceCounts from_;  // Sessions.
};

}  // namespace parley::server
