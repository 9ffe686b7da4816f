#pragma once

#include <cstdint>

namespace parley::meeting {

// Gives out places in the queue of raised hands: the smaller, the earlier.
class HandQueue {
 public:
  std::int64_t raise() { return ++last_; }

 private:
  std::int64_t last_ = 0;
};

}  // namespace parley::meeting
