#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/data_rate.h"
#include "base/time.h"
#include "codec/format.h"
#include "mcu/video/codecs.h"
#include "mcu/video/picture.h"
#include "mcu/video/picture_encoder.h"

namespace parley::mcu {

// One quality of what is composed: encoded while somebody needs it, from a key frame on.
//
// A key frame that is asked for comes with the next picture, but no sooner than one interval after
// the last: it is as much as several others, for everyone, and of a thousand who come each needs
// one. Who comes between two begins with the last, which the SFU keeps for as long.
class OutputStream {
 public:
  struct Config {
    codec::Format format = codec::Format::kVp8;
    int divisor = 1;  // Of the canvas' width and height.
    DataRate rate = DataRate::kbps(1'500);
    bool temporal_layers = true;
    int speed = 12;
    Duration key_frame_interval = std::chrono::seconds{1};
  };
  // 720p, 360p and 180p of VP8, where the canvas is of 720 lines.
  static std::vector<Config> simulcast();

  OutputStream(const Config& config, Codecs& codecs) : config_(config), codecs_(codecs) {}

  void set_needed(bool needed);
  bool is_needed() const { return needed_; }
  void set_rate(DataRate rate);
  void request_key_frame() { key_frame_requested_ = true; }
  void begin_anew();  // With a key frame at once: what came before, nobody has seen.
  codec::Format format() const { return config_.format; }
  int divisor() const { return config_.divisor; }

  // `picture`: of the canvas' size divided; if that is another than before a key frame begins it.
  // Nothing where there is no such encoder.
  std::optional<EncodedPicture> encode(const PictureView& picture, std::uint64_t timestamp,
                                       int frames_per_second);

 private:
  bool is_key_frame_due(std::uint64_t timestamp) const;

  Config config_;
  Codecs& codecs_;
  bool needed_ = false;
  bool key_frame_requested_ = false;
  std::optional<std::uint64_t> last_key_;  // Its timestamp.
  Size size_ = {};
  int frames_per_second_ = 0;
  std::unique_ptr<PictureEncoder> encoder_;
};

}  // namespace parley::mcu
