#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/shared_bytes.h"
#include "http/server.h"
#include "http/websocket/engine.h"

namespace parley::http::websocket {

// Brings the engine of one connection, the application's handler and the transport together.
class Session final : public WebSocket {
 public:
  // What carries the frames. Outlives the session, or destroys it.
  class Transport {
   public:
    virtual void transmit(Bytes header, SharedBytes payload) = 0;
    virtual std::size_t queued() const = 0;
    virtual Time now() const = 0;
    virtual void set_deadline(Time deadline) = 0;  // For handle_timeout().
    virtual void finish() = 0;                     // Send what is queued, then close.

   protected:
    ~Transport() = default;
  };

  Session(Transport& transport, const Engine::Config& config, Engine::Buffer& spare,
          std::unique_ptr<WebSocketHandler> handler);

  void open() { handler_->on_open(*this); }
  void handle_input(Bytes input);
  void handle_timeout();
  void handle_end();  // The transport has ended.

  void send(SharedBytes payload, WebSocketKind kind) override;
  void close(std::uint16_t code, std::string_view reason) override;
  void ping() override;
  std::size_t queued() const override { return transport_.queued(); }

 private:
  void drain_engine();
  void transmit(std::optional<Engine::Transmit> frame);

  void on(Engine::Transmit frame) { transmit(std::move(frame)); }
  void on(Engine::Message message) { handler_->on_message(message.payload, message.kind); }
  void on(Engine::Pong) { handler_->on_pong(); }
  void on(const Engine::Closed& closed);

  Transport& transport_;
  std::unique_ptr<WebSocketHandler> handler_;
  Engine engine_;
};

}  // namespace parley::http::websocket
