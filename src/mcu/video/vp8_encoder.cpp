#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#include <algorithm>
#include <optional>

#include "base/assert.h"
#include "mcu/video/encoders.h"

namespace parley::mcu {
namespace {

constexpr int kClock = 90'000;
constexpr vpx_enc_frame_flags_t kLastAlone =
    VP8_EFLAG_NO_REF_GF | VP8_EFLAG_NO_REF_ARF | VP8_EFLAG_NO_UPD_GF | VP8_EFLAG_NO_UPD_ARF;
// Nothing is learnt from it, so nothing is missing without it.
constexpr vpx_enc_frame_flags_t kNeededByNone =
    kLastAlone | VP8_EFLAG_NO_UPD_LAST | VP8_EFLAG_NO_UPD_ENTROPY;

unsigned kbps(DataRate rate) {
  return static_cast<unsigned>(std::clamp<std::int64_t>(rate.in_bps() / 1'000, 20, 100'000));
}

class Vp8Encoder final : public PictureEncoder {
 public:
  explicit Vp8Encoder(const Config& config) : config_(config) {
    PARLEY_ASSERT(vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &settings_, 0) == VPX_CODEC_OK);
    settings_.g_w = static_cast<unsigned>(config.size.width);
    settings_.g_h = static_cast<unsigned>(config.size.height);
    settings_.g_threads = 1;
    settings_.g_timebase = {1, kClock};
    settings_.g_lag_in_frames = 0;
    settings_.g_error_resilient = config.temporal_layers ? VPX_ERROR_RESILIENT_DEFAULT : 0;
    settings_.rc_end_usage = VPX_CBR;
    settings_.rc_min_quantizer = 2;
    settings_.rc_max_quantizer = 56;
    settings_.rc_undershoot_pct = 100;
    settings_.rc_overshoot_pct = 15;
    settings_.rc_buf_sz = 1'000;  // ms, as the next two.
    settings_.rc_buf_initial_sz = 500;
    settings_.rc_buf_optimal_sz = 600;
    settings_.rc_dropframe_thresh = 0;    // Each picture has its frame.
    settings_.kf_mode = VPX_KF_DISABLED;  // Key frames come when asked for.
    apply_rate();
    PARLEY_ASSERT(vpx_codec_enc_init(&encoder_, vpx_codec_vp8_cx(), &settings_, 0) == VPX_CODEC_OK);
    // Below zero the speed is fixed: by itself libvpx looks at the clock.
    control(VP8E_SET_CPUUSED, -std::clamp(config.speed, 1, 16));
    control(VP8E_SET_STATIC_THRESHOLD, 1);
    control(VP8E_SET_NOISE_SENSITIVITY, 0);
    control(VP8E_SET_MAX_INTRA_BITRATE_PCT, 450);  // A key frame may be as large as 4.5 others.
  }
  ~Vp8Encoder() override { vpx_codec_destroy(&encoder_); }

  EncodedPicture encode(const PictureView& picture, std::uint64_t timestamp, bool key) override {
    PARLEY_ASSERT(picture.size == config_.size);
    if (!first_) first_ = timestamp;
    if (key) since_key_ = 0;
    EncodedPicture encoded{
        .temporal_layer = static_cast<std::uint8_t>(config_.temporal_layers ? since_key_ % 2 : 0)};
    vpx_enc_frame_flags_t flags = key ? VPX_EFLAG_FORCE_KF : 0;
    if (config_.temporal_layers && !key) {
      flags |= encoded.temporal_layer == 0 ? kLastAlone : kNeededByNone;
      control(VP8E_SET_TEMPORAL_LAYER_ID, int{encoded.temporal_layer});
    }
    ++since_key_;
    vpx_image_t image = wrap(picture);
    const auto duration = static_cast<unsigned long>(kClock / config_.frames_per_second);
    PARLEY_ASSERT(vpx_codec_encode(&encoder_, &image,
                                   static_cast<vpx_codec_pts_t>(timestamp - *first_), duration,
                                   flags, VPX_DL_REALTIME) == VPX_CODEC_OK);
    take(encoded);
    return encoded;
  }

  void set_rate(DataRate rate, int frames_per_second) override {
    config_.rate = rate;
    config_.frames_per_second = frames_per_second;
    apply_rate();
    PARLEY_ASSERT(vpx_codec_enc_config_set(&encoder_, &settings_) == VPX_CODEC_OK);
  }

 private:
  void control(int which, int value) {
    PARLEY_ASSERT(vpx_codec_control_(&encoder_, which, value) == VPX_CODEC_OK);
  }

  void apply_rate() {
    settings_.rc_target_bitrate = kbps(config_.rate);
    if (!config_.temporal_layers) return;
    settings_.ts_number_layers = 2;
    settings_.ts_periodicity = 2;
    settings_.ts_layer_id[0] = 0;
    settings_.ts_layer_id[1] = 1;
    settings_.ts_rate_decimator[0] = 2;
    settings_.ts_rate_decimator[1] = 1;
    settings_.ts_target_bitrate[0] = settings_.rc_target_bitrate * 6 / 10;  // As browsers do.
    settings_.ts_target_bitrate[1] = settings_.rc_target_bitrate;
  }

  static vpx_image_t wrap(const PictureView& picture) {
    vpx_image_t image = {};
    // libvpx only reads what it is to encode.
    auto* const y = const_cast<std::uint8_t*>(picture.y);
    PARLEY_ASSERT(vpx_img_wrap(&image, VPX_IMG_FMT_I420, static_cast<unsigned>(picture.size.width),
                               static_cast<unsigned>(picture.size.height), 1, y) != nullptr);
    image.planes[VPX_PLANE_U] = const_cast<std::uint8_t*>(picture.u);
    image.planes[VPX_PLANE_V] = const_cast<std::uint8_t*>(picture.v);
    image.stride[VPX_PLANE_Y] = picture.y_stride;
    image.stride[VPX_PLANE_U] = picture.uv_stride;
    image.stride[VPX_PLANE_V] = picture.uv_stride;
    return image;
  }

  void take(EncodedPicture& encoded) {
    vpx_codec_iter_t at = nullptr;
    while (const vpx_codec_cx_pkt_t* const packet = vpx_codec_get_cx_data(&encoder_, &at)) {
      if (packet->kind != VPX_CODEC_CX_FRAME_PKT) continue;
      const auto* const data = static_cast<const std::uint8_t*>(packet->data.frame.buf);
      encoded.data.insert(encoded.data.end(), data, data + packet->data.frame.sz);
      encoded.key = (packet->data.frame.flags & VPX_FRAME_IS_KEY) != 0;
    }
    if (!encoded.key) return;
    encoded.temporal_layer = 0;
    since_key_ = 1;
  }

  Config config_;
  vpx_codec_enc_cfg_t settings_ = {};
  vpx_codec_ctx_t encoder_ = {};
  std::optional<std::uint64_t> first_;  // The timestamp that is zero to libvpx.
  std::uint64_t since_key_ = 0;
};

}  // namespace

std::unique_ptr<PictureEncoder> make_vp8_encoder(const PictureEncoder::Config& config) {
  return std::make_unique<Vp8Encoder>(config);
}

}  // namespace parley::mcu
