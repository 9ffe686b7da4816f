#include "mcu/audio/playout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "mcu/audio/test_sound.h"

namespace parley::mcu {
namespace {

// What is taken while packets of 20 ms come by a clock that runs `ppm` faster than ours, `phase`
// after a frame is taken.
struct Taken {
  std::vector<float> out = {};
  std::size_t most = 0;  // That waited after a frame.
  bool was_short = false;
};

Taken take_all(Playout& playout, const std::vector<float>& sound, std::size_t frames, double ppm,
               double phase = 480) {
  Taken result;
  std::size_t pushed = 0;
  for (std::size_t n = 0; n < frames; ++n) {
    const double now = static_cast<double>(n) * kFrameSamples;  // In samples of our clock.
    const auto due = [&] { return static_cast<double>(pushed) / (1 + ppm * 1e-6) - phase; };
    while (due() <= now && pushed + kFrameSamples <= sound.size()) {
      playout.push(std::span(sound).subspan(pushed, kFrameSamples));
      pushed += kFrameSamples;
    }
    result.was_short |= playout.size() < playout.needed();
    if (result.was_short) return result;
    AudioFrame frame;
    const double until_next = (due() - now) * 1e6 / kSampleRate;
    playout.take(frame, Duration(static_cast<std::int64_t>(until_next)));
    result.out.insert(result.out.end(), frame.begin(), frame.end());
    if (n > 500) result.most = std::max(result.most, playout.size());
  }
  return result;
}

TEST(Playout, GivesSamplesAsTheyWere) {
  Playout playout;
  const std::vector<float> sound = speech(1, 200 * kFrameSamples);
  playout.push(std::vector<float>(960));
  const Taken result = take_all(playout, sound, 190, 0);
  for (std::size_t i = 960; i < result.out.size(); ++i) ASSERT_EQ(result.out[i], sound[i - 960]);
}

TEST(Playout, KeepsUpWithAClockThatDrifts) {
  const std::vector<float> sound(std::size_t{6'100} * kFrameSamples);
  for (const double ppm : {200.0, -200.0, 1'000.0, -1'000.0}) {
    for (const double phase : {10.0, 480.0, 950.0}) {
      SCOPED_TRACE(ppm);
      Playout playout;
      playout.push(std::vector<float>(960));
      const Taken result = take_all(playout, sound, 6'000, ppm, phase);  // Two minutes.
      EXPECT_FALSE(result.was_short);
      EXPECT_LT(result.most, 960u + 1'200u + 240u);
    }
  }
}

// The curve of a tone bends as it did: nowhere is it broken.
TEST(Playout, CorrectsWithoutAClick) {
  Playout playout({.low = 600, .high = 1'600});
  const std::vector<float> sound = tone(1'000, 400 * kFrameSamples);
  playout.push(std::span(sound).first(960 + 100));
  std::vector<float> out;
  std::size_t pushed = 960 + 100;
  for (int n = 0; n < 300; ++n) {
    AudioFrame frame;
    playout.take(frame, {});
    out.insert(out.end(), frame.begin(), frame.end());
    playout.push(std::span(sound).subspan(pushed, kFrameSamples));
    pushed += kFrameSamples;
  }
  EXPECT_GE(playout.size(), kFrameSamples + 600);  // It was 100, and has been corrected.
  float steepest = 0;
  for (std::size_t i = 2; i < out.size(); ++i) {
    steepest = std::max(steepest, std::abs(out[i] - 2 * out[i - 1] + out[i - 2]));
  }
  EXPECT_LT(steepest, 0.25F * 0.0172F * 1.2F);  // A tone's own second difference is 0.0171 of it.
}

TEST(Playout, LeavesOutAtOnceWhatIsFarTooMuch) {
  Playout playout;
  const std::vector<float> sound = tone(300, 30 * kFrameSamples);
  for (std::size_t at = 0; at < 11 * kFrameSamples; at += kFrameSamples) {
    playout.push(std::span(sound).subspan(at, kFrameSamples));
  }
  AudioFrame before;
  playout.take(before, {});
  EXPECT_EQ(playout.size(), 10 * kFrameSamples);  // The most there may be.
  playout.push(std::span(sound).subspan(11 * kFrameSamples, 2 * kFrameSamples));
  AudioFrame frame;
  playout.take(frame, {});
  EXPECT_EQ(playout.size(), 720u);  // In the middle of what is well.
  AudioFrame after;
  playout.push(std::span(sound).subspan(13 * kFrameSamples, kFrameSamples));
  playout.take(after, {});
  EXPECT_LT(std::abs(after.front() - frame.back()), 0.02F);
}

TEST(Playout, HoldsNoMoreThanTwiceTheMaximum) {
  Playout playout;
  for (int n = 0; n < 100; ++n) playout.push(std::vector<float>(kFrameSamples));
  EXPECT_EQ(playout.size(), 2 * Playout::Config().max);
}

}  // namespace
}  // namespace parley::mcu
