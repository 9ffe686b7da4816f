#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "codec/format.h"
#include "mcu/video/picture.h"

namespace parley::mcu {

enum class DecodeError : std::uint8_t { kTooLarge, kCorrupt, kUnsupported };

std::string_view to_string(DecodeError error);

// One stream's pictures out of its frames, whole and in order, as codec::FrameBuilder gives them.
class PictureDecoder {
 public:
  struct Limits {
    // A frame of more is refused by what its header says: nothing is allocated for it.
    Size largest = {4'096, 4'096};
    std::int64_t most_pixels = std::int64_t{4'096} * 2'304;

    bool allow(Size size) const {
      return size.width <= largest.width && size.height <= largest.height &&
             std::int64_t{size.width} * size.height <= most_pixels;
    }
  };

  PictureDecoder() = default;
  PictureDecoder(const PictureDecoder&) = delete;
  PictureDecoder& operator=(const PictureDecoder&) = delete;
  virtual ~PictureDecoder() = default;

  // The picture, which is the decoder's until its next call; an empty one where the frame shows
  // none. After an error only a key frame helps.
  virtual std::expected<PictureView, DecodeError> decode(Bytes frame) = 0;
};

// For VP8 and VP9 by libvpx, for H.264 by libavcodec, in the caller's thread alone. Null for
// formats that are no pictures, or that we do not decode.
std::unique_ptr<PictureDecoder> make_decoder(codec::Format format,
                                             const PictureDecoder::Limits& limits);

}  // namespace parley::mcu
