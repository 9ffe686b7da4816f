#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "base/random.h"
#include "host.h"
#include "io/event_loop.h"
#include "io/tcp.h"

namespace native_call {

// The client's end of a WebSocket for text messages (RFC 6455), as much of it as signalling needs.
class WebSocketClient final : private parley::io::TcpStream::Handler {
 public:
  class Handler {
   public:
    virtual void on_message(std::string_view text) = 0;
    virtual void on_closed(std::string_view reason) = 0;  // Also where it never was open.

   protected:
    ~Handler() = default;
  };

  // Looks the host up and starts to connect. `loop`, `random` and `handler` outlive the client.
  static std::expected<std::unique_ptr<WebSocketClient>, std::string> connect(
      parley::io::EventLoop& loop, parley::Random& random, const Host& host, std::string_view path,
      Handler& handler);

  void send(std::string_view text);  // What is sent before the handshake waits for it.
  void close();                      // on_closed() is not told.

 private:
  WebSocketClient(parley::io::EventLoop& loop, parley::Random& random, Handler& handler, int fd,
                  const parley::net::SocketAddress& address);

  void on_data(parley::Bytes data) override;
  void on_ended(parley::io::StreamEnd end) override;

  bool read_handshake();  // False until all of it is there, and where it failed.
  bool read_frame();      // False where there is no whole one yet.
  void handle_frame(std::uint8_t first, std::string payload);
  void send_frame(std::uint8_t opcode, std::string_view payload);
  void fail(std::string_view reason);

  parley::Random& random_;
  Handler& handler_;
  std::string key_;       // Of the handshake.
  std::string received_;  // And not read yet.
  std::string message_;   // The fragments so far.
  std::string waiting_;   // Frames that wait for the handshake.
  bool open_ = false;
  parley::io::TcpStream stream_;
};

}  // namespace native_call
