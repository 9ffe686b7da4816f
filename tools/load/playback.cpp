#include "load/playback.h"

#include <algorithm>

namespace parley::load {

void Playback::handle_frame(Time now, std::size_t size, bool broken) {
  ++summary_.frames;
  summary_.bytes += size;
  if (broken) ++summary_.broken_frames;
  if (!summary_.first_frame) summary_.first_frame = now;
  if (last_) {
    const Duration gap = now - *last_;
    const Duration limit =
        std::max<Duration>(3 * average_, average_ + std::chrono::milliseconds{150});
    const bool froze = average_ > Duration{} && gap > limit;
    if (froze) {
      ++summary_.freezes;
      summary_.frozen += gap - average_;
    } else {
      average_ = average_ == Duration{} ? gap : average_ + (gap - average_) / 30;
    }
  }
  last_ = now;
}

}  // namespace parley::load
