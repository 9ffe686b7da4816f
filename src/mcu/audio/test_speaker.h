#pragma once

#include <opus/opus.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/shared_bytes.h"
#include "mcu/audio/audio_frame.h"
#include "mcu/audio/test_sound.h"
#include "mcu/audio/voice.h"

namespace parley::mcu {

// One who says something into a browser: Opus as it sends it, with its level and in-band FEC.
class TestSpeaker {
 public:
  explicit TestSpeaker(std::vector<float> sound, int bits_per_second = 32'000)
      : sound_(std::move(sound)),
        encoder_(opus_encoder_create(kSampleRate, 1, OPUS_APPLICATION_VOIP, nullptr)) {
    opus_encoder_ctl(encoder_.get(), OPUS_SET_BITRATE(bits_per_second));
    opus_encoder_ctl(encoder_.get(), OPUS_SET_INBAND_FEC(1));
    opus_encoder_ctl(encoder_.get(), OPUS_SET_PACKET_LOSS_PERC(20));
  }

  bool has_more() const { return at_ + kFrameSamples <= sound_.size(); }

  // The next 20 ms.
  Voice::Packet next() {
    PARLEY_ASSERT(has_more());
    const auto frame = std::span(sound_).subspan(at_, kFrameSamples);
    std::array<std::uint8_t, 1'275> packet;
    const int size = opus_encode_float(encoder_.get(), frame.data(), kFrameSamples, packet.data(),
                                       static_cast<int>(packet.size()));
    PARLEY_ASSERT(size > 0);
    const double level = -10 * std::log10(energy(frame) / kFrameSamples + 1e-13);
    Voice::Packet made{
        .seq = {kFirst + at_ / kFrameSamples},
        .timestamp = kFirst * kFrameSamples + at_,
        .level = static_cast<std::uint8_t>(std::min(127.0, level)),
        .payload = SharedBytes(Bytes(packet.data(), static_cast<std::size_t>(size)))};
    at_ += kFrameSamples;
    return made;
  }

  const std::vector<float>& sound() const { return sound_; }

 private:
  static constexpr std::uint64_t kFirst = 65'536;

  struct Destroy {
    void operator()(OpusEncoder* encoder) const { opus_encoder_destroy(encoder); }
  };

  std::vector<float> sound_;
  std::unique_ptr<OpusEncoder, Destroy> encoder_;
  std::size_t at_ = 0;
};

}  // namespace parley::mcu
