#include "mcu/audio/limiter.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace parley::mcu {
namespace {

constexpr float kRise = 2.5F / 200;  // Of the gain in a block: from nothing to all in 200 ms.

float allowed_gain(std::span<const float> samples) {
  float peak = 0;
  for (const float sample : samples) peak = std::max(peak, std::abs(sample));
  return peak <= Limiter::kCeiling ? 1.0F : Limiter::kCeiling / peak;
}

}  // namespace

// Block by block. At the border of two blocks the gain is one that both allow; between two borders
// it goes evenly from one to the other, so each sample has a gain that its block allows.
void Limiter::process(AudioFrame& frame) {
  static_assert(kFrameSamples % kDelay == 0);
  for (std::size_t at = 0; at < frame.size(); at += kDelay) {
    const std::span<float> block = std::span(frame).subspan(at, kDelay);
    const float next_allowed = allowed_gain(block);
    const float next = std::min({allowed_, next_allowed, gain_ + kRise});
    const float step = (next - gain_) / static_cast<float>(kDelay);
    for (std::size_t i = 0; i < kDelay; ++i) {
      const float gain = gain_ + step * static_cast<float>(i);
      const float out = waiting_[i] * gain;
      waiting_[i] = block[i];
      block[i] = out;
    }
    gain_ = next;
    allowed_ = next_allowed;
  }
}

}  // namespace parley::mcu
