#pragma once

#include <optional>

#include "base/data_rate.h"
#include "base/time.h"

namespace parley::cc {

// The rate at which packets come out of the path, as feedback tells it: the truth that an estimate
// may not run away from. Samples of 150 ms are weighed against what was believed, by how far they
// differ: an outlier moves it little, a lasting change soon.
class AckedBitrate {
 public:
  struct Config {
    Duration first_window = std::chrono::milliseconds{300};
    Duration window = std::chrono::milliseconds{150};
    Duration anew_window = std::chrono::milliseconds{100};  // After measure_anew().
    double uncertainty = 10;                                // The larger, the slower it follows.
    double uncertainty_when_limited = 20;  // The application sends little: samples are noisier.
  };

  AckedBitrate() : AckedBitrate(Config{}) {}
  explicit AckedBitrate(Config config) : config_(config) {}

  // In the order of arrival; `received` by the receiver's clock. `limited`: it was sent while the
  // application did not fill the rate it had.
  void handle_packet(Duration received, DataSize size, bool limited);

  // There is a reason for the next samples to differ: trust them more.
  void expect_fast_change();
  // What was believed told what was sent, and no more: the next sample stands for itself. As a
  // queue stands now, a short one will do.
  void measure_anew();
  // Some of what arrived was not told of: what is known of this window is too little.
  void skip_window();

  // None before the first window is over.
  std::optional<DataRate> estimate() const;
  // It is still that of before measure_anew().
  bool is_measuring_anew() const { return anew_; }

 private:
  std::optional<double> sample(Duration received, DataSize size);

  Config config_;
  std::optional<Duration> last_received_;
  Duration elapsed_ = {};  // Of the window.
  DataSize in_window_ = {};
  std::optional<double> estimate_kbps_;
  double variance_ = 50;
  bool anew_ = false;
};

}  // namespace parley::cc
