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
class OutputStream {
 public:
  struct Config {
    codec::Format format = codec::Format::kVp8;
    int divisor = 1;  // Of the canvas' width and height.
    DataRate rate = DataRate::kbps(1'500);
    bool temporal_layers = true;
    int speed = 12;
  };
  // 720p, 360p and 180p of VP8, where the canvas is of 720 lines.
  static std::vector<Config> simulcast();

  OutputStream(const Config& config, Codecs& codecs) : config_(config), codecs_(codecs) {}

  void set_needed(bool needed);
  bool is_needed() const { return needed_; }
  void set_rate(DataRate rate);
  void request_key_frame() { key_frame_requested_ = true; }
  codec::Format format() const { return config_.format; }
  int divisor() const { return config_.divisor; }

  // `picture`: of the canvas' size divided; if that is another than before a key frame begins it.
  // Nothing where there is no such encoder.
  std::optional<EncodedPicture> encode(const PictureView& picture, std::uint64_t timestamp,
                                       int frames_per_second);

 private:
  Config config_;
  Codecs& codecs_;
  bool needed_ = false;
  bool key_frame_requested_ = false;
  Size size_ = {};
  int frames_per_second_ = 0;
  std::unique_ptr<PictureEncoder> encoder_;
};

}  // namespace parley::mcu
