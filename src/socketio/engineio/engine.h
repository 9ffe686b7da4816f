#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "base/random.h"
#include "base/time.h"
#include "http/message.h"
#include "socketio/engineio/config.h"
#include "socketio/engineio/deadlines.h"
#include "socketio/engineio/event.h"
#include "socketio/engineio/packet.h"
#include "socketio/engineio/session.h"
#include "socketio/engineio/slot_map.h"

namespace parley::engineio {

// Why a request was refused; the codes are the reference server's, but for the last.
enum class Refusal : std::uint8_t {
  kUnknownTransport = 0,
  kUnknownSession = 1,
  kBadHandshakeMethod = 2,
  kBadRequest = 3,
  kForbidden = 4,
  kUnsupportedProtocol = 5,
  kFull = 6,  // max_sessions are open.
};

// The server side of Engine.IO, revision 4: a connection that is there for every client, whether
// its network lets WebSockets through or not.
//
// Sans-IO: its owner hands in what HTTP and WebSocket bring, with the time, and takes from it,
// after each call, first the events (poll_event), then the outputs (poll_output). attach.h is such
// an owner.
class Engine {
 public:
  struct Counters {
    std::uint64_t sessions = 0, upgrades = 0;
    std::uint64_t refused = 0;  // Requests answered with a Refusal.
    std::uint64_t too_large = 0;
    std::uint64_t transport_closes = 0, transport_errors = 0, ping_timeouts = 0, parse_errors = 0;
    std::size_t open_sessions = 0;
  };

  Engine(Config config, Random& random) : config_(std::move(config)), random_(random) {}
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // A plain request; exactly one Respond with its id follows, now or later. Returns the session
  // that it belongs to, for handle_abandoned().
  SessionId handle_request(Time now, RequestId id, const http::Request& request);
  // The client went away before its request was answered; no Respond follows any more.
  void handle_abandoned(SessionId session, RequestId id);

  // A request to upgrade to WebSocket: the session that the connection belongs to from now on, or
  // the answer that refuses it. Each connection that was taken in must end in handle_closed().
  std::expected<SessionId, http::Response> accept_websocket(Time now, ConnectionId id,
                                                            const http::Request& request);
  void handle_open(Time now, SessionId session, ConnectionId id);
  void handle_frame(Time now, SessionId session, ConnectionId id, Bytes frame, bool binary);
  void handle_closed(SessionId session, ConnectionId id, bool failed);

  void handle_timeout(Time now);
  Time next_deadline() const { return deadlines_.next(); }

  bool has_events() const { return !out_.events.empty(); }
  std::optional<Event> poll_event() { return out_.events.pop(); }
  std::optional<Output> poll_output();

  // For the application, at any time. Nothing happens when the session is gone. A packet leaves on
  // the transport of the moment; packets to one client leave in the order of the calls.
  void send(SessionId session, Packet packet);
  // Sends what waits, then the goodbye. No Closed follows.
  void close(SessionId session);
  // Whether a packet would leave at once.
  bool writable(SessionId session) const;

  // `wake` is called when send() or close() made an output while none was waiting: for calls from
  // outside of the owner's own handle_...().
  void set_wake(std::move_only_function<void()> wake) { wake_ = std::move(wake); }
  void wake() {
    if (wake_) wake_();
  }

  Counters counters() const;
  const Config& config() const { return config_; }

 private:
  using Sessions = SlotMap<SessionId, std::unique_ptr<Session>>;

  Session* find(SessionId id) const;
  Session& create(ConnectionId websocket);
  Session* session_of(std::string_view sid) const;
  SessionId handle_session_request(Time now, Session& session, RequestId id,
                                   const http::Request& request);
  bool handle_post(Time now, Session& session, const http::Request& request);
  void respond(RequestId id, const http::Request& request, http::Response response);
  http::Response refuse(Refusal refusal);
  void settle(Session& session);
  void remove(Session& session);

  Config config_;
  Random& random_;
  Sessions sessions_;
  std::unordered_map<std::string_view, SessionId> by_sid_;  // The keys live in the sessions.
  std::unordered_map<SessionId, std::unique_ptr<Handshake>> opening_;  // Until handle_open().
  Deadlines<SessionId> deadlines_;
  Outbox out_;
  std::move_only_function<void()> wake_;
  Counters counters_;
};

}  // namespace parley::engineio
