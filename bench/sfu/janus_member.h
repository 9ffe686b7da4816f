#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "http/websocket/client.h"
#include "io/event_loop.h"
#include "load/media_peer.h"
#include "load/member.h"

namespace bench {

// A member of a room of Janus's VideoRoom plugin, by Janus's protocol over WebSocket: who sends
// offers ("publish"), who receives is offered ("join" as a subscriber of those who send).
class JanusMember final : public parley::load::Member,
                          private parley::http::websocket::Client::Handler {
 public:
  struct Config {
    parley::http::websocket::Client::Target janus = {};
    std::int64_t room = 1;
    // Who sends says under which number; who receives names those that it wants.
    std::int64_t feed = 0;
    std::vector<std::int64_t> subscribes = {};
    parley::load::MediaPeer::Config media = {};
  };

  JanusMember(const parley::load::Shared& shared, Config config);

  void start() override;
  void begin_measurement() override { media_.begin_measurement(); }
  Summary summary() const override;
  void leave() override;

 private:
  using OnReply = std::move_only_function<void(const parley::Json& reply)>;

  void on_message(std::string_view text) override;
  void on_closed(std::string_view reason) override { fail(reason); }

  void ask(parley::Json::Object request, OnReply on_reply);
  // To the plugin; `jsep` is null where there is none.
  void message(parley::Json::Object body, parley::Json jsep, OnReply on_reply);
  void attach();
  void enter();
  void publish();
  void subscribe();
  void answer(const parley::Json& offered);
  void keep_alive();
  void fail(std::string_view problem);

  const parley::load::Shared& shared_;
  Config config_;
  parley::load::MediaPeer media_;
  std::unique_ptr<parley::http::websocket::Client> socket_;
  parley::io::Timer keep_alive_;
  std::map<std::string, OnReply> unanswered_;
  std::int64_t transactions_ = 0;
  std::optional<std::int64_t> session_;
  std::optional<std::int64_t> handle_;
  parley::Time started_ = {};
  Summary summary_;
};

}  // namespace bench
