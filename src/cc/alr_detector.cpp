#include "cc/alr_detector.h"

#include <algorithm>

namespace parley::cc {

void AlrDetector::set_target(Time now, DataRate target) {
  advance(now);
  target_ = target;
}

void AlrDetector::handle_sent(Time now, DataSize size) {
  advance(now);
  saved_ = std::max(saved_ - size, DataSize() - target_ * config_.usage * config_.window);
  judge(now);
}

void AlrDetector::advance(Time now) {
  if (last_ && now > *last_) {
    const DataRate used = target_ * config_.usage;
    // Longer than a window, and it is full whatever it was.
    const Duration elapsed = std::min<Duration>(now - *last_, 2 * config_.window);
    saved_ = std::min(saved_ + used * elapsed, used * config_.window);
  }
  last_ = last_ ? std::max(*last_, now) : now;
}

void AlrDetector::judge(Time now) {
  const DataSize window = target_ * config_.usage * config_.window;
  if (!since_ && saved_ > window * config_.enter) since_ = now;
  if (since_ && saved_ < window * config_.leave) since_.reset();
}

}  // namespace parley::cc
