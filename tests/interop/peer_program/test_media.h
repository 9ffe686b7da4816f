#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace parley::peer_program {

// A frame of a file, to be sent when it is due.
struct MediaFrame {
  Bytes data = {};
  std::uint32_t timestamp = 0;
  bool key = false;
};

// A short file of VP8 or Opus, sent over and over at its own pace.
class TestMedia {
 public:
  // "audio": tone.ivf, 20 ms each. "video": picture.ivf, 40 ms each.
  static TestMedia audio();
  static TestMedia video();

  std::string_view codec() const { return codec_; }
  Duration interval() const { return interval_; }

  // The next one, from the beginning again after the last.
  MediaFrame next();
  // The next one will be a key frame.
  void restart() { position_ = 0; }

 private:
  TestMedia(std::string_view file, std::string_view codec, Duration interval, std::uint32_t ticks);

  std::string codec_;
  Duration interval_;
  std::uint32_t ticks_;  // Of the RTP clock, a frame.
  std::vector<std::vector<std::uint8_t>> frames_;
  std::size_t position_ = 0;
  std::uint32_t timestamp_ = 0;
};

}  // namespace parley::peer_program
