#include "http/deadlines.h"

namespace parley::http {

Deadlines::Entry::~Entry() {
  if (owner_ != nullptr) owner_->unfile(*this);
}

void Deadlines::set(Entry& entry, Time deadline) {
  entry.deadline_ = deadline;
  if (deadline >= entry.filed_) return;
  unfile(entry);
  file(entry);
}

Deadlines::Entry* Deadlines::poll(Time now) {
  while (!filed_.empty() && filed_.begin()->first <= now) {
    Entry& entry = *filed_.begin()->second;
    unfile(entry);
    if (entry.deadline_ <= now) {
      entry.deadline_ = kNever;
      return &entry;
    }
    if (entry.deadline_ != kNever) file(entry);
  }
  return nullptr;
}

void Deadlines::file(Entry& entry) {
  entry.owner_ = this;
  entry.filed_ = entry.deadline_;
  filed_.emplace(entry.filed_, &entry);
}

void Deadlines::unfile(Entry& entry) {
  if (entry.owner_ == nullptr) return;
  filed_.erase({entry.filed_, &entry});
  entry.owner_ = nullptr;
  entry.filed_ = kNever;
}

}  // namespace parley::http
