#pragma once

#include <memory>

#include "codec/format.h"
#include "mcu/video/picture_decoder.h"
#include "mcu/video/picture_encoder.h"

namespace parley::mcu {

// Where decoders and encoders come from: the real ones, unless a test has others.
class Codecs {
 public:
  Codecs() = default;
  Codecs(const Codecs&) = delete;
  Codecs& operator=(const Codecs&) = delete;
  virtual ~Codecs() = default;

  virtual std::unique_ptr<PictureDecoder> decoder(codec::Format format,
                                                  const PictureDecoder::Limits& limits) {
    return make_decoder(format, limits);
  }
  virtual std::unique_ptr<PictureEncoder> encoder(codec::Format format,
                                                  const PictureEncoder::Config& config) {
    return make_encoder(format, config);
  }
};

}  // namespace parley::mcu
