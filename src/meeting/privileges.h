#pragma once

#include "meeting/state.h"

namespace parley::meeting {

// Carries out changes of roles and permissions: what follows from them holds at once, and everyone
// is told.
class Privileges {
 public:
  explicit Privileges(State& state) : state_(state) {}

  void give_role(Time now, Room& room, Participant& who, Role role);
  void permit(Time now, Room& room, Participant& who, const Permissions& own);

  // After the room's permissions have changed.
  void settings_changed(Room& room);
  // After the stored owner or members have changed.
  void members_changed(Time now, Room& room);

 private:
  // Sees to it that nothing is on that is not permitted. False: nothing has changed.
  bool enforce(Room& room, Participant& who);
  void tell(Time now, Room& room, const Participant& who);

  State& state_;
};

}  // namespace parley::meeting
