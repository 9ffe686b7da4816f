#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/data_rate.h"
#include "sfu/allocator.h"

namespace parley::sfu {

// What a tile can be given, step by step, from the least to all that it can show: each costs more
// than the one before it.
class Ladder {
 public:
  struct Rung {
    LayerTarget target = {};
    DataRate rate = {};
    bool sharper = false;  // Of a screen: a larger picture than the rung below, not a smoother one.
  };

  // Frames come before size for a camera: only the smallest picture is shown with fewer of them.
  // For a screen size comes first, each with the fewest frames, then the frames of the largest.
  explicit Ladder(const Want& want);

  const std::vector<Rung>& rungs() const { return rungs_; }
  // Which of them is not above what the tile has now; nothing: below all of them.
  std::optional<std::size_t> current() const { return current_; }
  // What keeps it from more than the highest rung.
  Limit limit_at_top() const { return limit_at_top_; }

 private:
  std::vector<Rung> rungs_;
  std::optional<std::size_t> current_;
  Limit limit_at_top_ = Limit::kSender;
};

}  // namespace parley::sfu
