#pragma once

#include <set>
#include <utility>

#include "base/time.h"

namespace parley::http {

// The deadlines of many connections, of which nearly all are moved on before they come.
//
// Every entry is filed at most once. Moving its deadline later, or taking it away, only writes the
// new time: the entry is looked at, and filed anew, when the old time has come. So the usual case,
// a request that resets its connection's time-out, costs one store and no search.
class Deadlines {
 public:
  // What has a deadline derives from it. It must not outlive the Deadlines that it was set in.
  class Entry {
   public:
    Entry() = default;
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry();

    Time deadline() const { return deadline_; }

   private:
    friend class Deadlines;

    Deadlines* owner_ = nullptr;  // While it is filed.
    Time deadline_ = kNever;
    Time filed_ = kNever;  // When it will be looked at; not later than deadline_.
  };

  void set(Entry& entry, Time deadline);  // kNever takes it away.

  // An entry whose deadline has come: it has none then. Null when there is no more.
  Entry* poll(Time now);

  // When to poll() next; kNever while nothing is filed. It may be too early, never too late.
  Time next_deadline() const { return filed_.empty() ? kNever : filed_.begin()->first; }

 private:
  void file(Entry& entry);
  void unfile(Entry& entry);

  std::set<std::pair<Time, Entry*>> filed_;
};

}  // namespace parley::http
