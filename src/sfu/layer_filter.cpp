#include "sfu/layer_filter.h"

#include <algorithm>

namespace parley::sfu {

void LayerFilter::start(std::uint64_t timestamp, Limits target) {
  target_ = limits_ = target;
  changes_.fill({.timestamp = timestamp, .limits = target});
}

void LayerFilter::handle_picture(std::uint64_t timestamp, const FrameInfo& frame) {
  Limits next = {.spatial = std::min(limits_.spatial, target_.spatial),
                 .temporal = std::min(limits_.temporal, target_.temporal)};
  if (frame.starts_frame && frame.spatial == 0) {
    if (frame.key_frame) {
      next = target_;
    } else if (frame.switch_up && frame.temporal == next.temporal + 1 &&
               frame.temporal <= target_.temporal) {
      next.temporal = frame.temporal;
    }
  }
  if (next != limits_) change(timestamp, next);
}

LayerFilter::Limits LayerFilter::limits_at(std::uint64_t timestamp) const {
  for (const Change& change : changes_) {
    if (change.timestamp <= timestamp) return change.limits;
  }
  return changes_.back().limits;
}

void LayerFilter::change(std::uint64_t timestamp, Limits limits) {
  limits_ = limits;
  std::ranges::move_backward(changes_.begin(), changes_.end() - 1, changes_.end());
  changes_.front() = {.timestamp = timestamp, .limits = limits};
}

}  // namespace parley::sfu
