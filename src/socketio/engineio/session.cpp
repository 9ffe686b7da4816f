#include "socketio/engineio/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "socketio/engineio/cors.h"

namespace parley::engineio {
namespace {

auto milliseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

std::string open_data(const Config& config, std::string_view sid, bool on_polling) {
  const bool may_upgrade = on_polling && config.allow_upgrades && config.websocket;
  return fmt::format(
      R"({{"sid":"{}","upgrades":[{}],"pingInterval":{},"pingTimeout":{},"maxPayload":{}}})", sid,
      may_upgrade ? R"("websocket")" : "", milliseconds(config.ping_interval),
      milliseconds(config.ping_timeout), config.max_http_buffer_size);
}

}  // namespace

Session::Session(const Config& config, Random& random, SessionId id) : config_(config), id_(id) {
  std::ranges::copy(random.token(sid_.size()), sid_.begin());
}

void Session::open(Time now, std::unique_ptr<Handshake> handshake, Outbox& out) {
  if (state_ != State::kOpening) return;
  state_ = State::kOpen;
  deadline_ = now + config_.ping_interval;
  enqueue(Packet::text(PacketType::kOpen, open_data(config_, sid(), on_polling())), out);
  out.events.push(Opened{.session = id_, .handshake = std::move(handshake)});
}

bool Session::handle_poll(Time now, RequestId request, std::string allowed_origin, Outbox& out) {
  // A client that comes late with its pong and polls all the same is late.
  if (awaiting_pong_ && deadline_ <= now) end(CloseReason::kPingTimeout, PacketType::kClose, out);
  if (poll_) end(CloseReason::kTransportError, PacketType::kClose, out);
  if (closed()) return false;
  poll_ = request;
  allowed_origin_ = std::move(allowed_origin);
  if (state_ == State::kClosing) {
    respond(out);
    state_ = State::kClosed;
    return true;
  }
  // A client that probes a WebSocket waits for its polls to end: let none of them hang.
  if (upgrade_ && upgrade_->probed && waiting_.empty()) {
    enqueue(Packet::text(PacketType::kNoop), out);
  }
  if (!waiting_.empty()) out.unflushed.push_back(id_);
  return true;
}

void Session::handle_abandoned(RequestId request, Outbox& out) {
  if (poll_ != request) return;
  poll_ = {};
  if (state_ == State::kOpen) end(CloseReason::kTransportError, PacketType::kClose, out);
}

bool Session::handle_payload(Time now, std::string_view body, Outbox& out) {
  for (PayloadReader reader(body); !closed();) {
    auto packet = reader.next();
    if (packet) {
      handle_packet(now, *std::move(packet), out);
    } else if (packet.error() == PayloadReader::Stop::kEnd) {
      return true;
    } else {
      end(CloseReason::kParseError, PacketType::kClose, out);
      return false;
    }
  }
  return true;
}

void Session::start_upgrade(Time now, ConnectionId connection) {
  upgrade_ = std::make_unique<Upgrade>(
      Upgrade{.connection = connection, .deadline = now + config_.upgrade_timeout});
}

void Session::handle_frame(Time now, ConnectionId connection, Bytes frame, bool binary,
                           Outbox& out) {
  if (upgrade_ && upgrade_->connection == connection) {
    return handle_upgrade_frame(binary ? std::string_view() : as_text(frame), out);
  }
  if (websocket_ != connection) return;
  if (binary) return handle_packet(now, {.binary = true, .data = frame}, out);
  auto packet = parse_packet(as_text(frame));
  if (!packet) return end(CloseReason::kParseError, PacketType::kClose, out);
  handle_packet(now, *std::move(packet), out);
}

void Session::handle_closed(ConnectionId connection, bool failed, Outbox& out) {
  if (upgrade_ && upgrade_->connection == connection) upgrade_.reset();
  if (websocket_ != connection) return;
  const bool was_open = state_ == State::kOpen;
  state_ = State::kClosed;
  const auto reason = failed ? CloseReason::kTransportError : CloseReason::kTransportClose;
  if (was_open) tell_closed(reason, out);
}

void Session::handle_timeout(Time now, Outbox& out) {
  if (upgrade_ && upgrade_->deadline <= now) abort_upgrade(out);
  if (deadline_ <= now) heartbeat(now, out);
}

Time Session::next_deadline() const {
  return upgrade_ ? std::min(deadline_, upgrade_->deadline) : deadline_;
}

void Session::send(Packet packet, Outbox& out) {
  if (state_ == State::kOpen) enqueue(std::move(packet), out);
}

void Session::flush(Outbox& out) {
  if (poll_ && !waiting_.empty()) respond(out);
}

void Session::close(Outbox& out) {
  if (state_ != State::kOpen) return;
  if (upgrade_) abort_upgrade(out);
  if (!on_polling() || poll_) return leave(PacketType::kClose, out);
  state_ = State::kClosing;  // The next poll fetches what waits and the goodbye.
  waiting_.push_back(Packet::text(PacketType::kClose));
}

void Session::handle_packet(Time now, Received packet, Outbox& out) {
  if (state_ != State::kOpen) return;
  if (awaiting_pong_) deadline_ = now + config_.ping_timeout;  // Whatever comes shows life.
  switch (packet.type) {
    case PacketType::kMessage:
      out.events.push(Message{.session = id_, .packet = std::move(packet)});
      break;
    case PacketType::kPong:
      awaiting_pong_ = false;
      deadline_ = now + config_.ping_interval;
      break;
    case PacketType::kClose: end(CloseReason::kTransportClose, PacketType::kNoop, out); break;
    case PacketType::kPing:  // Revision 3 of the protocol: there the client asked.
      end(CloseReason::kTransportError, PacketType::kClose, out);
      break;
    case PacketType::kOpen:
    case PacketType::kUpgrade:
    case PacketType::kNoop: break;  // Mean nothing from a client here, and do no harm.
  }
}

void Session::handle_upgrade_frame(std::string_view text, Outbox& out) {
  if (text == "2probe") {
    upgrade_->probed = true;
    out.outputs.push(Transmit{.connection = upgrade_->connection,
                              .packet = Packet::text(PacketType::kPong, "probe")});
    if (poll_ && waiting_.empty()) enqueue(Packet::text(PacketType::kNoop), out);
  } else if (text == "5") {
    finish_upgrade(out);
  } else {
    abort_upgrade(out);
  }
}

void Session::finish_upgrade(Outbox& out) {
  std::vector<Packet> waiting = std::exchange(waiting_, {});
  waiting_bytes_ = 0;
  if (poll_) {  // The client should have none. What waits must not go two ways at once.
    waiting_.push_back(Packet::text(PacketType::kNoop));
    respond(out);
  }
  websocket_ = upgrade_->connection;
  upgrade_.reset();
  for (Packet& packet : waiting) {
    out.outputs.push(Transmit{.connection = websocket_, .packet = std::move(packet)});
  }
  if (state_ == State::kClosing) leave(PacketType::kClose, out);
}

void Session::abort_upgrade(Outbox& out) {
  out.outputs.push(CloseWebSocket{.connection = upgrade_->connection});
  upgrade_.reset();
}

void Session::heartbeat(Time now, Outbox& out) {
  if (state_ == State::kClosing) {
    state_ = State::kClosed;  // It never came for the goodbye.
  } else if (awaiting_pong_) {
    end(CloseReason::kPingTimeout, PacketType::kClose, out);
  } else {
    awaiting_pong_ = true;
    deadline_ = now + config_.ping_timeout;
    enqueue(Packet::text(PacketType::kPing), out);
  }
}

void Session::enqueue(Packet packet, Outbox& out) {
  if (!on_polling()) {
    out.outputs.push(Transmit{.connection = websocket_, .packet = std::move(packet)});
    return;
  }
  waiting_bytes_ += packet.frame.size();
  if (waiting_bytes_ > config_.max_queued_bytes) {
    return end(CloseReason::kTransportError, PacketType::kClose, out);
  }
  waiting_.push_back(std::move(packet));
  if (poll_ && waiting_.size() == 1) out.unflushed.push_back(id_);
}

// Answers the poll with all that waits.
void Session::respond(Outbox& out) {
  http::Response response{
      .headers = {{"Content-Type", "text/plain; charset=UTF-8"}, {"Cache-Control", "no-store"}},
      .body = encode_payload(std::exchange(waiting_, {}))};
  waiting_bytes_ = 0;
  add_cors_headers(config_.cors, allowed_origin_, response.headers);
  out.outputs.push(Respond{.request = std::exchange(poll_, {}), .response = std::move(response)});
}

void Session::end(CloseReason reason, PacketType last_words, Outbox& out) {
  const bool told = state_ == State::kOpen;
  leave(last_words, out);
  if (told) tell_closed(reason, out);
}

void Session::tell_closed(CloseReason reason, Outbox& out) {
  ++out.closed[std::to_underlying(reason)];
  out.events.push(Closed{.session = id_, .reason = reason});
}

// Lets go of the transport: a poll under way gets what waits and then the last words.
void Session::leave(PacketType last_words, Outbox& out) {
  state_ = State::kClosed;
  if (upgrade_) abort_upgrade(out);
  if (!on_polling()) {
    out.outputs.push(CloseWebSocket{.connection = websocket_});
  } else if (poll_) {
    waiting_.push_back(Packet::text(last_words));
    respond(out);
  }
}

}  // namespace parley::engineio
