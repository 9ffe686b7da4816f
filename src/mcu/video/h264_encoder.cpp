#include <wels/codec_api.h>

#include <algorithm>
#include <optional>

#include "base/assert.h"
#include "mcu/video/encoders.h"

namespace parley::mcu {
namespace {

int bits(DataRate rate) {
  return static_cast<int>(std::clamp<std::int64_t>(rate.in_bps(), 20'000, 100'000'000));
}

class H264Encoder final : public PictureEncoder {
 public:
  explicit H264Encoder(const Config& config) : config_(config) {
    PARLEY_ASSERT(WelsCreateSVCEncoder(&encoder_) == 0 && encoder_ != nullptr);
    int quiet = WELS_LOG_QUIET;
    encoder_->SetOption(ENCODER_OPTION_TRACE_LEVEL, &quiet);
    SEncParamExt settings = {};
    encoder_->GetDefaultParams(&settings);
    settings.iUsageType = CAMERA_VIDEO_REAL_TIME;
    settings.iPicWidth = config.size.width;
    settings.iPicHeight = config.size.height;
    settings.iTargetBitrate = bits(config.rate);
    settings.iMaxBitrate = UNSPECIFIED_BIT_RATE;
    settings.iRCMode = RC_BITRATE_MODE;
    settings.fMaxFrameRate = static_cast<float>(config.frames_per_second);
    settings.bEnableFrameSkip = false;  // Each picture has its frame.
    settings.uiIntraPeriod = 0;         // Key frames come when asked for.
    settings.bEnableSceneChangeDetect = false;
    settings.iMultipleThreadIdc = 1;
    settings.iComplexityMode = LOW_COMPLEXITY;
    settings.eSpsPpsIdStrategy = CONSTANT_ID;
    settings.iSpatialLayerNum = 1;
    SSpatialLayerConfig& layer = settings.sSpatialLayers[0];
    layer.uiProfileIdc = PRO_BASELINE;
    layer.iVideoWidth = config.size.width;
    layer.iVideoHeight = config.size.height;
    layer.fFrameRate = settings.fMaxFrameRate;
    layer.iSpatialBitrate = settings.iTargetBitrate;
    layer.iMaxSpatialBitrate = UNSPECIFIED_BIT_RATE;
    layer.sSliceArgument.uiSliceMode = SM_SINGLE_SLICE;
    PARLEY_ASSERT(encoder_->InitializeExt(&settings) == cmResultSuccess);
    int format = videoFormatI420;
    encoder_->SetOption(ENCODER_OPTION_DATAFORMAT, &format);
  }
  ~H264Encoder() override {
    encoder_->Uninitialize();
    WelsDestroySVCEncoder(encoder_);
  }

  EncodedPicture encode(const PictureView& picture, std::uint64_t timestamp, bool key) override {
    PARLEY_ASSERT(picture.size == config_.size);
    if (!first_) first_ = timestamp;
    if (key) encoder_->ForceIntraFrame(true);
    SSourcePicture source = {};
    source.iColorFormat = videoFormatI420;
    source.iPicWidth = picture.size.width;
    source.iPicHeight = picture.size.height;
    source.iStride[0] = picture.y_stride;
    source.iStride[1] = picture.uv_stride;
    source.iStride[2] = picture.uv_stride;
    source.pData[0] = const_cast<std::uint8_t*>(picture.y);  // It only reads them.
    source.pData[1] = const_cast<std::uint8_t*>(picture.u);
    source.pData[2] = const_cast<std::uint8_t*>(picture.v);
    source.uiTimeStamp = static_cast<long long>((timestamp - *first_) / 90);
    SFrameBSInfo info = {};
    PARLEY_ASSERT(encoder_->EncodeFrame(&source, &info) == cmResultSuccess);
    return take(info);
  }

  void set_rate(DataRate rate, int frames_per_second) override {
    config_.rate = rate;
    config_.frames_per_second = frames_per_second;
    SBitrateInfo wanted = {.iLayer = SPATIAL_LAYER_ALL, .iBitrate = bits(rate)};
    encoder_->SetOption(ENCODER_OPTION_BITRATE, &wanted);
    auto pace = static_cast<float>(frames_per_second);
    encoder_->SetOption(ENCODER_OPTION_FRAME_RATE, &pace);
  }

 private:
  // As a byte stream (Annex B), which it is already.
  static EncodedPicture take(const SFrameBSInfo& info) {
    EncodedPicture encoded{.key = info.eFrameType == videoFrameTypeIDR};
    for (int i = 0; i < info.iLayerNum; ++i) {
      const SLayerBSInfo& layer = info.sLayerInfo[i];
      std::ptrdiff_t size = 0;
      for (int n = 0; n < layer.iNalCount; ++n) size += layer.pNalLengthInByte[n];
      encoded.data.insert(encoded.data.end(), layer.pBsBuf, layer.pBsBuf + size);
    }
    return encoded;
  }

  Config config_;
  ISVCEncoder* encoder_ = nullptr;
  std::optional<std::uint64_t> first_;  // The timestamp that is zero to OpenH264.
};

}  // namespace

std::unique_ptr<PictureEncoder> make_h264_encoder(const PictureEncoder::Config& config) {
  return std::make_unique<H264Encoder>(config);
}

}  // namespace parley::mcu
