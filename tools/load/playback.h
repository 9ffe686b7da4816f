#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/time.h"

namespace parley::load {

// How one track arrives, as somebody who watches would say.
class Playback {
 public:
  struct Summary {
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;
    std::uint64_t broken_frames = 0;  // What they lean on is missing.
    std::uint64_t freezes = 0;
    Duration frozen = {};
    std::optional<Time> first_frame = {};
  };

  void handle_frame(Time now, std::size_t size, bool broken);

  // A freeze is a gap of more than three average frames and 150 ms more, at least (W3C,
  // freezeCount).
  const Summary& summary() const { return summary_; }

 private:
  Summary summary_;
  std::optional<Time> last_;
  Duration average_ = {};  // Between frames: the last 30, roughly.
};

}  // namespace parley::load
