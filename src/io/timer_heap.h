#pragma once

#include <cstddef>
#include <vector>

#include "base/time.h"

namespace parley::io {

class Timer;

// The armed timers of a loop, the nearest deadline first: a binary heap whose timers know their
// place in it, so that to re-arm or disarm one of thousands is O(log n) and allocates nothing.
class TimerHeap {
 public:
  // Arms, re-arms or (at kNever) disarms.
  void set(Timer& timer, Time deadline);

  Time next_deadline() const { return entries_.empty() ? kNever : entries_.front().deadline; }
  std::size_t size() const { return entries_.size(); }

  // Disarms and returns the timer with the nearest deadline if that has come, else null.
  Timer* take_due(Time now);

 private:
  struct Entry {
    Time deadline = kNever;
    Timer* timer = nullptr;
  };

  void remove(std::size_t position);
  void place(std::size_t position, Entry entry);
  void sift_up(std::size_t position, Entry entry);
  void sift_down(std::size_t position, Entry entry);

  std::vector<Entry> entries_;  // entries_[i] is due no later than entries_[2i + 1] and [2i + 2].
};

}  // namespace parley::io
