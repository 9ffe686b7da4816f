#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/random.h"
#include "http/websocket/client.h"
#include "io/event_loop.h"

namespace parley::load {

// Parley's signalling over the plain WebSocket at /ws (docs/protocol.md): events, and requests that
// are acknowledged.
class Signalling final : private http::websocket::Client::Handler {
 public:
  // `fields`: the acknowledgement's, where "ok" says how it went.
  using OnAnswer = std::move_only_function<void(const Json& fields)>;

  class Handler {
   public:
    virtual void on_event(std::string_view event, const Json& fields) = 0;
    virtual void on_closed(std::string_view reason) = 0;

   protected:
    ~Handler() = default;
  };

  static std::expected<std::unique_ptr<Signalling>, std::string> connect(
      io::EventLoop& loop, Random& random, const http::websocket::Client::Target& target,
      Handler& handler);

  void request(std::string_view event, Json fields, OnAnswer on_answer);
  void close() { socket_->close(); }

 private:
  explicit Signalling(Handler& handler) : handler_(handler) {}
  void on_message(std::string_view text) override;
  void on_closed(std::string_view reason) override { handler_.on_closed(reason); }

  Handler& handler_;
  std::unique_ptr<http::websocket::Client> socket_;
  std::map<std::int64_t, OnAnswer> unanswered_;
  std::int64_t last_request_ = 0;
};

}  // namespace parley::load
