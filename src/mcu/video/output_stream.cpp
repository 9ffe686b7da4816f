#include "mcu/video/output_stream.h"

#include <utility>

namespace parley::mcu {

std::vector<OutputStream::Config> OutputStream::simulcast() {
  return {{.divisor = 1, .rate = DataRate::kbps(1'500)},
          {.divisor = 2, .rate = DataRate::kbps(500)},
          {.divisor = 4, .rate = DataRate::kbps(150)}};
}

void OutputStream::set_needed(bool needed) {
  needed_ = needed;
  if (!needed) encoder_.reset();  // Whoever comes back begins with a key frame anyway.
}

void OutputStream::begin_anew() {
  key_frame_requested_ = true;
  last_key_.reset();
}

bool OutputStream::is_key_frame_due(std::uint64_t timestamp) const {
  if (!key_frame_requested_ || !last_key_) return key_frame_requested_;
  const auto ticks = config_.key_frame_interval.count() * 9 / 100;  // 90,000 a second.
  return timestamp >= *last_key_ + static_cast<std::uint64_t>(ticks);
}

void OutputStream::set_rate(DataRate rate) {
  if (rate == config_.rate) return;
  config_.rate = rate;
  if (encoder_ != nullptr) encoder_->set_rate(rate, frames_per_second_);
}

std::optional<EncodedPicture> OutputStream::encode(const PictureView& picture,
                                                   std::uint64_t timestamp, int frames_per_second) {
  if (encoder_ == nullptr || picture.size != size_) {
    size_ = picture.size;
    frames_per_second_ = frames_per_second;
    encoder_ = codecs_.encoder(config_.format, {.size = size_,
                                                .rate = config_.rate,
                                                .frames_per_second = frames_per_second,
                                                .temporal_layers = config_.temporal_layers,
                                                .speed = config_.speed});
    if (encoder_ == nullptr) return std::nullopt;
  }
  if (frames_per_second != frames_per_second_) {
    frames_per_second_ = frames_per_second;
    encoder_->set_rate(config_.rate, frames_per_second);
  }
  auto encoded = encoder_->encode(picture, timestamp, is_key_frame_due(timestamp));
  if (!encoded.key) return encoded;
  key_frame_requested_ = false;
  last_key_ = timestamp;
  return encoded;
}

}  // namespace parley::mcu
