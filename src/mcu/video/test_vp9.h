#pragma once

#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#include <cstdint>

#include "base/assert.h"
#include "mcu/video/picture_encoder.h"

namespace parley::mcu {

// What others may send and we do not.
class TestVp9Encoder final : public PictureEncoder {
 public:
  explicit TestVp9Encoder(Size size) {
    vpx_codec_enc_cfg_t settings = {};
    PARLEY_ASSERT(vpx_codec_enc_config_default(vpx_codec_vp9_cx(), &settings, 0) == VPX_CODEC_OK);
    settings.g_w = static_cast<unsigned>(size.width);
    settings.g_h = static_cast<unsigned>(size.height);
    settings.g_threads = 1;
    settings.g_timebase = {1, 90'000};
    settings.g_lag_in_frames = 0;
    settings.rc_target_bitrate = 800;
    settings.kf_mode = VPX_KF_DISABLED;
    settings.kf_max_dist = 1 << 30;  // Which counts all the same.
    PARLEY_ASSERT(vpx_codec_enc_init(&encoder_, vpx_codec_vp9_cx(), &settings, 0) == VPX_CODEC_OK);
    PARLEY_ASSERT(vpx_codec_control_(&encoder_, VP8E_SET_CPUUSED, 8) == VPX_CODEC_OK);
  }
  ~TestVp9Encoder() override { vpx_codec_destroy(&encoder_); }

  EncodedPicture encode(const PictureView& picture, std::uint64_t timestamp, bool key) override {
    vpx_image_t image = {};
    vpx_img_wrap(&image, VPX_IMG_FMT_I420, static_cast<unsigned>(picture.size.width),
                 static_cast<unsigned>(picture.size.height), 1,
                 const_cast<std::uint8_t*>(picture.y));
    image.planes[VPX_PLANE_U] = const_cast<std::uint8_t*>(picture.u);
    image.planes[VPX_PLANE_V] = const_cast<std::uint8_t*>(picture.v);
    image.stride[VPX_PLANE_Y] = picture.y_stride;
    image.stride[VPX_PLANE_U] = image.stride[VPX_PLANE_V] = picture.uv_stride;
    PARLEY_ASSERT(vpx_codec_encode(&encoder_, &image, static_cast<vpx_codec_pts_t>(timestamp),
                                   3'000, key ? VPX_EFLAG_FORCE_KF : 0,
                                   VPX_DL_REALTIME) == VPX_CODEC_OK);
    EncodedPicture encoded;
    vpx_codec_iter_t at = nullptr;
    while (const vpx_codec_cx_pkt_t* const packet = vpx_codec_get_cx_data(&encoder_, &at)) {
      if (packet->kind != VPX_CODEC_CX_FRAME_PKT) continue;
      const auto* const data = static_cast<const std::uint8_t*>(packet->data.frame.buf);
      encoded.data.insert(encoded.data.end(), data, data + packet->data.frame.sz);
      encoded.key = (packet->data.frame.flags & VPX_FRAME_IS_KEY) != 0;
    }
    return encoded;
  }
  void set_rate(DataRate, int) override {}

 private:
  vpx_codec_ctx_t encoder_ = {};
};

}  // namespace parley::mcu
