#include "meeting/ledger.h"

#include <iterator>
#include <utility>

namespace parley::meeting {
namespace {

bool reads(const Ledger::Entry& entry) {
  return std::holds_alternative<ReadChat>(entry.command) ||
         std::holds_alternative<ReadTodos>(entry.command) ||
         std::holds_alternative<ReadQuestions>(entry.command);
}

// Questions are not: each is read with the reader's own vote.
template <class Read>
bool both_read(const Ledger::Entry& a, const Ledger::Entry& b) {
  const auto* const read = std::get_if<Read>(&a.command);
  const auto* const other = std::get_if<Read>(&b.command);
  return read != nullptr && other != nullptr && *read == *other;
}

bool are_alike(const Ledger::Entry& a, const Ledger::Entry& b) {
  return !a.alone && !b.alone && (both_read<ReadChat>(a, b) || both_read<ReadTodos>(a, b));
}

}  // namespace

bool Ledger::add(Entry entry) {
  const bool full =
      reads(entry) ? entries_.size() - changes_ >= kMaxReads : changes_ >= kMaxChanges;
  const auto of_the_same = of_one_.find(entry.who.sid);
  if (full || (of_the_same != of_one_.end() && of_the_same->second >= kMaxOfOne)) return false;
  count(entry);
  entries_.push_back(std::move(entry));
  return true;
}

Ledger::Entry* Ledger::resume(std::uint64_t ticket) {
  if (ticket_ == 0 || ticket_ != ticket) return nullptr;
  ticket_ = 0;
  return &entries_.front();
}

Ledger::Entry Ledger::take() {
  forget(entries_.front());
  Entry entry = std::move(entries_.front());
  entries_.pop_front();
  ticket_ = 0;
  return entry;
}

std::list<Ledger::Entry> Ledger::take_alike() {
  Entries alike;
  auto next = entries_.begin();
  while (next != entries_.end() && reads(*next) && alike.size() + 1 < kMaxReaders) {
    const auto entry = next++;
    if (entry == entries_.begin() || !are_alike(*entry, entries_.front())) continue;
    forget(*entry);
    alike.splice(alike.end(), entries_, entry);
  }
  return alike;
}

void Ledger::put_back(Entry entry) {
  count(entry);
  entries_.insert(std::next(entries_.begin()), std::move(entry));
}

void Ledger::count(const Entry& entry) {
  if (!reads(entry)) ++changes_;
  ++of_one_[entry.who.sid];
}

void Ledger::forget(const Entry& entry) {
  if (!reads(entry)) --changes_;
  const auto of_the_same = of_one_.find(entry.who.sid);
  if (--of_the_same->second == 0) of_one_.erase(of_the_same);
}

}  // namespace parley::meeting
