#include "mcu/audio/playout.h"

#include <algorithm>

#include "base/assert.h"

namespace parley::mcu {
namespace {

// How many samples the curve through them needs behind the last that is consumed.
constexpr std::size_t kBehind = 2;
constexpr std::size_t kFade = 240;  // 5 ms.

// Between b (at 0) and c (at 1), as a and d go on: Catmull and Rom's curve.
float between(float a, float b, float c, float d, float at) {
  const float slope = (c - a) / 2;
  const float curve = a - 2.5F * b + 2 * c - d / 2;
  const float turn = (d - a) / 2 + 1.5F * (b - c);
  return ((turn * at + curve) * at + slope) * at + b;
}

}  // namespace

void Playout::push(std::span<const float> samples) {
  const std::size_t room = 2 * config_.max - std::min(size(), 2 * config_.max);
  samples = samples.first(std::min(samples.size(), room));
  samples_.insert(samples_.end(), samples.begin(), samples.end());
}

std::size_t Playout::consumed() const {
  return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(kFrameSamples) + correction_);
}

std::size_t Playout::needed() const {
  return consumed() + (correction_ == 0 ? 0 : kBehind);
}

// Each frame begins at a whole sample, whatever the pace: one consumes a whole number of them.
void Playout::take(AudioFrame& frame, Duration until_next) {
  PARLEY_ASSERT(size() >= needed());
  const std::size_t count = consumed();
  if (correction_ == 0) {
    std::copy_n(samples_.begin() + static_cast<std::ptrdiff_t>(first_), frame.size(),
                frame.begin());
  } else {
    for (std::size_t i = 0; i < frame.size(); ++i) {
      const std::size_t whole = first_ + i * count / frame.size();
      const auto rest = static_cast<float>(i * count % frame.size()) / kFrameSamples;
      const float before = samples_[whole == 0 ? 0 : whole - 1];
      frame[i] = between(before, samples_[whole], samples_[whole + 1], samples_[whole + 2], rest);
    }
  }
  first_ += count;
  bound();
  watch(until_next);
  if (first_ > config_.max) {
    samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(first_ - 1));
    first_ = 1;
  }
}

// What comes after a part that is left out is faded into.
void Playout::bound() {
  if (size() <= config_.max) return;
  const std::size_t to =
      samples_.size() - static_cast<std::size_t>((config_.low + config_.high) / 2);
  for (std::size_t i = 0; i < kFade; ++i) {
    const float weight = static_cast<float>(i) / kFade;
    samples_[to + i] = samples_[first_ + i] * (1 - weight) + samples_[to + i] * weight;
  }
  first_ = to;
}

void Playout::watch(Duration until_next) {
  const auto waits = static_cast<std::ptrdiff_t>(size()) -
                     until_next.count() * static_cast<std::ptrdiff_t>(kSampleRate) / 1'000'000;
  least_ = watched_ == 0 ? waits : std::min(least_, waits);
  if (++watched_ < kWatched) return;
  watched_ = 0;
  const std::ptrdiff_t more = least_ - config_.high;
  if (more > 0) {
    correction_ = more > static_cast<std::ptrdiff_t>(kFrameSamples) ? kStrongly : kCorrection;
  } else {
    correction_ = least_ < config_.low ? -kCorrection : 0;
  }
}

void Playout::clear() {
  samples_.clear();
  first_ = 0;
  correction_ = 0;
  watched_ = 0;
}

}  // namespace parley::mcu
