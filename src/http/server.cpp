#include "http/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "http/connection.h"
#include "http/context.h"
#include "http/forwarded.h"
#include "io/clock.h"
#include "io/tcp_listener.h"
#include "net/source_counts.h"
#include "tls/stream.h"

namespace parley::http {

struct Server::State {
  State(io::EventLoop& loop, ServerConfig config)
      : context(loop, io::wall_now, std::move(config)),
        drain_timer(loop, [this] { finish_drain(); }) {
    context.on_removed = [this](const net::IpAddress& ip) { on_removed(ip); };
  }

  std::expected<net::SocketAddress, std::string> listen(net::SocketAddress address, bool is_tls);
  void accept(tls::Handover accepted, bool to_https);
  bool is_counted(const net::IpAddress& ip) const;
  bool has_room(const net::IpAddress& ip);
  void on_removed(const net::IpAddress& ip);
  void finish_drain();

  Context context;
  std::shared_ptr<const tls::Context> tls;  // Null until a certificate is loaded.
  std::vector<std::unique_ptr<io::TcpListener>> listeners;
  net::SourceCounts by_source;  // Open connections.
  io::Timer drain_timer;
  std::move_only_function<void()> on_drained;
};

std::expected<net::SocketAddress, std::string> Server::State::listen(net::SocketAddress address,
                                                                     bool is_tls) {
  auto listener = io::TcpListener::listen(
      context.loop, address, [this, is_tls](int fd, const net::SocketAddress& peer) {
        tls::Handover accepted{.fd = io::Fd(fd), .peer = peer};
        if (is_tls) accepted.session = tls::Session::accept(*tls, tls::kHttpAlone);
        accept(std::move(accepted), false);
      });
  if (!listener) return std::unexpected(std::move(listener.error()));
  listeners.push_back(*std::move(listener));
  return listeners.back()->address();
}

// Past a limit it is closed, by its destructor.
void Server::State::accept(tls::Handover accepted, bool to_https) {
  if (!has_room(accepted.peer.ip)) return;
  if (is_counted(accepted.peer.ip)) by_source.add(accepted.peer.ip);
  context.add(std::make_shared<Responder::Connection>(context, std::move(accepted), to_https));
}

// Many clients may share a proxy's address.
bool Server::State::is_counted(const net::IpAddress& ip) const {
  return !is_in(context.config.trusted_proxies, ip);
}

bool Server::State::has_room(const net::IpAddress& ip) {
  if (context.connections.size() >= context.config.max_connections) {
    ++context.counters.refused_full;
    return false;
  }
  if (is_counted(ip) && by_source.of(ip) >= context.config.max_connections_per_address) {
    ++context.counters.refused_address;
    return false;
  }
  return true;
}

void Server::State::on_removed(const net::IpAddress& ip) {
  if (is_counted(ip)) by_source.remove(ip);
  if (on_drained && context.connections.empty()) drain_timer.arm(context.loop.now());
}

void Server::State::finish_drain() {
  while (!context.connections.empty()) context.connections.back()->close();
  if (auto done = std::exchange(on_drained, nullptr)) done();
}

Server::Server(io::EventLoop& loop, ServerConfig config)
    : state_(std::make_unique<State>(loop, std::move(config))) {}

Server::~Server() = default;

void Server::route(Method method, std::string_view pattern, Handler handler,
                   std::optional<std::size_t> max_body_bytes) {
  state_->context.routes.at(pattern).by_method[std::to_underlying(method)] = {
      .handler = std::move(handler),
      .max_body_bytes = max_body_bytes.value_or(state_->context.config.max_body_bytes)};
}

void Server::route_any(std::string_view pattern, Handler handler,
                       std::optional<std::size_t> max_body_bytes) {
  state_->context.routes.at(pattern).any = {
      .handler = std::move(handler),
      .max_body_bytes = max_body_bytes.value_or(state_->context.config.max_body_bytes)};
}

void Server::route_lost(std::move_only_function<Response(const Request&)> answer) {
  state_->context.lost = std::move(answer);
}

void Server::websocket(std::string_view pattern, WebSocketConfig config, Accept accept) {
  state_->context.routes.at(pattern).websocket = {.config = std::move(config),
                                                  .accept = std::move(accept)};
}

void Server::set_certificate(std::shared_ptr<const tls::Context> certificate) {
  state_->tls = std::move(certificate);
}

void Server::adopt(tls::Handover connection) {
  if (state_->context.draining) return;
  const bool is_plain = connection.session == nullptr;
  state_->accept(std::move(connection), is_plain);
}

std::expected<net::SocketAddress, std::string> Server::listen(net::SocketAddress address) {
  return state_->listen(address, false);
}

std::expected<net::SocketAddress, std::string> Server::listen_tls(net::SocketAddress address) {
  if (state_->tls == nullptr) return std::unexpected("HTTPS needs a certificate");
  return state_->listen(address, true);
}

void Server::drain(Time deadline, std::move_only_function<void()> done) {
  state_->listeners.clear();
  state_->context.draining = true;
  state_->on_drained = std::move(done);
  // A connection may leave the list while it drains: go over a copy.
  const auto connections = state_->context.connections;
  for (const auto& connection : connections) connection->drain();
  const bool empty = state_->context.connections.empty();
  state_->drain_timer.arm(empty ? state_->context.loop.now() : deadline);
}

const Server::Counters& Server::counters() const {
  return state_->context.counters;
}

}  // namespace parley::http
