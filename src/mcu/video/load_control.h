#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/time.h"

namespace parley::mcu {

// Keeps the work within what the owner allows for it: first fewer pictures a second, then smaller
// ones. It goes down within a second, and up again only when the next step would fit for a while.
class LoadControl {
 public:
  struct Step {
    int frames_per_second = 30;
    int eighths = 8;  // Of the full width and height.

    friend bool operator==(const Step&, const Step&) = default;
  };
  enum class Reason : std::uint8_t {
    kNone,      // Nothing is reduced.
    kOverload,  // The pictures took longer than the budget.
  };
  struct Config {
    double budget = 0.8;  // Of the time between two pictures.
    Duration down_after = std::chrono::milliseconds{500};
    Duration up_after = std::chrono::seconds{8};
  };

  explicit LoadControl(const Config& config) : config_(config) {}

  // One picture took so long. True: step() is another now.
  bool handle_picture(Time now, Duration took);

  const Step& step() const;
  Reason reason() const { return at_ == 0 ? Reason::kNone : Reason::kOverload; }
  double load() const { return load_; }  // Of the budget, lately.

 private:
  void go(std::size_t to);

  Config config_;
  std::size_t at_ = 0;
  double load_ = 0;
  Time over_since_ = kNever;
  Time fits_since_ = kNever;
};

std::string_view to_string(LoadControl::Reason reason);

}  // namespace parley::mcu
