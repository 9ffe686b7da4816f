#pragma once

#include <optional>

#include "base/time.h"

namespace parley::meeting {

// When those who are in a room hear who comes and goes: the first at once, what follows it closely
// gathered, so that a crowd that comes in costs everyone there a packet each `gather`, not each
// person. Nobody hears of anything later than `gather` after it happened.
class AnnouncementPace {
 public:
  // When to tell what happens now.
  Time next(Time now, Duration gather) {
    const bool planned = told_ && now < *told_;
    const bool quiet = !told_ || now - *told_ >= gather;
    if (!planned) told_ = quiet ? now : *told_ + gather;
    return quiet && !planned ? kAtOnce : *told_;
  }

 private:
  std::optional<Time> told_;  // The latest telling: past, or planned.
};

}  // namespace parley::meeting
