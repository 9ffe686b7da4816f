#include "test_media.h"

#include "ivf.h"

namespace parley::peer_program {

using namespace std::chrono_literals;

TestMedia TestMedia::audio() {
  return TestMedia("tone.ivf", "opus", 20ms, 960);
}

TestMedia TestMedia::video() {
  return TestMedia("picture.ivf", "VP8", 40ms, 3'600);
}

TestMedia::TestMedia(std::string_view file, std::string_view codec, Duration interval,
                     std::uint32_t ticks)
    : codec_(codec),
      interval_(interval),
      ticks_(ticks),
      frames_(read_ivf(std::string(PEER_PROGRAM_MEDIA "/") + std::string(file))) {}

MediaFrame TestMedia::next() {
  const std::vector<std::uint8_t>& frame = frames_[position_];
  position_ = (position_ + 1) % frames_.size();
  timestamp_ += ticks_;
  // The lowest bit of a VP8 frame is 0 in key frames (RFC 6386, 9.1).
  return {.data = frame, .timestamp = timestamp_, .key = (frame.at(0) & 1) == 0};
}

}  // namespace parley::peer_program
