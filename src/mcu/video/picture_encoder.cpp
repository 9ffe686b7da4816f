#include "mcu/video/picture_encoder.h"

#include "mcu/video/encoders.h"

namespace parley::mcu {

std::unique_ptr<PictureEncoder> make_encoder(codec::Format format,
                                             const PictureEncoder::Config& config) {
  switch (format) {
    case codec::Format::kVp8: return make_vp8_encoder(config);
    case codec::Format::kH264: return make_h264_encoder(config);
    case codec::Format::kVp9:
    case codec::Format::kAv1:
    case codec::Format::kOpus:
    case codec::Format::kUnknown: break;
  }
  return nullptr;
}

}  // namespace parley::mcu
