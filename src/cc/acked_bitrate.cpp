#include "cc/acked_bitrate.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace parley::cc {
namespace {

constexpr double kDrift = 5;  // What the truth may have changed between two samples.
constexpr double kFastDrift = 200;

}  // namespace

void AckedBitrate::handle_packet(Duration received, DataSize size, bool limited) {
  const auto measured = sample(received, size);
  if (!measured) return;
  if (!estimate_kbps_ || std::exchange(anew_, false)) {
    estimate_kbps_ = *measured;
    return;
  }
  const double estimate = *estimate_kbps_;
  const double uncertainty = limited ? config_.uncertainty_when_limited : config_.uncertainty;
  const double deviation = uncertainty * std::abs(estimate - *measured) / std::max(estimate, 1.0);
  const double sample_variance = deviation * deviation;
  const double variance = variance_ + kDrift;
  estimate_kbps_ =
      (sample_variance * estimate + variance * *measured) / (sample_variance + variance);
  variance_ = sample_variance * variance / (sample_variance + variance);
}

void AckedBitrate::expect_fast_change() {
  if (anew_) return;  // It is expected, and what has been seen of it counts.
  variance_ += kFastDrift;
  skip_window();  // Half of it old, it would look like a confirmation.
}

void AckedBitrate::measure_anew() {
  anew_ = true;
  skip_window();
}

void AckedBitrate::skip_window() {
  last_received_.reset();
  in_window_ = {};
  elapsed_ = {};
}

std::optional<DataRate> AckedBitrate::estimate() const {
  if (!estimate_kbps_) return std::nullopt;
  return DataRate::bps(data_units::clamped(*estimate_kbps_ * 1e3));
}

// In kbit/s, when a window is over.
std::optional<double> AckedBitrate::sample(Duration received, DataSize size) {
  const Duration window = anew_            ? config_.anew_window
                          : estimate_kbps_ ? config_.window
                                           : config_.first_window;
  if (last_received_ && received < *last_received_) skip_window();  // The receiver's clock jumped.
  if (last_received_) {
    const Duration gap = received - *last_received_;
    elapsed_ += gap;
    // Silence: nothing was sent, which tells nothing of the path.
    if (gap > (anew_ ? config_.first_window : window)) {
      in_window_ = {};
      elapsed_ = {};
    }
  }
  last_received_ = received;
  std::optional<double> result;
  if (elapsed_ >= window) {
    result = (in_window_ / elapsed_).in_kbps();
    in_window_ = {};
    elapsed_ = {};
  }
  in_window_ += size;
  return result;
}

}  // namespace parley::cc
