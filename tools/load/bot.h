#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "http/websocket/client.h"
#include "load/media_peer.h"
#include "load/member.h"
#include "load/signalling.h"

namespace parley::load {

// One who comes into a room of a Parley server, whose media goes over that server.
class Bot final : public Member, private Signalling::Handler {
 public:
  struct Config {
    http::websocket::Client::Target signalling = {};
    std::string room = {};
    std::string name = "Bot";
    MediaPeer::Config media = {};
    std::size_t audio_slots = 1;
    std::size_t video_slots = 1;
    bool lecture = false;  // The room is one, if they make it.
    int one_stream = 0;    // Everyone in one picture of so many lines, and in one sound; 0: not so.
  };

  Bot(const Shared& shared, Config config);

  void start() override;
  void begin_measurement() override { media_.begin_measurement(); }
  Summary summary() const override;
  void leave() override;

 private:
  // Signalling::Handler
  void on_event(std::string_view event, const Json& fields) override;
  void on_closed(std::string_view reason) override { fail(reason); }

  Json describe_offer(const std::string& sdp) const;
  void on_joined(const Json& fields);
  void ask_for_one_stream();
  void take_answer(const Json& fields);
  void ask_for_connection();
  void fail(std::string_view problem);

  const Shared& shared_;
  Config config_;
  MediaPeer media_;
  std::unique_ptr<Signalling> signalling_;
  Time started_ = {};
  Summary summary_;  // But for what media_ knows.
};

}  // namespace parley::load
