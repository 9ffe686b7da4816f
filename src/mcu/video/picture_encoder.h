#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/data_rate.h"
#include "codec/format.h"
#include "mcu/video/picture.h"

namespace parley::mcu {

struct EncodedPicture {
  std::vector<std::uint8_t> data = {};
  bool key = false;
  // 0: the base. A frame of layer 1 is needed by no other: one may leave it out.
  std::uint8_t temporal_layer = 0;
};

// Pictures of one size to frames of one stream, in real time, in the caller's thread alone.
class PictureEncoder {
 public:
  struct Config {
    Size size = {};
    DataRate rate = DataRate::kbps(1'500);
    int frames_per_second = 30;
    // Every second frame of VP8 in a layer of its own, for receivers who cannot take them all.
    bool temporal_layers = true;
    int speed = 12;  // Of VP8: 1 to 16; what is beyond 12 can be seen.
  };

  PictureEncoder() = default;
  PictureEncoder(const PictureEncoder&) = delete;
  PictureEncoder& operator=(const PictureEncoder&) = delete;
  virtual ~PictureEncoder() = default;

  // `timestamp` counts 90,000 a second and rises. `key`: one that needs none before it, as the
  // first is anyway.
  virtual EncodedPicture encode(const PictureView& picture, std::uint64_t timestamp, bool key) = 0;
  virtual void set_rate(DataRate rate, int frames_per_second) = 0;
};

// VP8 by libvpx, H.264 by OpenH264; null for others.
std::unique_ptr<PictureEncoder> make_encoder(codec::Format format,
                                             const PictureEncoder::Config& config);

}  // namespace parley::mcu
