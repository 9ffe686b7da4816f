#include "io/timer_heap.h"

#include "io/event_loop.h"

namespace parley::io {

void TimerHeap::set(Timer& timer, Time deadline) {
  const bool armed = timer.position_ != Timer::kDisarmed;
  if (deadline == kNever) {
    if (armed) remove(timer.position_);
    return;
  }
  if (!armed) {
    entries_.push_back({});
    timer.position_ = entries_.size() - 1;
  }
  const std::size_t position = timer.position_;
  const bool earlier = !armed || deadline < entries_[position].deadline;
  const Entry entry{.deadline = deadline, .timer = &timer};
  earlier ? sift_up(position, entry) : sift_down(position, entry);
}

Timer* TimerHeap::take_due(Time now) {
  if (next_deadline() > now || entries_.empty()) return nullptr;
  Timer* const timer = entries_.front().timer;
  remove(0);
  return timer;
}

void TimerHeap::remove(std::size_t position) {
  entries_[position].timer->position_ = Timer::kDisarmed;
  const Entry last = entries_.back();
  entries_.pop_back();
  if (position == entries_.size()) return;
  const bool earlier = position > 0 && last.deadline < entries_[(position - 1) / 2].deadline;
  earlier ? sift_up(position, last) : sift_down(position, last);
}

void TimerHeap::place(std::size_t position, Entry entry) {
  entries_[position] = entry;
  entry.timer->position_ = position;
}

void TimerHeap::sift_up(std::size_t position, Entry entry) {
  while (position > 0) {
    const std::size_t parent = (position - 1) / 2;
    if (entries_[parent].deadline <= entry.deadline) break;
    place(position, entries_[parent]);
    position = parent;
  }
  place(position, entry);
}

void TimerHeap::sift_down(std::size_t position, Entry entry) {
  for (;;) {
    std::size_t child = 2 * position + 1;
    if (child >= entries_.size()) break;
    const std::size_t right = child + 1;
    if (right < entries_.size() && entries_[right].deadline < entries_[child].deadline) {
      child = right;
    }
    if (entry.deadline <= entries_[child].deadline) break;
    place(position, entries_[child]);
    position = child;
  }
  place(position, entry);
}

}  // namespace parley::io
