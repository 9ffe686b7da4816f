#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/assert.h"
#include "codec/vp8.h"
#include "codec/vp9_frame.h"
#include "mcu/video/decoders.h"

namespace parley::mcu {
namespace {

constexpr std::size_t kMaxFrame = 1u << 30;  // What libvpx counts with.

Size to_size(codec::PictureSize size) {
  return {size.width, size.height};
}

class VpxDecoder final : public PictureDecoder {
 public:
  VpxDecoder(bool vp9, const Limits& limits) : vp9_(vp9), limits_(limits) {
    const vpx_codec_dec_cfg_t config{.threads = 1, .w = 0, .h = 0};
    vpx_codec_iface_t* const interface = vp9 ? vpx_codec_vp9_dx() : vpx_codec_vp8_dx();
    PARLEY_ASSERT(vpx_codec_dec_init(&decoder_, interface, &config, 0) == VPX_CODEC_OK);
  }
  ~VpxDecoder() override { vpx_codec_destroy(&decoder_); }

  std::expected<PictureView, DecodeError> decode(Bytes frame) override {
    if (frame.empty() || frame.size() > kMaxFrame) return std::unexpected(DecodeError::kCorrupt);
    if (const auto error = vp9_ ? check_vp9(frame) : check_vp8(frame)) {
      return std::unexpected(*error);
    }
    const Bytes chunk = vp9_ ? indexed_ : frame;
    if (vpx_codec_decode(&decoder_, chunk.data(), static_cast<unsigned>(chunk.size()), nullptr,
                         0) != VPX_CODEC_OK) {
      return std::unexpected(DecodeError::kCorrupt);
    }
    return take_picture();
  }

 private:
  std::optional<DecodeError> check_vp8(Bytes frame) const {
    if (!codec::is_vp8_key_frame(frame)) return std::nullopt;  // As large as the one before.
    const auto size = codec::vp8_picture_size(frame);
    if (!size) return DecodeError::kCorrupt;
    if (!limits_.allow(to_size(*size))) return DecodeError::kTooLarge;
    return std::nullopt;
  }

  // Of all frames in it; and where no index says how many they are, one is added that says that it
  // is one. Else another could hide behind the first.
  std::optional<DecodeError> check_vp9(Bytes chunk) {
    const auto frames = codec::split_vp9_superframe(chunk);
    if (!frames || frames->empty()) return DecodeError::kCorrupt;
    for (const Bytes frame : *frames) {
      const auto size = codec::vp9_picture_size(frame);
      if (size && !limits_.allow(to_size(*size))) return DecodeError::kTooLarge;
    }
    indexed_.assign(chunk.begin(), chunk.end());
    if (frames->size() == 1 && frames->front().size() == chunk.size()) {
      const std::size_t whole[] = {chunk.size()};
      codec::append_vp9_index(indexed_, whole);
    }
    return std::nullopt;
  }

  std::expected<PictureView, DecodeError> take_picture() {
    const vpx_image_t* last = nullptr;
    vpx_codec_iter_t at = nullptr;
    while (const vpx_image_t* const next = vpx_codec_get_frame(&decoder_, &at)) last = next;
    int corrupted = 0;
    if (vpx_codec_control(&decoder_, VP8D_GET_FRAME_CORRUPTED, &corrupted) == VPX_CODEC_OK &&
        corrupted != 0) {
      return std::unexpected(DecodeError::kCorrupt);
    }
    if (last == nullptr) return PictureView{};
    if (last->fmt != VPX_IMG_FMT_I420 || last->bit_depth > 8) {
      return std::unexpected(DecodeError::kUnsupported);
    }
    const PictureView picture{.y = last->planes[VPX_PLANE_Y],
                              .u = last->planes[VPX_PLANE_U],
                              .v = last->planes[VPX_PLANE_V],
                              .y_stride = last->stride[VPX_PLANE_Y],
                              .uv_stride = last->stride[VPX_PLANE_U],
                              .size = {static_cast<int>(last->d_w), static_cast<int>(last->d_h)}};
    if (!limits_.allow(picture.size)) return std::unexpected(DecodeError::kTooLarge);
    return picture;
  }

  bool vp9_;
  Limits limits_;
  vpx_codec_ctx_t decoder_ = {};
  std::vector<std::uint8_t> indexed_;  // Of VP9: the chunk with an index. Kept for its room.
};

}  // namespace

std::unique_ptr<PictureDecoder> make_vpx_decoder(codec::Format format,
                                                 const PictureDecoder::Limits& limits) {
  return std::make_unique<VpxDecoder>(format == codec::Format::kVp9, limits);
}

}  // namespace parley::mcu
