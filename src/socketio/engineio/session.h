#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "socketio/engineio/config.h"
#include "socketio/engineio/event.h"

namespace parley::engineio {

// One client of an Engine: its transport, its heartbeat, and what waits for it.
//
// A session begins on long-polling and may move to a WebSocket, or begins on a WebSocket. During
// the move ("upgrade") packets go on leaving by the old transport until the client says "upgrade"
// on the new one: by then it has paused polling, so what was sent has arrived and what waits
// follows in order. It knows nothing of HTTP but how to answer a poll.
class Session {
 public:
  Session(const Config& config, Random& random, SessionId id);

  std::string_view sid() const { return {sid_.data(), sid_.size()}; }
  SessionId id() const { return id_; }
  bool on_polling() const { return websocket_.value == 0; }
  bool upgrading() const { return upgrade_ != nullptr; }
  bool closed() const { return state_ == State::kClosed; }
  bool owns(ConnectionId connection) const {
    return websocket_ == connection || (upgrade_ && upgrade_->connection == connection);
  }

  // The handshake: tells the client of the session and starts the heartbeat. On a WebSocket, call
  // set_websocket() when the client is taken in, and open() when the connection stands.
  void set_websocket(ConnectionId connection) { websocket_ = connection; }
  void open(Time now, std::unique_ptr<Handshake> handshake, Outbox& out);

  // A GET of long-polling. `allowed_origin` is what the response says to the page (see cors.h).
  // False when another one is under way already: that ends the session.
  bool handle_poll(Time now, RequestId request, std::string allowed_origin, Outbox& out);
  void handle_abandoned(RequestId request, Outbox& out);
  // A POST of long-polling. False when its body is malformed: that ends the session.
  bool handle_payload(Time now, std::string_view body, Outbox& out);

  void start_upgrade(Time now, ConnectionId connection);
  void handle_frame(Time now, ConnectionId connection, Bytes frame, bool binary, Outbox& out);
  // `failed`: other than by an orderly close.
  void handle_closed(ConnectionId connection, bool failed, Outbox& out);

  void handle_timeout(Time now, Outbox& out);
  Time next_deadline() const;

  void send(Packet packet, Outbox& out);
  void flush(Outbox& out);  // Answers the poll with what waits.
  void close(Outbox& out);  // By the application: no event tells of it.
  void fail(Outbox& out) { end(CloseReason::kTransportError, PacketType::kClose, out); }
  bool writable() const { return !on_polling() || poll_.value != 0; }

  // The earliest entry that the engine's Deadlines hold for this session.
  Time armed = kNever;

 private:
  enum class State : std::uint8_t { kOpening, kOpen, kClosing, kClosed };

  // A WebSocket that wants to take over.
  struct Upgrade {
    ConnectionId connection = {};
    Time deadline = kNever;
    bool probed = false;
  };

  void handle_packet(Time now, Received packet, Outbox& out);
  void handle_upgrade_frame(std::string_view text, Outbox& out);
  void finish_upgrade(Outbox& out);
  void abort_upgrade(Outbox& out);
  void heartbeat(Time now, Outbox& out);
  void enqueue(Packet packet, Outbox& out);
  void respond(Outbox& out);
  void end(CloseReason reason, PacketType last_words, Outbox& out);
  void leave(PacketType last_words, Outbox& out);
  void tell_closed(CloseReason reason, Outbox& out);

  const Config& config_;
  SessionId id_;
  std::array<char, 20> sid_;
  State state_ = State::kOpening;
  bool awaiting_pong_ = false;
  ConnectionId websocket_ = {};  // Zero while on long-polling.
  RequestId poll_ = {};          // The GET that waits for packets; zero when there is none.
  Time deadline_ = kNever;       // Of the pong when it is awaited, else of the next ping.
  std::unique_ptr<Upgrade> upgrade_;
  std::vector<Packet> waiting_;  // For the next poll; never more than max_queued_bytes.
  std::size_t waiting_bytes_ = 0;
  std::string allowed_origin_;  // Of the latest poll.
};

}  // namespace parley::engineio
