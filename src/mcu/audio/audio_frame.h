#pragma once

#include <array>
#include <chrono>
#include <cstddef>

#include "base/time.h"

namespace parley::mcu {

// All sound in here is of one channel, 48,000 samples a second between -1 and 1, in frames of 20
// ms.
inline constexpr std::size_t kSampleRate = 48'000;
inline constexpr std::size_t kFrameSamples = 960;
inline constexpr Duration kFrameDuration = std::chrono::milliseconds{20};

using AudioFrame = std::array<float, kFrameSamples>;

inline void fade_in(AudioFrame& frame) {
  constexpr std::size_t kFade = 240;  // 5 ms.
  for (std::size_t i = 0; i < kFade; ++i) frame[i] *= static_cast<float>(i) / kFade;
}

inline void fade_out(AudioFrame& frame) {
  for (std::size_t i = 0; i < frame.size(); ++i) {
    frame[i] *= 1 - static_cast<float>(i) / kFrameSamples;
  }
}

}  // namespace parley::mcu
