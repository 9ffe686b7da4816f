#pragma once

#include "meeting/state.h"
#include "meeting/switchboard.h"

namespace parley::meeting {

// Carries out changes of roles and permissions: what follows from them holds at once, and everyone
// is told.
class Privileges {
 public:
  Privileges(State& state, Switchboard& switchboard) : state_(state), switchboard_(switchboard) {}

  void give_role(Time now, Room& room, Participant& who, Role role);
  void permit(Time now, Room& room, Participant& who, const Permissions& own);

  // After the room's permissions have changed.
  void settings_changed(Time now, Room& room);
  // After the stored owner or members have changed.
  void members_changed(Time now, Room& room);

 private:
  // Sees to it that nothing is on that is not permitted. False: nothing has changed.
  bool enforce(Room& room, Participant& who);
  void tell(Time now, Room& room, const Participant& who);

  State& state_;
  Switchboard& switchboard_;
};

}  // namespace parley::meeting
