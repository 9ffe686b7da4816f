#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace parley::server {

// How long something took, counted by bounds: a histogram of Prometheus.
class Latencies {
 public:
  static constexpr std::array<Duration, 10> kBounds = {
      std::chrono::microseconds{100},  std::chrono::microseconds{250},
      std::chrono::microseconds{500},  std::chrono::milliseconds{1},
      std::chrono::microseconds{2500}, std::chrono::milliseconds{5},
      std::chrono::milliseconds{10},   std::chrono::milliseconds{25},
      std::chrono::milliseconds{50},   std::chrono::milliseconds{100}};

  void add(Duration took) {
    std::size_t bucket = 0;
    while (bucket < kBounds.size() && took > kBounds[bucket]) ++bucket;
    ++counts_[bucket];
    sum_ += took;
  }

  // Of each bound those that took no longer than it and longer than the one before; the last: those
  // that took longer than all.
  const std::array<std::uint64_t, kBounds.size() + 1>& counts() const { return counts_; }
  Duration sum() const { return sum_; }

 private:
  std::array<std::uint64_t, kBounds.size() + 1> counts_ = {};
  Duration sum_ = {};
};

}  // namespace parley::server
