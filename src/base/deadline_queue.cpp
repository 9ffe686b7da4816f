#include "base/deadline_queue.h"

namespace parley {

void DeadlineQueue::set(Timed& timed, Time deadline) {
  if (deadline == kNever) {
    if (timed.position != Timed::kNowhere) remove(timed.position);
    return;
  }
  if (timed.position == Timed::kNowhere) {
    entries_.push_back({});
    return sift_up(entries_.size() - 1, {deadline, &timed});
  }
  const Time before = entries_[timed.position].deadline;
  if (deadline < before) {
    sift_up(timed.position, {deadline, &timed});
  } else if (deadline > before) {
    sift_down(timed.position, {deadline, &timed});
  }
}

void DeadlineQueue::hasten(Timed& timed, Time deadline) {
  const bool waits = timed.position != Timed::kNowhere;
  if (!waits || deadline < entries_[timed.position].deadline) set(timed, deadline);
}

Timed* DeadlineQueue::take_due(Time now) {
  if (entries_.empty() || entries_.front().deadline > now) return nullptr;
  Timed* const due = entries_.front().timed;
  remove(0);
  return due;
}

void DeadlineQueue::remove(std::size_t place) {
  entries_[place].timed->position = Timed::kNowhere;
  const Entry last = entries_.back();
  entries_.pop_back();
  if (place == entries_.size()) return;
  const bool goes_up = place > 0 && last.deadline < entries_[(place - 1) / 2].deadline;
  goes_up ? sift_up(place, last) : sift_down(place, last);
}

void DeadlineQueue::put(std::size_t place, Entry entry) {
  entries_[place] = entry;
  entry.timed->position = place;
}

void DeadlineQueue::sift_up(std::size_t place, Entry entry) {
  while (place > 0) {
    const std::size_t parent = (place - 1) / 2;
    if (entries_[parent].deadline <= entry.deadline) break;
    put(place, entries_[parent]);
    place = parent;
  }
  put(place, entry);
}

void DeadlineQueue::sift_down(std::size_t place, Entry entry) {
  for (std::size_t child = 2 * place + 1; child < entries_.size(); child = 2 * place + 1) {
    const bool right =
        child + 1 < entries_.size() && entries_[child + 1].deadline < entries_[child].deadline;
    if (right) ++child;
    if (entry.deadline <= entries_[child].deadline) break;
    put(place, entries_[child]);
    place = child;
  }
  put(place, entry);
}

}  // namespace parley
