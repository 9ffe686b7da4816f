#include "sfu/layer_demand.h"

#include <algorithm>

#include "base/assert.h"

namespace parley::sfu {

LayerDemand::LayerDemand(std::size_t encodings, Duration patience)
    : all_((EncodingSet{1} << encodings) - 1), told_(all_), patience_(patience) {
  PARLEY_ASSERT(encodings <= kMaxEncodings);
  stop_at_.fill(kNever);
}

LayerDemand LayerDemand::of_none(std::size_t encodings, Duration patience) {
  LayerDemand demand(encodings, patience);
  demand.told_ = 0;
  return demand;
}

bool LayerDemand::start(EncodingSet needed) {
  needed &= all_;
  for (std::size_t i = 0; i < kMaxEncodings; ++i) {
    if ((needed >> i & 1) != 0) stop_at_[i] = kNever;
  }
  const EncodingSet before = told_;
  told_ |= needed;
  return told_ != before;
}

bool LayerDemand::update(Time now, EncodingSet needed) {
  bool changed = start(needed);
  for (std::size_t i = 0; i < kMaxEncodings; ++i) {
    const EncodingSet bit = EncodingSet{1} << i;
    if ((told_ & bit) == 0 || (needed & bit) != 0) continue;
    if (stop_at_[i] == kNever) {
      stop_at_[i] = now + patience_;
    } else if (stop_at_[i] <= now) {
      stop_at_[i] = kNever;
      told_ &= ~bit;
      changed = true;
    }
  }
  return changed;
}

Time LayerDemand::next_deadline() const {
  return std::ranges::min(stop_at_);
}

}  // namespace parley::sfu
