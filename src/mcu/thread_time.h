#pragma once

#include <algorithm>
#include <optional>

#include "base/time.h"

namespace parley::mcu {

// The time that a thread spends on its rooms, as each of them has to see it: while one waits for
// its next picture, the others have theirs made. So to a room a picture took as long as the thread
// was busy since the one before, whoever it was busy with. Then no room keeps its size while others
// have no time left, and where there is too little for all, all become smaller.
class ThreadTime {
 public:
  struct Seen {  // By one room.
    Duration spent = {};
    std::optional<Time> at = {};
  };

  // A picture of a room took so long to make. How long it took by this measure.
  Duration handle(Time now, Duration took, Seen& seen) {
    spent_ += took;
    // Of a room that had nothing to do for long what went on meanwhile is no measure.
    const bool goes_on = seen.at && now - *seen.at < kLong;
    const Duration busy = goes_on ? std::min(spent_ - seen.spent, now - *seen.at + took) : took;
    seen = {.spent = spent_, .at = now};
    return std::max(busy, took);
  }

 private:
  static constexpr Duration kLong = std::chrono::seconds{2};

  Duration spent_ = {};
};

}  // namespace parley::mcu
