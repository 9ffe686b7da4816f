#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <random>
#include <span>
#include <vector>

#include "mcu/audio/audio_frame.h"

// Sounds for tests, and what is in a sound.
namespace parley::mcu {

inline std::vector<float> tone(double hertz, std::size_t samples, double amplitude = 0.25) {
  std::vector<float> sound(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    const double phase = 2 * std::numbers::pi * hertz * static_cast<double>(i) / kSampleRate;
    sound[i] = static_cast<float>(amplitude * std::sin(phase));
  }
  return sound;
}

// Much as a voice: harmonics of a pitch that moves, weaker with height, in syllables, with breath.
inline std::vector<float> speech(std::uint32_t seed, std::size_t samples) {
  static const std::vector<float> kPeriod = [] {
    std::vector<float> period(4'096);
    for (int harmonic = 1; harmonic <= 20; ++harmonic) {
      const double weight = 1 / (harmonic * (1 + 0.02 * harmonic * harmonic));
      for (std::size_t i = 0; i < period.size(); ++i) {
        const double phase = 2 * std::numbers::pi * harmonic * static_cast<double>(i) / 4'096;
        period[i] += static_cast<float>(weight * std::sin(phase));
      }
    }
    return period;
  }();
  std::mt19937 random(seed);
  const auto any = [&] { return static_cast<double>(random()) / 0xFFFF'FFFF; };
  const double pitch = 110 + 110 * any();
  const double rhythm = 3 + 2 * any();
  std::vector<float> sound(samples);
  double phase = 0, glide = 1, loudness = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    if (i % 48 == 0) {  // What moves slowly.
      const double time = static_cast<double>(i) / kSampleRate;
      glide = 1 + 0.1 * std::sin(4.1 * time);
      loudness = 0.15 * std::max(0.0, std::sin(2 * std::numbers::pi * rhythm * time) + 0.4);
    }
    phase += 4'096 * pitch * glide / kSampleRate;
    const auto voiced = static_cast<double>(kPeriod[static_cast<std::size_t>(phase) % 4'096]);
    sound[i] = static_cast<float>(loudness * voiced + 0.004 * (any() - 0.5));
  }
  return sound;
}

// Of 1 where the sound is nothing but that tone of that amplitude (Goertzel's algorithm, as a sum).
inline double amplitude_of(double hertz, std::span<const float> sound) {
  double cosine = 0, sine = 0;
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const double phase = 2 * std::numbers::pi * hertz * static_cast<double>(i) / kSampleRate;
    cosine += static_cast<double>(sound[i]) * std::cos(phase);
    sine += static_cast<double>(sound[i]) * std::sin(phase);
  }
  return 2 * std::hypot(cosine, sine) / static_cast<double>(sound.size());
}

inline double energy(std::span<const float> sound) {
  double sum = 0;
  for (const float sample : sound) sum += static_cast<double>(sample) * static_cast<double>(sample);
  return sum;
}

// By how many samples `later` is behind, at most `most`: where the two are most alike.
inline std::size_t delay_of(std::span<const float> later, std::span<const float> sound,
                            std::size_t most) {
  const std::size_t compared = std::min({sound.size(), later.size() - most, kSampleRate});
  std::size_t best = 0;
  double best_sum = -1;
  for (std::size_t delay = 0; delay <= most; ++delay) {
    double sum = 0;
    for (std::size_t i = 0; i < compared; i += 13) {
      sum += static_cast<double>(later[i + delay]) * static_cast<double>(sound[i]);
    }
    if (sum <= best_sum) continue;
    best_sum = sum;
    best = delay;
  }
  return best;
}

// The mean of the signal-to-noise ratios of frames that have sound, in dB, each within 0 and 60.
inline double segmental_snr(std::span<const float> heard, std::span<const float> sound,
                            std::size_t delay) {
  double sum = 0;
  int segments = 0;
  for (std::size_t at = 0; at + kFrameSamples + delay <= std::min(heard.size(), sound.size());
       at += kFrameSamples) {
    const auto original = sound.subspan(at, kFrameSamples);
    double noise = 1e-12;
    for (std::size_t i = 0; i < kFrameSamples; ++i) {
      const double difference = static_cast<double>(heard[at + delay + i] - original[i]);
      noise += difference * difference;
    }
    if (energy(original) < kFrameSamples * 1e-5) continue;  // Below -50 dB.
    sum += std::clamp(10 * std::log10(energy(original) / noise), 0.0, 60.0);
    ++segments;
  }
  return segments == 0 ? 0 : sum / segments;
}

}  // namespace parley::mcu
