#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "io/event_loop.h"
#include "io/tcp.h"
#include "net/address.h"

namespace parley::load {

// One HTTP request on a connection of its own, as WHIP and WHEP need it: no TLS, no redirects.
class HttpCall final : private io::TcpStream::Handler {
 public:
  // Where to: `host` names the server in the request ("localhost:8080"), `path` begins with "/".
  struct Target {
    net::SocketAddress address = {};
    std::string host = {};
    std::string path = "/";
  };

  struct Request {
    std::string_view method = "GET";
    std::string_view type = {};  // Of the body.
    std::string_view body = {};
  };

  struct Answer {
    int status = 0;
    std::string location = {};
    std::string body = {};
  };

  // The error is a sentence. The call may be destroyed in it.
  using OnAnswer = std::move_only_function<void(std::expected<Answer, std::string>)>;

  // `on_answer` is told once, and not after the call is destroyed. `loop` outlives the call.
  static std::expected<std::unique_ptr<HttpCall>, std::string> start(io::EventLoop& loop,
                                                                     const Target& target,
                                                                     const Request& request,
                                                                     OnAnswer on_answer);

  // What has come so far, read as an answer whose Content-Length says where it ends; nothing while
  // that is not there yet.
  static std::expected<std::optional<Answer>, std::string> read(std::string_view received);

 private:
  HttpCall(io::EventLoop& loop, int fd, const net::SocketAddress& address, OnAnswer on_answer);

  void on_data(Bytes data) override;
  void on_ended(io::StreamEnd end) override;
  void finish(std::expected<Answer, std::string> answer);

  OnAnswer on_answer_;
  std::string received_;
  io::TcpStream stream_;
};

}  // namespace parley::load
