#include "mcu/video/picture_decoder.h"

#include <utility>

#include "mcu/video/decoders.h"

namespace parley::mcu {

std::string_view to_string(DecodeError error) {
  switch (error) {
    case DecodeError::kTooLarge: return "too large";
    case DecodeError::kCorrupt: return "corrupt";
    case DecodeError::kUnsupported: return "not supported";
  }
  std::unreachable();
}

std::unique_ptr<PictureDecoder> make_decoder(codec::Format format,
                                             const PictureDecoder::Limits& limits) {
  switch (format) {
    case codec::Format::kVp8:
    case codec::Format::kVp9: return make_vpx_decoder(format, limits);
    case codec::Format::kH264: return make_h264_decoder(limits);
    case codec::Format::kAv1:
    case codec::Format::kOpus:
    case codec::Format::kUnknown: break;
  }
  return nullptr;
}

}  // namespace parley::mcu
