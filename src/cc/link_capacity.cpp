#include "cc/link_capacity.h"

#include <algorithm>
#include <cmath>

namespace parley::cc {
namespace {

DataRate from_kbps(double kbps) {
  return DataRate::bps(data_units::clamped(kbps * 1e3));
}

}  // namespace

std::optional<DataRate> LinkCapacity::estimate() const {
  if (!estimate_kbps_) return std::nullopt;
  return from_kbps(*estimate_kbps_);
}

DataRate LinkCapacity::lower_bound() const {
  if (!estimate_kbps_) return {};
  return from_kbps(std::max(0.0, *estimate_kbps_ - 3 * deviation_kbps()));
}

DataRate LinkCapacity::upper_bound() const {
  if (!estimate_kbps_) return DataRate::infinite();
  return from_kbps(*estimate_kbps_ + 3 * deviation_kbps());
}

void LinkCapacity::update(DataRate sample, double weight) {
  const double kbps = sample.in_kbps();
  estimate_kbps_ = estimate_kbps_ ? (1 - weight) * *estimate_kbps_ + weight * kbps : kbps;
  // Divided by the estimate, as the scatter of a rate grows with its root.
  const double error = *estimate_kbps_ - kbps;
  variance_ = (1 - weight) * variance_ + weight * error * error / std::max(*estimate_kbps_, 1.0);
  // 0.4: 14 kbit/s at 500 kbit/s; 2.5: 35 kbit/s there.
  variance_ = std::clamp(variance_, 0.4, 2.5);
}

double LinkCapacity::deviation_kbps() const {
  return std::sqrt(variance_ * *estimate_kbps_);
}

}  // namespace parley::cc
