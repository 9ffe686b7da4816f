#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "load/http_call.h"
#include "load/media_peer.h"
#include "load/member.h"

namespace parley::load {

// One who publishes by WHIP (RFC 9725) or plays by WHEP, at any server that speaks them.
class WhipBot final : public Member {
 public:
  struct Config {
    HttpCall::Target endpoint = {};
    MediaPeer::Config media = {};  // Who publishes something plays nothing.
    std::size_t audio_slots = 1;
    std::size_t video_slots = 1;
  };

  WhipBot(const Shared& shared, Config config);

  void start() override;
  void begin_measurement() override { media_.begin_measurement(); }
  Summary summary() const override;
  void leave() override;

 private:
  void on_answer(const HttpCall::Answer& answer);
  void fail(std::string_view problem);

  const Shared& shared_;
  Config config_;
  MediaPeer media_;
  std::unique_ptr<HttpCall> call_;
  std::string session_;  // Its URL's path.
  Time started_ = {};
  Summary summary_;  // But for what media_ knows.
};

}  // namespace parley::load
