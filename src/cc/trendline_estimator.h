#pragma once

#include <cstddef>

#include "base/small_queue.h"
#include "base/time.h"
#include "cc/inter_arrival.h"

namespace parley::cc {

// What the path's delay says of its load (draft-ietf-rmcat-gcc-02, 5.4).
enum class Usage : std::uint8_t { kNormal, kOverusing, kUnderusing };

// Fits a line through the queueing delay of the last bursts: a slope above the threshold means that
// a queue grows, one below it that a queue drains.
//
// The threshold adapts (draft 5.4): it follows the slope slowly upwards, so that a flow of
// TCP, which fills queues by its nature, does not starve us; and faster downwards.
class TrendlineEstimator {
 public:
  struct Config {
    std::size_t window = 20;  // Bursts.
    double smoothing = 0.9;   // Of the delay: the share of the old.
    double gain = 4;
    double initial_threshold = 12.5;  // In ms of delay over the window, as are the next two.
    double min_threshold = 6;
    double max_threshold = 600;
    Duration overuse_time = std::chrono::milliseconds{10};  // Shorter is noise.
  };

  TrendlineEstimator() : TrendlineEstimator(Config{}) {}
  explicit TrendlineEstimator(Config config)
      : config_(config), threshold_(config.initial_threshold) {}

  // `received`: when the later burst had come, by the receiver's clock.
  Usage handle(const InterArrival::Deltas& deltas, Duration received);

  Usage usage() const { return usage_; }
  double threshold() const { return threshold_; }

 private:
  struct Point {
    double arrival = 0;  // In ms since the first.
    double delay = 0;    // Smoothed, in ms.
  };

  double slope() const;
  Usage detect(double trend, double scaled, Duration sent_delta);
  void adapt_threshold(double scaled, Duration received);

  Config config_;
  SmallQueue<Point> points_;  // Never more than config_.window.
  int deltas_ = 0;            // Counted up to where it stops to matter.
  double accumulated_ = 0;    // Delay since the first, in ms.
  double smoothed_ = 0;
  double last_trend_ = 0;
  double threshold_;
  std::optional<Duration> first_received_;
  std::optional<Duration> threshold_adapted_;
  std::optional<Duration> overusing_for_;
  int overuses_ = 0;
  Usage usage_ = Usage::kNormal;
};

}  // namespace parley::cc
