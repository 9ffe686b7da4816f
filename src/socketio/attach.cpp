#include "socketio/attach.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace parley::socketio {

using engineio::ConnectionId;
using engineio::RequestId;
using engineio::SessionId;

// One WebSocket: passes on what comes.
class Attachment::Connection final : public http::WebSocketHandler {
 public:
  Connection(Attachment& owner, ConnectionId id, SessionId session)
      : owner_(owner), id_(id), session_(session) {}
  ~Connection() override { end(true); }

  void on_open(http::WebSocket& socket) override {
    *owner_.sockets_.find(id_) = &socket;
    owner_.engine_.handle_open(owner_.loop_.now(), session_, id_);
    owner_.finish();
  }

  void on_message(Bytes message, http::WebSocketKind kind) override {
    owner_.engine_.handle_frame(owner_.loop_.now(), session_, id_, message,
                                kind == http::WebSocketKind::kBinary);
    owner_.finish();
  }

  void on_closed(std::uint16_t code, std::string_view) override {
    // 1000: done. 1001: the page goes. 1005: no code. 1006: the network went. Others are errors.
    end(code != 1000 && code != 1001 && code != 1005 && code != 1006);
  }

 private:
  void end(bool failed) {
    if (std::exchange(ended_, true)) return;
    owner_.sockets_.take(id_);
    owner_.engine_.handle_closed(session_, id_, failed);
    owner_.finish();
  }

  Attachment& owner_;
  ConnectionId id_;
  SessionId session_;
  bool ended_ = false;
};

Attachment::Attachment(engineio::Engine& engine, engineio::Application& application,
                       http::Server& http, io::EventLoop& loop, const std::string& path)
    : engine_(engine),
      application_(application),
      loop_(loop),
      timer_(loop, [this] { handle_timeout(); }),
      self_(std::make_shared<Attachment*>(this)) {
  engine_.set_wake([this] { wake(); });
  serve(http, path);
}

Attachment::~Attachment() {
  *self_ = nullptr;
  engine_.set_wake({});
}

void Attachment::serve(http::Server& http, const std::string& path) {
  const std::size_t max_bytes = engine_.config().max_http_buffer_size;
  http.route_any(
      path,
      [this](const http::Request& request, http::Responder responder) {
        handle_request(request, std::move(responder));
      },
      max_bytes);
  http.websocket(path, {.max_message_bytes = max_bytes},
                 [this](const http::Request& request) { return accept(request); });
}

void Attachment::handle_request(const http::Request& request, http::Responder responder) {
  const RequestId id = requests_.insert(std::move(responder));
  const SessionId session = engine_.handle_request(loop_.now(), id, request);
  finish();
  if (requests_.find(id) != nullptr) watch_for_abandonment(session, id);
}

void Attachment::watch_for_abandonment(SessionId session, RequestId id) {
  (*requests_.find(id))->on_abandoned([this, session, id] {
    if (requests_.find(id) == nullptr) return;
    requests_.take(id);
    engine_.handle_abandoned(session, id);
    finish();
  });
}

std::expected<std::unique_ptr<http::WebSocketHandler>, http::Response> Attachment::accept(
    const http::Request& request) {
  const ConnectionId id = sockets_.insert(nullptr);
  auto session = engine_.accept_websocket(loop_.now(), id, request);
  if (!session) {
    sockets_.take(id);
    return std::unexpected(std::move(session.error()));
  }
  return std::make_unique<Connection>(*this, id, *session);
}

// An application sent something of its own accord: it leaves at the end of this turn.
void Attachment::wake() {
  if (busy_ || std::exchange(flush_deferred_, true)) return;
  loop_.defer([self = self_] {
    if (*self != nullptr) (*self)->handle_timeout();
  });
}

void Attachment::handle_timeout() {
  flush_deferred_ = false;
  armed_ = kNever;
  engine_.handle_timeout(loop_.now());
  if (!std::exchange(busy_, true)) {
    application_.handle_timeout(loop_.now());
    busy_ = false;
  }
  finish();
}

void Attachment::finish() {
  if (std::exchange(busy_, true)) return;
  do {
    application_.handle_events(loop_.now());
    flush();
  } while (engine_.has_events());
  set_timer();
  busy_ = false;
}

void Attachment::flush() {
  while (auto output = engine_.poll_output()) {
    std::visit([this](auto& one) { perform(one); }, *output);
  }
}

void Attachment::perform(engineio::Respond& respond) {
  if (requests_.find(respond.request) == nullptr) return;
  requests_.take(respond.request)->send(std::move(respond.response));
}

void Attachment::perform(engineio::Transmit& transmit) {
  http::WebSocket** const socket = sockets_.find(transmit.connection);
  if (socket == nullptr || *socket == nullptr) return;
  (*socket)->send(std::move(transmit.packet.frame), transmit.packet.binary
                                                        ? http::WebSocketKind::kBinary
                                                        : http::WebSocketKind::kText);
}

void Attachment::perform(engineio::CloseWebSocket& close) {
  http::WebSocket** const socket = sockets_.find(close.connection);
  if (socket != nullptr && *socket != nullptr) (*socket)->close(1000, "");
}

void Attachment::set_timer() {
  const Time deadline = std::min(engine_.next_deadline(), application_.next_deadline());
  if (deadline == armed_) return;
  armed_ = deadline;
  timer_.arm(deadline);
}

}  // namespace parley::socketio
