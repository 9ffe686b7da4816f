#include "sfu/picture_losses.h"

#include <algorithm>

namespace parley::sfu {

bool PictureLosses::believe(Time now) {
  if (waits_) return true;
  if (last_ && now - *last_ >= config_.memory) believed_ = 0;
  if (believed_ > 0 && now - *last_ < wait()) return false;
  ++believed_;
  waits_ = true;
  last_ = now;
  return true;
}

Duration PictureLosses::wait() const {
  Duration wait = believed_ < config_.at_once ? Duration{} : config_.first_wait;
  for (int i = config_.at_once; i < believed_ && wait < config_.max_wait; ++i) wait *= 2;
  return std::min(wait, config_.max_wait);
}

}  // namespace parley::sfu
