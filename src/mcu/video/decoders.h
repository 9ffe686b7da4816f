#pragma once

#include <memory>

#include "codec/format.h"
#include "mcu/video/picture_decoder.h"

// Each in a file of its own, with the header of its library. For make_decoder() alone.
namespace parley::mcu {

std::unique_ptr<PictureDecoder> make_vpx_decoder(codec::Format format,
                                                 const PictureDecoder::Limits& limits);
std::unique_ptr<PictureDecoder> make_h264_decoder(const PictureDecoder::Limits& limits);

}  // namespace parley::mcu
