#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mcu/audio/audio_frame.h"

namespace parley::mcu {

// Decoded sound between two clocks: the sender's, by which it comes, and the mixer's, which takes a
// frame each 20 ms. What waits here shrinks or grows as the two drift apart, or as the jitter
// buffer waits for longer or for less. So a frame is made of a few samples less or more than it
// has, a third of a percent, which is a twentieth of a semitone, until enough waits again and not
// too much. In between samples come out as they went in.
class Playout {
 public:
  struct Config {
    // Of what waits when the next packet is due, in samples; a packet that is due just after a
    // frame was taken is there for the next one only, so this is 20 ms less than the time that it
    // waits.
    std::ptrdiff_t low = 240;
    std::ptrdiff_t high = 1'200;
    // 200 ms: what is too much for that little correction to help is left out at once.
    std::size_t max = 9'600;
  };
  static constexpr std::size_t kWatched = 25;       // Frames, of which the least counts.
  static constexpr std::ptrdiff_t kCorrection = 3;  // Samples a frame.
  static constexpr std::ptrdiff_t kStrongly = 12;   // Where 20 ms more than `high` wait.

  Playout() : Playout(Config{}) {}
  explicit Playout(const Config& config) : config_(config) {}

  // Never keeps more than twice the maximum.
  void push(std::span<const float> samples);
  std::size_t size() const { return samples_.size() - first_; }

  // How much has to wait so that a frame can be taken.
  std::size_t needed() const;
  // Once so much waits. The next packet is due in `until_next`.
  void take(AudioFrame& frame, Duration until_next);
  void clear();

 private:
  std::size_t consumed() const;
  void watch(Duration until_next);
  void bound();

  Config config_;
  std::vector<float> samples_;
  std::size_t first_ = 0;  // Those before it have been taken; one of them is kept for the curve.
  std::ptrdiff_t correction_ = 0;  // So many more are taken with each frame.
  std::size_t watched_ = 0;
  std::ptrdiff_t least_ = 0;
};

}  // namespace parley::mcu
