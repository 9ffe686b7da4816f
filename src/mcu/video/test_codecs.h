#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "mcu/video/codecs.h"
#include "mcu/video/test_pictures.h"

namespace parley::mcu {

// Codecs that cost next to nothing, for hours of virtual time. A frame looks like one of VP8 to who
// reads its header: a key frame tells its size, and the byte after it is the colour of all of it.
class TestCodecs final : public Codecs {
 public:
  std::unique_ptr<PictureDecoder> decoder(codec::Format,
                                          const PictureDecoder::Limits& limits) override {
    ++decoders;
    return std::make_unique<Decoder>(*this, limits);
  }
  std::unique_ptr<PictureEncoder> encoder(codec::Format,
                                          const PictureEncoder::Config& config) override {
    ++encoders;
    last_config = config;
    return std::make_unique<Encoder>();
  }

  static std::vector<std::uint8_t> frame(bool key, Size size, std::uint8_t color) {
    std::vector<std::uint8_t> frame(40, color);
    frame[0] = key ? 0x10 : 0x11;
    const std::uint8_t head[] = {0,
                                 0,
                                 0x9D,
                                 0x01,
                                 0x2A,
                                 static_cast<std::uint8_t>(size.width),
                                 static_cast<std::uint8_t>(size.width >> 8),
                                 static_cast<std::uint8_t>(size.height),
                                 static_cast<std::uint8_t>(size.height >> 8)};
    std::ranges::copy(head, frame.begin() + 1);
    return frame;
  }

  std::size_t decoders = 0, encoders = 0, decoded = 0;
  std::size_t pictures_before_key = 0;  // Asked for without a key frame before them.
  PictureEncoder::Config last_config = {};

 private:
  class Decoder final : public PictureDecoder {
   public:
    Decoder(TestCodecs& owner, const Limits& limits) : owner_(owner), limits_(limits) {}
    std::expected<PictureView, DecodeError> decode(Bytes frame) override {
      if (frame.size() != 40) return std::unexpected(DecodeError::kCorrupt);
      if ((frame[0] & 1) == 0) {
        const Size size{frame[6] | frame[7] << 8, frame[8] | frame[9] << 8};
        if (!limits_.allow(size)) return std::unexpected(DecodeError::kTooLarge);
        picture_ = Picture(size);
      }
      if (picture_.size().empty()) ++owner_.pictures_before_key;
      ++owner_.decoded;
      fill(picture_, {.width = picture_.size().width, .height = picture_.size().height},
           {.y = frame[10]});
      return picture_.view();
    }

   private:
    TestCodecs& owner_;
    Limits limits_;
    Picture picture_ = {};
  };

  class Encoder final : public PictureEncoder {
   public:
    EncodedPicture encode(const PictureView& picture, std::uint64_t, bool key) override {
      const bool is_key = key || std::exchange(first_, false);
      return {.data = frame(is_key, picture.size, *picture.y), .key = is_key};
    }
    void set_rate(DataRate, int) override {}

   private:
    bool first_ = true;
  };
};

}  // namespace parley::mcu
