#pragma once

#include "meeting/state.h"
#include "meeting/step.h"

namespace parley::meeting {

// The to-do list.
class TodoDesk {
 public:
  explicit TodoDesk(State& state) : state_(state) {}

  Step begin(Time now, Room& room, const Ledger::Entry& entry, const ReadTodos& read);
  Step begin(Time now, Room& room, const Ledger::Entry& entry, const ChangeTodos& change);

  Step go_on(Time now, Room& room, const Ledger::Entry& entry, const ReadTodos& read,
             StoreResult& result);
  Step go_on(Time now, Room& room, Ledger::Entry& entry, const ChangeTodos& change,
             StoreResult& result);

 private:
  State& state_;
};

}  // namespace parley::meeting
