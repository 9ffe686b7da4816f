#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "base/random.h"
#include "io/event_loop.h"
#include "io/tcp.h"
#include "net/address.h"

namespace parley::http::websocket {

// The client's end of a WebSocket for text messages (RFC 6455), as much of it as programs that
// speak Parley's signalling need: no extensions, no TLS.
class Client final : private io::TcpStream::Handler {
 public:
  class Handler {
   public:
    virtual void on_message(std::string_view text) = 0;
    virtual void on_closed(std::string_view reason) = 0;  // Also where it never was open.

   protected:
    ~Handler() = default;
  };

  // Where to: `host` names the server in the request ("localhost:8080"), `path` begins with "/".
  struct Target {
    net::SocketAddress address = {};
    std::string host = {};
    std::string path = "/";
    std::string protocol = {};  // Sec-WebSocket-Protocol; empty: none is asked for.
  };

  // Starts to connect. `loop`, `random` and `handler` outlive the client. The error is a sentence.
  static std::expected<std::unique_ptr<Client>, std::string> connect(io::EventLoop& loop,
                                                                     Random& random,
                                                                     const Target& target,
                                                                     Handler& handler);

  void send(std::string_view text);  // What is sent before the handshake waits for it.
  void close();                      // on_closed() is not told.

 private:
  Client(io::EventLoop& loop, Random& random, Handler& handler, int fd,
         const net::SocketAddress& address);

  void on_data(Bytes data) override;
  void on_ended(io::StreamEnd end) override;

  bool read_handshake();  // False until all of it is there, and where it failed.
  bool read_frame();      // False where there is no whole one yet.
  void handle_frame(std::uint8_t first, std::string payload);
  void send_frame(std::uint8_t opcode, std::string_view payload);
  void fail(std::string_view reason);

  Random& random_;
  Handler& handler_;
  std::string key_;       // Of the handshake.
  std::string received_;  // And not read yet.
  std::string message_;   // The fragments so far.
  std::string waiting_;   // Frames that wait for the handshake.
  bool open_ = false;
  io::TcpStream stream_;
};

}  // namespace parley::http::websocket
