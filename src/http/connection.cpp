#include "http/connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "http/forwarded.h"
#include "http/websocket/handshake.h"

namespace parley::http {
namespace {

// A body up to this size is copied behind its head, into one piece; a longer one is only referred
// to.
constexpr std::size_t kJoinedBody = 4 << 10;

// How long a client may take to close after our last bytes. What it still sends is thrown away.
constexpr Duration kLingerTimeout = std::chrono::seconds{3};

Response problem(const RequestError& error) {
  return Response::problem(error.status, reason_phrase(error.status), error.problem);
}

// Where HTTPS has it: at the same port. HTTP/1.0 may not say by which name it came.
Response at_https(const Request& request) {
  if (request.host.empty()) return Response::problem(400, "Bad Request", "HTTPS is spoken here");
  const std::string_view target = request.target.starts_with('/') ? request.target : "/";
  Response response = Response::text(308, "HTTPS is spoken here.\n");
  return std::move(response).with("Location", fmt::format("https://{}{}", request.host, target));
}

}  // namespace

Responder::Connection::Connection(Context& context, tls::Handover accepted, bool to_https)
    : context_(context),
      stream_(context.loop, std::move(accepted), *this,
              {.max_queued = context.config.max_queued_bytes}),
      to_https_(to_https),
      parser_(context.parser_pool) {}

Responder::Connection::~Connection() = default;

void Responder::Connection::on_data(Bytes data) {
  const auto self = shared_from_this();  // Whatever the handlers do, it lives until we are done.
  if (websocket_ != nullptr) {
    websocket_->handle_input(data);
  } else if (held_.empty()) {
    handle_requests(data);
  } else {
    hold(data);
  }
}

void Responder::Connection::on_tls_failed(std::string_view) {
  ++context_.counters.tls_failures;
  linger();
}

bool Responder::Connection::wants_requests() const {
  return !ended_ && !last_request_seen_ && websocket_ == nullptr;
}

void Responder::Connection::handle_requests(Bytes input) {
  while (wants_requests()) {
    if (pipeline_.size() >= context_.config.max_pipelined && !input.empty()) return hold(input);
    const auto event = parser_.handle_input(input, context_.config.max_header_bytes);
    if (!event) return refuse(event.error());
    switch (*event) {
      case RequestParser::Event::kNeedMore: return update_deadline();
      case RequestParser::Event::kHead: begin_request(!input.empty()); break;
      case RequestParser::Event::kRequest: handle_request(input); break;
    }
  }
}

// More requests than may be under way: the rest waits here, and in the kernel.
void Responder::Connection::hold(Bytes input) {
  held_.insert(held_.end(), input.begin(), input.end());
  stream_.pause_reading();
  update_deadline();
}

void Responder::Connection::resume() {
  if (ended_ || held_.empty() || pipeline_.size() >= context_.config.max_pipelined) return;
  const std::vector<std::uint8_t> input = std::exchange(held_, {});
  handle_requests(input);
  if (held_.empty()) stream_.resume_reading();
}

void Responder::Connection::begin_request(bool body_follows) {
  RequestHead& head = parser_.head();
  Request& request = head.request;
  route_ = context_.routes.find(request.path, request.path_parameters);
  const Route::Action* const action = route_ == nullptr ? nullptr : route_->find(request.method);
  const std::size_t limit =
      action == nullptr ? context_.config.max_body_bytes : action->max_body_bytes;
  parser_.set_max_body_bytes(limit);
  owes_continue_ = head.expects_continue && !body_follows && head.content_length <= limit &&
                   (head.chunked || head.content_length > 0);
  if (owes_continue_ && pipeline_.empty()) write_continue();
}

// The request is whole. `rest` is what follows it: another request, or the first frames.
void Responder::Connection::handle_request(Bytes& rest) {
  ++context_.counters.requests;
  owes_continue_ = false;
  phase_ = Phase::kAnswering;  // A head that follows has a deadline of its own.
  RequestHead& head = parser_.head();
  Request& request = head.request;
  set_origin(request, stream_.peer(), stream_.session() != nullptr,
             context_.config.trusted_proxies);
  const bool moves = to_https_ && !request.secure;
  if (!moves && try_upgrade(rest)) return;

  const bool keep_alive = head.keep_alive && !context_.draining;
  const Pipeline::Id id = pipeline_.add({.head_request = request.method == Method::kHead,
                                         .http_1_0 = head.http_1_0,
                                         .keep_alive = keep_alive});
  last_request_seen_ = !keep_alive;
  Route::Action* const action = route_ == nullptr ? nullptr : route_->find(request.method);
  if (moves) {
    respond(id, at_https(request));
  } else if (action == nullptr) {
    respond(id, unserved(request));
  } else {
    action->handler(request, Responder(weak_from_this(), id));
  }
  parser_.finish_request();
  if (last_request_seen_) update_deadline();
}

Response Responder::Connection::unserved(const Request& request) const {
  if (route_ == nullptr) {
    const bool reads = request.method == Method::kGet || request.method == Method::kHead;
    if (reads && context_.lost) return context_.lost(request);
    return Response::problem(404, "Not Found", "nothing is served here");
  }
  const std::string allowed = route_->allowed_methods();
  if (allowed.empty()) {
    return Response::problem(426, "Upgrade Required", "only WebSocket is spoken here")
        .with("Upgrade", "websocket");
  }
  return Response::problem(405, "Method Not Allowed", "").with("Allow", allowed);
}

// True if the request was one for a WebSocket, granted or not.
bool Responder::Connection::try_upgrade(Bytes& rest) {
  const RequestHead& head = parser_.head();
  if (route_ == nullptr || !route_->websocket) return false;
  if (!websocket::is_upgrade(head.request, head.upgrade)) return false;
  if (!pipeline_.empty()) {
    refuse({.status = 400, .problem = "an upgrade cannot wait for other responses"});
    return true;
  }
  auto handshake = websocket::accept(head.request, route_->websocket->config);
  std::expected<std::unique_ptr<WebSocketHandler>, Response> accepted;
  if (handshake) {
    accepted = route_->websocket->accept(head.request);
  } else {
    accepted = std::unexpected(std::move(handshake.error()));
  }
  if (accepted) {
    const WebSocketConfig& config = route_->websocket->config;
    parser_.finish_request();
    open_websocket(config, *std::move(handshake), *std::move(accepted));
    if (!rest.empty()) websocket_->handle_input(std::exchange(rest, {}));
    return true;
  }
  const bool keep_alive = head.keep_alive && !context_.draining;
  const Pipeline::Id id = pipeline_.add({.http_1_0 = head.http_1_0, .keep_alive = keep_alive});
  last_request_seen_ = !keep_alive;
  parser_.finish_request();
  respond(id, std::move(accepted.error()));
  return true;
}

void Responder::Connection::open_websocket(const WebSocketConfig& config,
                                           websocket::Handshake handshake,
                                           std::unique_ptr<WebSocketHandler> handler) {
  write_response({.response = std::move(handshake.response)});
  phase_ = Phase::kWebSocket;
  context_.set_deadline(*this, kNever);
  const websocket::Engine::Config engine_config{
      .max_message_bytes = config.max_message_bytes,
      .max_fragments = config.max_fragments,
      .close_timeout = context_.config.websocket_close_timeout,
      .deflate = handshake.deflate};
  websocket::Session::Transport& transport = *this;
  websocket_ = std::make_unique<websocket::Session>(transport, engine_config,
                                                    context_.spare_message, std::move(handler));
  ++context_.counters.websockets;
  ++context_.counters.open_websockets;
  websocket_->open();
}

// What follows a request that was not understood cannot be understood either.
void Responder::Connection::refuse(const RequestError& error) {
  ++context_.counters.bad_requests;
  parser_.finish_request();
  last_request_seen_ = true;
  respond(pipeline_.add({.keep_alive = false}), problem(error));
}

void Responder::Connection::respond(Pipeline::Id request, Response response) {
  if (ended_ || !pipeline_.respond(request, std::move(response))) return;
  flush_responses();
}

void Responder::Connection::set_abandoned(Pipeline::Id request, Pipeline::Call call) {
  if (ended_) return call();
  pipeline_.set_abandoned(request, std::move(call));
}

void Responder::Connection::flush_responses() {
  while (const auto ready = pipeline_.take_ready()) {
    write_response(*ready);
    if (!ready->framing.keep_alive) return linger();
  }
  if (pipeline_.empty() && owes_continue_) write_continue();
  if (parser_.is_idle()) update_deadline();  // Else the request under way has its own.
  if (!held_.empty()) {
    context_.loop.defer([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->resume();
    });
  }
}

void Responder::Connection::write_response(const Pipeline::Ready& ready) {
  std::string& head = context_.head_buffer;
  head.clear();
  append_response_head(head, ready.response, ready.framing, context_.date());
  const bool with_body = has_body(ready.response, ready.framing);
  if (with_body && ready.response.body.size() <= kJoinedBody) {
    const std::array<Bytes, 2> parts = {as_bytes(head), ready.response.body.bytes()};
    write({}, SharedBytes(parts));
    return;
  }
  write({}, SharedBytes(head));
  if (with_body) write({}, ready.response.body);
}

void Responder::Connection::write_continue() {
  owes_continue_ = false;
  write({}, SharedBytes("HTTP/1.1 100 Continue\r\n\r\n"));
}

void Responder::Connection::write(Bytes header, SharedBytes payload) {
  stream_.send(header, std::move(payload));
}

// One of the deadlines is always in force, except while a handler owes a response.
void Responder::Connection::update_deadline() {
  if (ended_ || phase_ == Phase::kLingering || phase_ == Phase::kWebSocket) return;
  const Phase before = phase_;
  const ServerConfig& config = context_.config;
  const Time now = context_.loop.now();
  if (parser_.is_idle()) {
    phase_ = pipeline_.empty() && held_.empty() ? Phase::kIdle : Phase::kAnswering;
  } else {
    phase_ = parser_.is_in_body() ? Phase::kBody : Phase::kHeader;
  }
  switch (phase_) {
    case Phase::kAnswering: return context_.set_deadline(*this, kNever);
    case Phase::kHeader:  // It does not move while the head trickles in.
      if (before != phase_) context_.set_deadline(*this, now + config.header_timeout);
      return;
    default: return context_.set_deadline(*this, now + config.idle_timeout);
  }
}

void Responder::Connection::set_deadline(Time deadline) {
  if (phase_ == Phase::kWebSocket) context_.set_deadline(*this, deadline);
}

void Responder::Connection::on_deadline() {
  const auto self = shared_from_this();
  if (phase_ == Phase::kWebSocket) return websocket_->handle_timeout();
  if (phase_ == Phase::kLingering) return end();
  ++context_.counters.timed_out;
  if (parser_.is_idle()) return end();
  refuse({.status = 408, .problem = "the request did not come in time"});
}

void Responder::Connection::drain() {
  if (websocket_ != nullptr) return websocket_->close(websocket::kGoingAway, "");
  if (phase_ == Phase::kLingering) return;
  pipeline_.close_after_last();
  if (!parser_.is_idle()) return;
  last_request_seen_ = true;
  if (pipeline_.empty()) linger();
}

void Responder::Connection::linger() {
  if (ended_) return;
  last_request_seen_ = true;
  phase_ = Phase::kLingering;
  context_.set_deadline(*this, context_.loop.now() + kLingerTimeout);
  stream_.close_after_sending();
}

void Responder::Connection::on_ended(io::StreamEnd end_reason) {
  const auto self = shared_from_this();
  if (end_reason == io::StreamEnd::kSlowReader) ++context_.counters.slow_readers;
  end();
}

void Responder::Connection::close() {
  const auto self = shared_from_this();
  end();
}

void Responder::Connection::end() {
  if (std::exchange(ended_, true)) return;
  stream_.close();
  if (websocket_ != nullptr) {
    --context_.counters.open_websockets;
    websocket_->handle_end();
  }
  pipeline_.abandon();
  context_.remove(*this);
}

}  // namespace parley::http
