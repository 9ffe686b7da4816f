#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/data_rate.h"
#include "base/random.h"
#include "base/time.h"
#include "load/recording.h"

namespace parley::load {

// Frames as an encoder would make them, but for what is in them: VP8 frames whose first bytes are
// right, and Opus packets of speech; or recorded ones. Sans-IO: poll() at next_deadline() until it
// returns nothing.
class Synthetic {
 public:
  struct Config {
    std::size_t frame_bytes = 2'500;  // Of a picture, but a key frame.
    std::size_t key_frame_bytes = 15'000;
    Duration frame_interval = std::chrono::milliseconds{40};
    std::size_t audio_bytes = 80;  // 0: no sound.
    Duration audio_interval = std::chrono::milliseconds{20};
    Duration key_frame_interval = std::chrono::hours{24};  // Without being asked.
    bool video = true;
    // Instead, from the beginning again after the last, and where a key frame is asked for.
    std::shared_ptr<const Recording> film = {}, sound = {};
  };
  struct Frame {
    bool video = false;
    bool key = false;
    std::uint32_t timestamp = 0;  // Of RTP.
    std::vector<std::uint8_t> data = {};
  };

  // Frames of one size: `rate` in pictures of `frames_per_second`.
  static Config of(DataRate rate, double frames_per_second, bool audio);

  // `random` outlives it.
  Synthetic(Config config, Random& random) : config_(config), random_(&random) {}

  void start(Time now);
  void request_key_frame() { key_due_ = true; }
  std::optional<Frame> poll(Time now);
  Time next_deadline() const;

 private:
  Duration audio_interval() const;
  Frame picture(Time now);
  Frame recorded(Time due);
  Frame voice(Time due);

  Config config_;
  Random* random_;
  Time started_ = kNever;
  Time video_due_ = kNever;
  Time audio_due_ = kNever;
  Time last_key_ = kAtOnce;
  bool key_due_ = true;
  std::size_t next_picture_ = 0, next_sound_ = 0;  // Of the recordings.
};

}  // namespace parley::load
