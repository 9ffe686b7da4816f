#include "turn/allocation.h"

#include <algorithm>

namespace parley::turn {

Time Allocation::expires() const {
  Time first = kNever;
  for (const Slot& slot : slots) {
    if (slot.relay) first = std::min(first, slot.expires);
  }
  return first;
}

}  // namespace parley::turn
