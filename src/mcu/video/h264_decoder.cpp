extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/log.h>
}

#include <algorithm>
#include <limits>

#include "base/assert.h"
#include "codec/h264.h"
#include "codec/h264_sps.h"
#include "mcu/video/decoders.h"

namespace parley::mcu {
namespace {

class H264Decoder final : public PictureDecoder {
 public:
  explicit H264Decoder(const Limits& limits) : limits_(limits) {
    av_log_set_level(AV_LOG_QUIET);  // What a stranger sends is not worth a line in the log.
    const AVCodec* const codec = avcodec_find_decoder(AV_CODEC_ID_H264);
    PARLEY_ASSERT(codec != nullptr);
    decoder_ = avcodec_alloc_context3(codec);
    packet_ = av_packet_alloc();
    frame_ = av_frame_alloc();
    PARLEY_ASSERT(decoder_ != nullptr && packet_ != nullptr && frame_ != nullptr);
    decoder_->thread_count = 1;
    decoder_->flags |= AV_CODEC_FLAG_LOW_DELAY;
    // A fence behind our own; it counts the margins that it adds as well.
    decoder_->max_pixels = 2 * limits.most_pixels + (1 << 20);
    PARLEY_ASSERT(avcodec_open2(decoder_, codec, nullptr) == 0);
  }
  ~H264Decoder() override {
    av_frame_free(&frame_);
    av_packet_free(&packet_);
    avcodec_free_context(&decoder_);
  }

  std::expected<PictureView, DecodeError> decode(Bytes frame) override {
    if (const auto error = check(frame)) return std::unexpected(*error);
    // Its own copy: the decoder reads a little behind the end.
    if (av_new_packet(packet_, static_cast<int>(frame.size())) != 0) {
      return std::unexpected(DecodeError::kCorrupt);
    }
    std::ranges::copy(frame, packet_->data);
    const int sent = avcodec_send_packet(decoder_, packet_);
    av_packet_unref(packet_);
    if (sent != 0) return std::unexpected(DecodeError::kCorrupt);
    return take_picture();
  }

 private:
  std::optional<DecodeError> check(Bytes access_unit) const {
    if (access_unit.empty() || access_unit.size() > std::numeric_limits<int>::max() / 2) {
      return DecodeError::kCorrupt;
    }
    for (const Bytes nal_unit : codec::split_annex_b(access_unit)) {
      const auto size = codec::h264_picture_size(nal_unit);
      if (size && !limits_.allow({size->width, size->height})) return DecodeError::kTooLarge;
    }
    return std::nullopt;
  }

  // The last, if there are several: they are of one time.
  std::expected<PictureView, DecodeError> take_picture() {
    PictureView picture;
    while (true) {
      const int received = avcodec_receive_frame(decoder_, frame_);
      if (received == AVERROR(EAGAIN)) return picture;
      if (received != 0) return std::unexpected(DecodeError::kCorrupt);
      if (frame_->format != AV_PIX_FMT_YUV420P && frame_->format != AV_PIX_FMT_YUVJ420P) {
        return std::unexpected(DecodeError::kUnsupported);
      }
      picture = {.y = frame_->data[0],
                 .u = frame_->data[1],
                 .v = frame_->data[2],
                 .y_stride = frame_->linesize[0],
                 .uv_stride = frame_->linesize[1],
                 .size = {frame_->width, frame_->height}};
      if (!limits_.allow(picture.size)) return std::unexpected(DecodeError::kTooLarge);
      if ((frame_->flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame_->decode_error_flags != 0) {
        return std::unexpected(DecodeError::kCorrupt);
      }
    }
  }

  Limits limits_;
  AVCodecContext* decoder_ = nullptr;
  AVPacket* packet_ = nullptr;
  AVFrame* frame_ = nullptr;
};

}  // namespace

std::unique_ptr<PictureDecoder> make_h264_decoder(const PictureDecoder::Limits& limits) {
  return std::make_unique<H264Decoder>(limits);
}

}  // namespace parley::mcu
