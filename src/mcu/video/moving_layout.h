#pragma once

#include <span>
#include <vector>

#include "base/time.h"
#include "mcu/video/layout.h"

namespace parley::mcu {

// Lets cells go from where they are to where they shall be, instead of jumping. Who comes grows out
// of the middle of their cell; who leaves is gone.
class MovingLayout {
 public:
  explicit MovingLayout(Duration takes = std::chrono::milliseconds{300}) : takes_(takes) {}

  void set(Time now, std::span<const Cell> cells);

  // As it is at that time; what is behind comes first.
  std::vector<Cell> at(Time now) const;
  bool moves(Time now) const { return now < began_ + takes_ && moves_; }
  // As it will be.
  std::vector<Cell> target() const;

 private:
  struct Way {
    InputId shows = {};
    Rect from = {};
    Rect to = {};
  };

  Duration takes_;
  Time began_ = {};
  bool moves_ = false;
  std::vector<Way> ways_;
};

}  // namespace parley::mcu
