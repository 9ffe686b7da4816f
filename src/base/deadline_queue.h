#pragma once

#include <cstddef>
#include <vector>

#include "base/time.h"

namespace parley {

// Something that a DeadlineQueue wakes; it knows its place there.
struct Timed {
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

  std::size_t position = kNowhere;
};

// Who is to be woken when, the nearest first: a heap whose entries are found again at once, so that
// to move one of thousands is O(log n) and allocates nothing.
class DeadlineQueue {
 public:
  // Wakes it at `deadline`, whatever was set before; kNever: not at all.
  void set(Timed& timed, Time deadline);
  // Wakes it at `deadline` at the latest. Costs a comparison where that changes nothing, and who is
  // woken too early says himself when to come back.
  void hasten(Timed& timed, Time deadline);

  Time next_deadline() const { return entries_.empty() ? kNever : entries_.front().deadline; }
  // Takes out the nearest if its time has come, else null.
  Timed* take_due(Time now);

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Time deadline = kNever;
    Timed* timed = nullptr;
  };

  void remove(std::size_t place);
  void put(std::size_t place, Entry entry);
  void sift_up(std::size_t place, Entry entry);
  void sift_down(std::size_t place, Entry entry);

  std::vector<Entry> entries_;  // entries_[i] is due no later than entries_[2i + 1] and [2i + 2].
};

}  // namespace parley
