#include "meeting/ledger.h"

#include <algorithm>
#include <utility>

namespace parley::meeting {

bool Ledger::add(Entry entry) {
  const auto of_the_same =
      std::ranges::count(entries_, entry.who.sid, [](const Entry& e) { return e.who.sid; });
  if (entries_.size() >= kMax || of_the_same >= static_cast<std::ptrdiff_t>(kMaxOfOne)) {
    return false;
  }
  entries_.push_back(std::move(entry));
  return true;
}

Ledger::Entry* Ledger::resume(std::uint64_t ticket) {
  if (ticket_ == 0 || ticket_ != ticket) return nullptr;
  ticket_ = 0;
  return &entries_.front();
}

Ledger::Entry Ledger::take() {
  Entry entry = std::move(entries_.front());
  entries_.pop_front();
  ticket_ = 0;
  return entry;
}

}  // namespace parley::meeting
