#pragma once

#include <memory>

#include "mcu/video/picture_encoder.h"

// Each in a file of its own, with the header of its library. For make_encoder() alone.
namespace parley::mcu {

std::unique_ptr<PictureEncoder> make_vp8_encoder(const PictureEncoder::Config& config);
std::unique_ptr<PictureEncoder> make_h264_encoder(const PictureEncoder::Config& config);

}  // namespace parley::mcu
