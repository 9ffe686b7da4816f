#include "mcu/video/load_control.h"

#include <algorithm>
#include <array>
#include <utility>

namespace parley::mcu {
namespace {

using Step = LoadControl::Step;

constexpr std::array<Step, 7> kSteps = {
    {{30, 8}, {20, 8}, {15, 8}, {15, 6}, {15, 4}, {10, 4}, {5, 4}}};

// Roughly: pictures a second, times points. Some work goes by neither, so up it goes with a margin.
double cost(const Step& step) {
  return step.frames_per_second * (0.3 + 0.7 * step.eighths * step.eighths / 64.0);
}

constexpr double kMargin = 0.85;
constexpr double kNew = 0.2;  // Of a picture in the mean.

}  // namespace

bool LoadControl::handle_picture(Time now, Duration took) {
  const double allowed = config_.budget * 1e6 / step().frames_per_second;
  const double load = static_cast<double>(took.count()) / allowed;
  load_ += kNew * (load - load_);
  if (load_ <= 1) over_since_ = kNever;
  if (load_ > 1 && over_since_ == kNever) over_since_ = now;
  const bool would_fit = at_ > 0 && load_ * cost(kSteps[at_ - 1]) / cost(step()) < kMargin;
  if (!would_fit) fits_since_ = kNever;
  if (would_fit && fits_since_ == kNever) fits_since_ = now;
  if (over_since_ != kNever && now - over_since_ >= config_.down_after && at_ + 1 < kSteps.size()) {
    go(at_ + 1);
    return true;
  }
  if (fits_since_ != kNever && now - fits_since_ >= config_.up_after) {
    go(at_ - 1);
    return true;
  }
  return false;
}

const Step& LoadControl::step() const {
  return kSteps[at_];
}

void LoadControl::go(std::size_t to) {
  load_ *= cost(kSteps[to]) / cost(step());
  at_ = to;
  over_since_ = kNever;
  fits_since_ = kNever;
}

std::string_view to_string(LoadControl::Reason reason) {
  switch (reason) {
    case LoadControl::Reason::kNone: return "none";
    case LoadControl::Reason::kOverload: return "pictures took longer than the budget";
  }
  std::unreachable();
}

}  // namespace parley::mcu
