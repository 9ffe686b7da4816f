#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"

namespace parley::engineio {

// Who is due next, of many. A binary heap: arming costs O(log n), asking for the next O(1).
//
// Entries are never searched for and never moved: whoever's deadline changes arms again, and an
// entry that comes up is a question, "are you due?", that its owner answers. An owner whose
// deadlines only move later needs no more than one entry: it re-arms when asked.
template <class Key>
class Deadlines {
 public:
  void arm(Time deadline, Key key) {
    heap_.push_back({deadline, std::move(key)});
    std::ranges::push_heap(heap_, std::greater{}, &Entry::deadline);
  }

  // Not later than the first deadline; kNever when nobody waits.
  Time next() const { return heap_.empty() ? kNever : heap_.front().deadline; }

  struct Entry {
    Time deadline = kNever;
    Key key = {};
  };

  // Takes the first entry whose time has come.
  std::optional<Entry> pop_due(Time now) {
    if (next() > now || heap_.empty()) return std::nullopt;
    std::ranges::pop_heap(heap_, std::greater{}, &Entry::deadline);
    Entry entry = std::move(heap_.back());
    heap_.pop_back();
    return entry;
  }

  std::size_t size() const { return heap_.size(); }

 private:
  std::vector<Entry> heap_;  // The earliest first, as std::push_heap keeps it.
};

}  // namespace parley::engineio
