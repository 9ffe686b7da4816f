#include "load/synthetic.h"

#include <algorithm>
#include <utility>

namespace parley::load {
namespace {

constexpr std::uint16_t kWidth = 640, kHeight = 360;

std::uint32_t ticks(Duration elapsed, std::int64_t clock_rate) {
  return static_cast<std::uint32_t>(elapsed.count() * clock_rate / 1'000'000);
}

// The first bytes of a frame (RFC 6386, 9.1); the rest means nothing to anyone who does not decode.
std::vector<std::uint8_t> vp8_frame(bool key, std::size_t size) {
  std::vector<std::uint8_t> frame(std::max<std::size_t>(size, 10), 0x55);
  frame[0] = key ? 0x10 : 0x11;  // Shown; whether it is no key frame.
  if (!key) return frame;
  const std::uint8_t start[] = {0x9D,        0x01,           0x2A,        kWidth & 0xFF,
                                kWidth >> 8, kHeight & 0xFF, kHeight >> 8};
  std::ranges::copy(start, frame.begin() + 3);
  return frame;
}

}  // namespace

Synthetic::Config Synthetic::of(DataRate rate, double frames_per_second, bool audio) {
  Config config;
  config.frame_interval =
      Duration(static_cast<std::int64_t>(1'000'000 / std::max(frames_per_second, 0.1)));
  config.frame_bytes =
      static_cast<std::size_t>(static_cast<double>(rate.in_bps()) / 8 / frames_per_second);
  config.key_frame_bytes = std::max<std::size_t>(config.frame_bytes, 4 * config.frame_bytes);
  config.video = config.frame_bytes > 0;
  if (!audio) config.audio_bytes = 0;
  return config;
}

void Synthetic::start(Time now) {
  if (started_ != kNever) return;
  started_ = now;
  if (config_.video) video_due_ = now;
  if (config_.audio_bytes > 0) audio_due_ = now;
}

std::optional<Synthetic::Frame> Synthetic::poll(Time now) {
  if (audio_due_ <= now) return voice(std::exchange(audio_due_, audio_due_ + audio_interval()));
  if (video_due_ <= now) return picture(now);
  return std::nullopt;
}

Duration Synthetic::audio_interval() const {
  return config_.sound ? config_.sound->interval : config_.audio_interval;
}

Synthetic::Frame Synthetic::voice(Time due) {
  Frame frame{.timestamp = ticks(due - started_, 48'000)};
  if (config_.sound) {
    frame.data = config_.sound->frames[next_sound_++ % config_.sound->frames.size()];
    return frame;
  }
  frame.data.resize(config_.audio_bytes);
  random_->fill(frame.data);
  frame.data[0] = 0x78;  // CELT, fullband, 20 ms, one frame (RFC 6716, 3.1).
  return frame;
}

Synthetic::Frame Synthetic::picture(Time now) {
  const Duration interval = config_.film ? config_.film->interval : config_.frame_interval;
  const Time due = std::exchange(video_due_, video_due_ + interval);
  if (now - video_due_ > std::chrono::seconds{1}) video_due_ = now;  // The machine was asleep.
  if (config_.film) return recorded(due);
  const bool key = std::exchange(key_due_, false) ||
                   (last_key_ != kAtOnce && due - last_key_ >= config_.key_frame_interval);
  if (key) last_key_ = due;
  return {.video = true,
          .key = key,
          .timestamp = ticks(due - started_, 90'000),
          .data = vp8_frame(key, key ? config_.key_frame_bytes : config_.frame_bytes)};
}

Synthetic::Frame Synthetic::recorded(Time due) {
  const auto& frames = config_.film->frames;
  if (std::exchange(key_due_, false) || next_picture_ == frames.size()) next_picture_ = 0;
  const std::vector<std::uint8_t>& data = frames[next_picture_++];
  return {.video = true,
          .key = (data[0] & 1) == 0,  // RFC 6386, 9.1.
          .timestamp = ticks(due - started_, 90'000),
          .data = data};
}

Time Synthetic::next_deadline() const {
  return std::min(video_due_, audio_due_);
}

}  // namespace parley::load
