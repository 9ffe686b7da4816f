#include "server/meeting_ws.h"

#include <utility>

#include "server/calendar.h"
#include "server/ws_message.h"

namespace parley::server {

using meeting::ConnectionId;

namespace {

constexpr std::uint16_t kSessionEnded = 4001;

}  // namespace

// One client. Silence for ping_interval brings a ping; silence for ping_timeout after it, the end.
class MeetingWs::Connection final : public http::WebSocketHandler {
 public:
  Connection(MeetingWs& door, const http::Request& request)
      : door_(door),
        host_(request.host),
        https_(request.secure),
        address_(request.peer.ip.to_string()),
        access_(door.sessions_.identities().access_of(request.header("Cookie").value_or(""))),
        heartbeat_(door.loop_, [this] { beat(); }) {}

  void on_open(http::WebSocket& socket) override {
    socket_ = &socket;
    meeting::Identity identity;
    if (access_) identity = {.user = access_->user, .account = access_->account};
    id_ = door_.meeting_.add(door_, std::move(identity), address_);
    door_.connections_.emplace(id_, this);
    ++door_.counters_.connections;
    ++door_.counters_.open;
    if (access_) watched_ = door_.sessions_.watch(access_->session, [this] { shut(); });
    rest();
  }

  void on_message(Bytes message, http::WebSocketKind kind) override {
    rest();
    ++door_.counters_.messages;
    if (kind == http::WebSocketKind::kBinary) {
      ++door_.counters_.malformed;
      return socket_->close(1003, "Only text is understood here.");
    }
    auto said = parse_ws_message(as_text(message));
    if (!said) return complain(said.error());
    door_.meeting_.said(id_, said->event, std::move(said->body), said->ack);
  }

  void on_pong() override { rest(); }

  void on_closed(std::uint16_t, std::string_view) override {
    heartbeat_.disarm();
    watched_ = {};
    socket_ = nullptr;
    --door_.counters_.open;
    door_.connections_.erase(id_);
    door_.meeting_.lost(id_, false);
  }

  void send(const SharedBytes& text) {
    if (socket_ != nullptr) socket_->send(text, http::WebSocketKind::kText);
  }

  IceServers::Client as_ice_client(std::string_view sid) const {
    return {.host = host_, .https = https_, .who = sid};
  }

 private:
  // The client has shown that it is there.
  void rest() {
    pinged_ = false;
    heartbeat_.arm(door_.loop_.now() + door_.config_.ping_interval);
  }

  void beat() {
    if (std::exchange(pinged_, true)) {
      ++door_.counters_.ping_timeouts;
      return socket_->close(1008, "No answer to a ping.");
    }
    socket_->ping();
    heartbeat_.arm(door_.loop_.now() + door_.config_.ping_timeout);
  }

  void shut() { socket_->close(kSessionEnded, "The session has ended."); }

  void complain(const std::string& sentence) {
    ++door_.counters_.malformed;
    const meeting::Error error{{.code = meeting::Code::kInvalid, .message = sentence}};
    send(ws_event(meeting::Error::kEvent, to_json(error)));
  }

  MeetingWs& door_;
  std::string host_;  // By which the client reached us.
  bool https_;
  std::string address_;                    // The client's.
  std::optional<account::Access> access_;  // None: a guest.
  SessionWatch::Guard watched_;
  ConnectionId id_ = {};
  http::WebSocket* socket_ = nullptr;  // Null before it is open and after it is closed.
  io::Timer heartbeat_;
  bool pinged_ = false;
};

MeetingWs::MeetingWs(MeetingBinding& meeting, io::EventLoop& loop, const IceServers& ice_servers,
                     SessionWatch& sessions, Config config)
    : meeting_(meeting),
      loop_(loop),
      ice_servers_(ice_servers),
      sessions_(sessions),
      config_(config) {}

std::unique_ptr<http::WebSocketHandler> MeetingWs::accept(const http::Request& request) {
  return std::make_unique<Connection>(*this, request);
}

void MeetingWs::tell(std::span<const ConnectionId> to, std::string_view event, const Json& body) {
  const SharedBytes text = ws_event(event, body);
  for (const ConnectionId id : to) {
    const auto it = connections_.find(id);
    if (it != connections_.end()) it->second->send(text);
  }
}

void MeetingWs::answer(ConnectionId to, std::int64_t ack, const Json::Written& body) {
  const auto it = connections_.find(to);
  if (it != connections_.end()) it->second->send(ws_ack(ack, body));
}

void MeetingWs::forget(ConnectionId) {}  // on_closed() has done it.

std::vector<meeting::IceServer> MeetingWs::ice_servers(ConnectionId connection,
                                                       std::string_view sid) {
  const auto it = connections_.find(connection);
  if (it == connections_.end()) return {};
  return ice_servers_.for_client(it->second->as_ice_client(sid), unix_seconds());
}

}  // namespace parley::server
