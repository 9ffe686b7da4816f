#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/shared_bytes.h"
#include "base/time.h"
#include "http/message.h"
#include "io/event_loop.h"
#include "net/address.h"

namespace parley::tls {
class Context;
struct Handover;
}  // namespace parley::tls

namespace parley::http {

struct ServerConfig {
  std::size_t max_header_bytes = 16 << 10;
  std::size_t max_body_bytes = 1 << 20;    // Of routes that name no limit of their own.
  std::size_t max_queued_bytes = 4 << 20;  // Waiting for one slow reader; then it is closed.
  std::size_t max_connections = 20'000;
  std::size_t max_connections_per_address =
      1'000;                       // Of IPv6 a /64; loopback, trusted proxies: exempt.
  std::size_t max_pipelined = 16;  // Requests of one connection under way.
  Duration header_timeout = std::chrono::seconds{10};
  Duration idle_timeout = std::chrono::seconds{75};  // Between requests; of a stalled body.
  Duration websocket_close_timeout = std::chrono::seconds{3};
  std::vector<net::Network> trusted_proxies = {};  // Whose X-Forwarded-* are believed.
};

// The answer that a handler owes. Move it away and answer later: that is long-polling. One that is
// destroyed unanswered answers 500.
class Responder {
 public:
  class Connection;  // Internal to http/.

  Responder(std::weak_ptr<Connection> connection, std::uint64_t request);
  Responder(Responder&&) noexcept;
  Responder& operator=(Responder&&) noexcept;
  ~Responder();

  // Safe to call when the client is gone: nothing happens.
  void send(Response response);

  // Calls `call` if the client goes away before send(); at once if it is gone. Replaces an earlier
  // one. Never called by the server's destructor.
  void on_abandoned(std::move_only_function<void()> call);

 private:
  std::weak_ptr<Connection> connection_;
  std::uint64_t request_ = 0;
};

enum class WebSocketKind : std::uint8_t { kText, kBinary };

// The sending side of one WebSocket connection (RFC 6455).
class WebSocket {
 public:
  // Frames `payload` without copying it; many sockets may share it. It leaves at the end of the
  // loop's turn together with all else that waits. Nothing happens once the socket is closing.
  virtual void send(SharedBytes payload, WebSocketKind kind) = 0;
  // Starts the closing handshake. `reason`: at most 123 bytes of UTF-8.
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
  virtual void ping() = 0;
  virtual std::size_t queued() const = 0;  // Bytes that wait for the client to read.

 protected:
  ~WebSocket() = default;
};

// What an application does with one WebSocket connection. Owned by the connection.
class WebSocketHandler {
 public:
  virtual ~WebSocketHandler() = default;

  // `socket` stays valid until on_closed() has returned.
  virtual void on_open(WebSocket& socket) = 0;
  // A whole message, valid during the call only. Text is valid UTF-8.
  virtual void on_message(Bytes message, WebSocketKind kind) = 0;
  virtual void on_pong() {}
  // The last call; never made inside send(), close() or ping(), nor by the server's destructor.
  // 1006 where the connection broke without a closing handshake.
  virtual void on_closed(std::uint16_t code, std::string_view reason) = 0;
};

struct WebSocketConfig {
  std::size_t max_message_bytes = 1 << 20;
  std::size_t max_fragments = 1 << 16;
  bool deflate = false;  // permessage-deflate (RFC 7692); costs memory and shares no frame.
  // Subprotocols spoken, best first. A client that names none of them is taken in without one.
  std::vector<std::string> subprotocols = {};
};

// An HTTP/1.1 and WebSocket server on one loop. Routes are set before listen().
class Server {
 public:
  using Handler = std::move_only_function<void(const Request&, Responder)>;
  // Takes a client in, or answers it with a response that says why not.
  using Accept = std::move_only_function<std::expected<std::unique_ptr<WebSocketHandler>, Response>(
      const Request&)>;

  struct Counters {
    std::uint64_t connections = 0, requests = 0, websockets = 0;
    std::uint64_t refused_full = 0, refused_address = 0, bad_requests = 0, slow_readers = 0;
    std::uint64_t timed_out = 0, tls_failures = 0;
    std::size_t open_connections = 0, open_websockets = 0;
  };

  Server(io::EventLoop& loop, ServerConfig config);
  ~Server();

  // `pattern` is a path; a "*" at its end matches the rest, "{name}" one segment. The most specific
  // route wins. Another method on a known path is answered 405, an unknown path 404.
  void route(Method method, std::string_view pattern, Handler handler,
             std::optional<std::size_t> max_body_bytes = std::nullopt);
  // All methods; the handler looks for itself.
  void route_any(std::string_view pattern, Handler handler,
                 std::optional<std::size_t> max_body_bytes = std::nullopt);
  // GET and HEAD at paths that have no route, in place of a plain 404.
  void route_lost(std::move_only_function<Response(const Request&)> answer);
  // Requests to upgrade on that path. The same path may have plain routes as well.
  void websocket(std::string_view pattern, WebSocketConfig config, Accept accept);

  // For who comes by TLS from now on; those who are here keep theirs.
  void set_certificate(std::shared_ptr<const tls::Context> certificate);

  // The address in force, with the port that was taken. The error is for the operator.
  std::expected<net::SocketAddress, std::string> listen(net::SocketAddress address);
  std::expected<net::SocketAddress, std::string> listen_tls(net::SocketAddress address);

  // A connection that reached a port of somebody else's, and turned out to speak HTTP. A plain one
  // is told that the same is to be had by HTTPS on that port.
  void adopt(tls::Handover connection);

  // Accepts no more, answers what is under way with "Connection: close", closes WebSockets with
  // 1001, and calls `done` when all are gone or `deadline` has come.
  void drain(Time deadline, std::move_only_function<void()> done);

  const Counters& counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace parley::http
