#pragma once

#include "meeting/entrance.h"
#include "meeting/privileges.h"
#include "meeting/state.h"
#include "meeting/step.h"

namespace parley::meeting {

// The room's settings, and the roles in it.
class OfficeDesk {
 public:
  OfficeDesk(State& state, Privileges& privileges, Entrance& entrance)
      : state_(state), privileges_(privileges), entrance_(entrance) {}

  Step begin(Time now, Room& room, const Ledger::Entry& entry, const ChangeSettings& change);
  Step begin(Time now, Room& room, const Ledger::Entry& entry, const ChangeRole& change);

  Step go_on(Time now, Room& room, const Ledger::Entry& entry, const ChangeSettings& change,
             StoreResult& result);
  Step go_on(Time now, Room& room, const Ledger::Entry& entry, const ChangeRole& change,
             StoreResult& result);

 private:
  void give_role(Time now, Room& room, const Ledger::Entry& entry, const ChangeRole& change);

  State& state_;
  Privileges& privileges_;
  Entrance& entrance_;
};

}  // namespace parley::meeting
