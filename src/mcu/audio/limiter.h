#pragma once

#include <array>
#include <cstddef>

#include "mcu/audio/audio_frame.h"

namespace parley::mcu {

// Keeps a sum of voices within what a sample can hold, without a click: the gain falls evenly over
// 2.5 ms before a peak, for which it looks so far ahead, and rises again over a fifth of a second.
// What is quiet enough comes out as it went in, later by kDelay.
class Limiter {
 public:
  static constexpr std::size_t kDelay = 120;  // Samples.
  static constexpr float kCeiling = 0.94F;    // 0.5 dB below the largest: Opus may go above it.

  void process(AudioFrame& frame);

  float gain() const { return gain_; }  // Of the sample that comes out next; 1 is all of it.

 private:
  using Block = std::array<float, kDelay>;

  Block waiting_ = {};    // Went in, and has not come out.
  float allowed_ = 1.0F;  // The highest gain that keeps it below the ceiling.
  float gain_ = 1.0F;
};

}  // namespace parley::mcu
