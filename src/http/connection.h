#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "http/context.h"
#include "http/deadlines.h"
#include "http/pipeline.h"
#include "http/request_parser.h"
#include "http/server.h"
#include "http/websocket/handshake.h"
#include "http/websocket/session.h"
#include "tls/stream.h"

namespace parley::http {

// One client: its TCP stream, the requests it sends and the responses it waits for, or, once it has
// been upgraded, its WebSocket session. Passes bytes and events between them; the rules are theirs.
//
// Owned by the Context's list; a handler's Responder refers to it weakly.
class Responder::Connection final : public std::enable_shared_from_this<Responder::Connection>,
                                    public Deadlines::Entry,
                                    private tls::Stream::Handler,
                                    private websocket::Session::Transport {
 public:
  // `to_https`: whatever is asked for is answered by where HTTPS has it, on the same port.
  Connection(Context& context, tls::Handover accepted, bool to_https);
  ~Connection();

  void respond(Pipeline::Id request, Response response);
  void set_abandoned(Pipeline::Id request, Pipeline::Call call);

  void on_deadline();
  // Serves what is under way, and no more.
  void drain();
  void close();  // At once.

  const net::SocketAddress& peer() const { return stream_.peer(); }

 private:
  friend class parley::http::Context;

  // What the connection's deadline is for.
  enum class Phase : std::uint8_t {
    kIdle,       // Between requests.
    kHeader,     // A request's head has begun, or the first one is awaited.
    kBody,       // A request's body has begun.
    kAnswering,  // The handlers owe responses: no deadline.
    kWebSocket,  // The session's own.
    kLingering,  // Our last bytes are on their way; the client should close now.
  };

  // tls::Stream::Handler
  void on_data(Bytes data) override;
  void on_tls_failed(std::string_view problem) override;
  void on_ended(io::StreamEnd end) override;

  void handle_requests(Bytes input);
  bool wants_requests() const;
  void hold(Bytes input);
  void resume();
  void begin_request(bool body_follows);
  void handle_request(Bytes& rest);
  bool try_upgrade(Bytes& rest);
  void open_websocket(const WebSocketConfig& config, websocket::Handshake handshake,
                      std::unique_ptr<WebSocketHandler> handler);
  Response unserved(const Request& request) const;
  void refuse(const RequestError& error);

  void flush_responses();
  void write_response(const Pipeline::Ready& ready);
  void write(Bytes header, SharedBytes payload);
  void write_continue();
  void update_deadline();
  void linger();
  void end();

  // websocket::Session::Transport
  void transmit(Bytes header, SharedBytes payload) override { write(header, std::move(payload)); }
  std::size_t queued() const override { return stream_.queued(); }
  Time now() const override { return context_.loop.now(); }
  void set_deadline(Time deadline) override;
  void finish() override { linger(); }

  Context& context_;
  std::size_t index_ = 0;  // In the Context's list.
  tls::Stream stream_;
  bool to_https_;
  RequestParser parser_;
  Pipeline pipeline_;
  Route* route_ = nullptr;          // Of the request whose head has come.
  std::vector<std::uint8_t> held_;  // Input that waits until the pipeline has room.
  std::unique_ptr<websocket::Session> websocket_;
  Phase phase_ = Phase::kHeader;
  bool last_request_seen_ = false;  // Nothing is read after it.
  bool owes_continue_ = false;      // "100 Continue", once the responses before it have left.
  bool ended_ = false;
};

}  // namespace parley::http
