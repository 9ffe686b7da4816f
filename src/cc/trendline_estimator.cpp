#include "cc/trendline_estimator.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace parley::cc {
namespace {

constexpr int kFirstDeltas = 60;  // From then on the slope counts in full.
constexpr double kUp = 0.0087;    // How fast the threshold follows, a millisecond.
constexpr double kDown = 0.039;
constexpr double kMaxAdaptInterval = 100;  // ms.
constexpr double kOutlier = 15;            // ms above the threshold: a sudden jump is no trend.

double in_ms(Duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

Usage TrendlineEstimator::handle(const InterArrival::Deltas& deltas, Duration received) {
  if (!first_received_) first_received_ = received;
  deltas_ = std::min(deltas_ + 1, kFirstDeltas);
  accumulated_ += in_ms(deltas.received) - in_ms(deltas.sent);
  smoothed_ = config_.smoothing * smoothed_ + (1 - config_.smoothing) * accumulated_;
  points_.push_back({.arrival = in_ms(received - *first_received_), .delay = smoothed_});
  if (points_.size() > config_.window) points_.pop_front();

  const double trend = points_.size() == config_.window ? slope() : last_trend_;
  const double scaled = deltas_ * trend * config_.gain;
  usage_ = detect(trend, scaled, deltas.sent);
  last_trend_ = trend;
  adapt_threshold(scaled, received);
  return usage_;
}

// By least squares: ms of delay a ms.
double TrendlineEstimator::slope() const {
  const auto count = static_cast<double>(points_.size());
  double arrivals = 0;
  double delays = 0;
  for (const Point& point : points_) {
    arrivals += point.arrival;
    delays += point.delay;
  }
  double covariance = 0;
  double variance = 0;
  for (const Point& point : points_) {
    const double x = point.arrival - arrivals / count;
    covariance += x * (point.delay - delays / count);
    variance += x * x;
  }
  return variance > 0 ? covariance / variance : last_trend_;
}

Usage TrendlineEstimator::detect(double trend, double scaled, Duration sent_delta) {
  if (deltas_ < 2) return Usage::kNormal;
  if (scaled <= threshold_) {
    overusing_for_.reset();
    overuses_ = 0;
    return scaled < -threshold_ ? Usage::kUnderusing : Usage::kNormal;
  }
  // It is taken to have begun in the middle of the first burst that showed it.
  overusing_for_ = overusing_for_ ? *overusing_for_ + sent_delta : sent_delta / 2;
  ++overuses_;
  if (*overusing_for_ <= config_.overuse_time || overuses_ < 2 || trend < last_trend_)
    return usage_;
  overusing_for_ = Duration::zero();
  overuses_ = 0;
  return Usage::kOverusing;
}

void TrendlineEstimator::adapt_threshold(double scaled, Duration received) {
  const Duration last = std::exchange(threshold_adapted_, received).value_or(received);
  const double size = std::abs(scaled);
  if (size > threshold_ + kOutlier) return;
  const double elapsed = std::clamp(in_ms(received - last), 0.0, kMaxAdaptInterval);
  threshold_ += (size < threshold_ ? kDown : kUp) * (size - threshold_) * elapsed;
  threshold_ = std::clamp(threshold_, config_.min_threshold, config_.max_threshold);
}

}  // namespace parley::cc
