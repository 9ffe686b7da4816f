#include "mcu/audio/limiter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "mcu/audio/test_sound.h"

namespace parley::mcu {
namespace {

std::vector<float> limited(std::vector<float> sound, Limiter& limiter) {
  for (std::size_t at = 0; at + kFrameSamples <= sound.size(); at += kFrameSamples) {
    AudioFrame frame;
    std::copy_n(sound.begin() + static_cast<std::ptrdiff_t>(at), frame.size(), frame.begin());
    limiter.process(frame);
    std::ranges::copy(frame, sound.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return sound;
}

TEST(Limiter, LeavesWhatIsQuietEnoughAsItIs) {
  Limiter limiter;
  const std::vector<float> sound = tone(440, 20 * kFrameSamples, 0.93);
  const std::vector<float> out = limited(sound, limiter);
  for (std::size_t i = 0; i < Limiter::kDelay; ++i) EXPECT_EQ(out[i], 0.0F);
  for (std::size_t i = Limiter::kDelay; i < out.size(); ++i) {
    ASSERT_EQ(out[i], sound[i - Limiter::kDelay]) << i;
  }
  EXPECT_EQ(limiter.gain(), 1.0F);
}

TEST(Limiter, LetsNothingAboveTheCeiling) {
  std::mt19937 random(1);
  std::exponential_distribution<float> loudness(1);
  std::uniform_real_distribution<float> sample(-1, 1);
  std::vector<float> sound(500 * kFrameSamples);
  for (std::size_t at = 0; at < sound.size(); at += 480) {
    const float loud = loudness(random);
    for (std::size_t i = at; i < at + 480; ++i) sound[i] = loud * sample(random);
  }
  Limiter limiter;
  for (const float out : limited(sound, limiter)) {
    ASSERT_LE(std::abs(out), Limiter::kCeiling * 1.000'01F);
  }
}

// A voice of three times what fits begins and ends: the gain never jumps.
TEST(Limiter, ChangesTheGainWithoutAClick) {
  std::vector<float> sound = tone(1'000, 50 * kFrameSamples, 0.1);
  for (std::size_t i = 10 * kFrameSamples; i < 20 * kFrameSamples; ++i) sound[i] *= 30;
  Limiter limiter;
  const std::vector<float> out = limited(sound, limiter);
  float before = 1;
  for (std::size_t i = Limiter::kDelay; i < out.size(); ++i) {
    const float in = sound[i - Limiter::kDelay];
    if (std::abs(in) < 0.02F) continue;  // Too little to tell the gain by.
    const float gain = out[i] / in;
    ASSERT_LT(std::abs(gain - before), 0.05F) << i;
    before = gain;
  }
  EXPECT_EQ(limiter.gain(), 1.0F);  // After less than 600 ms.
}

TEST(Limiter, TurnsDownNoMoreThanIsNeeded) {
  std::vector<float> sound = tone(1'000, 20 * kFrameSamples, 1.88);
  Limiter limiter;
  const std::vector<float> out = limited(std::move(sound), limiter);
  EXPECT_NEAR(limiter.gain(), 0.5F, 0.001F);
  EXPECT_NEAR(*std::ranges::max_element(out), Limiter::kCeiling, 0.01F);
}

}  // namespace
}  // namespace parley::mcu
