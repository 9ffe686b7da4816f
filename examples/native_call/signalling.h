#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "host.h"
#include "http/websocket/client.h"
#include "messages.h"

namespace native_call {

// Parley's signalling, as docs/protocol.md has it, over the plain WebSocket at /ws: enters a room
// and carries descriptions and candidates to and from the others there.
class Signalling final : private parley::http::websocket::Client::Handler {
 public:
  class Handler {
   public:
    // We are in, under this id. on_participant() follows for each who is there already.
    virtual void on_joined(std::string_view own_sid,
                           const std::vector<parley::peer::IceServer>& ice_servers) = 0;
    // `came_first`: they were here before us, so it is ours to call.
    virtual void on_participant(std::string_view sid, std::string_view name, bool came_first) = 0;
    virtual void on_left(std::string_view sid) = 0;
    virtual void on_description(std::string_view sid, const Description& description) = 0;
    // None: no more will come.
    virtual void on_candidate(std::string_view sid, const std::optional<Candidate>& candidate) = 0;
    // The end: what happened, as a sentence.
    virtual void on_closed(std::string_view reason) = 0;

   protected:
    ~Handler() = default;
  };

  static std::expected<std::unique_ptr<Signalling>, std::string> connect(
      parley::io::EventLoop& loop, parley::Random& random, const Host& host, Handler& handler);

  void join(std::string_view room, std::string_view name, bool sound, bool picture);
  void send(std::string_view sid, const Description& description);
  void send(std::string_view sid, const std::optional<Candidate>& candidate);
  void leave();

 private:
  explicit Signalling(Handler& handler) : handler_(handler) {}

  void on_message(std::string_view text) override;
  void on_closed(std::string_view reason) override { handler_.on_closed(reason); }

  void handle_ack(const parley::Json& answer);
  void handle_event(std::string_view event, const parley::Json& fields);
  void enter(const parley::Json& welcome);
  void say(std::string_view event, parley::Json fields, bool wants_ack = false);

  Handler& handler_;
  std::unique_ptr<parley::http::websocket::Client> socket_;
};

}  // namespace native_call
