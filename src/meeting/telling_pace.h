#pragma once

#include <optional>

#include "base/time.h"

namespace parley::meeting {

// When to tell of what changes often: the first change at once, those that follow it closely
// together, when `interval` has passed since the last telling.
class TellingPace {
 public:
  // Something has changed. True: tell it now; else at due().
  bool change(Time now, Duration interval) {
    if (due_ != kNever) return false;
    if (told_ && now - *told_ < interval) {
      due_ = *told_ + interval;
      return false;
    }
    told_ = now;
    return true;
  }

  // What waits is told now.
  void told(Time now) {
    told_ = now;
    due_ = kNever;
  }

  Time due() const { return due_; }  // kNever: nothing waits.

 private:
  std::optional<Time> told_;
  Time due_ = kNever;
};

}  // namespace parley::meeting
