#pragma once

#include <cstdint>
#include <string_view>

#include "meeting/state.h"
#include "meeting/switchboard.h"

namespace parley::meeting {

// Carries out changes of roles, permissions and places on stage: what follows from them holds at
// once, and everyone is told.
class Privileges {
 public:
  Privileges(State& state, Switchboard& switchboard) : state_(state), switchboard_(switchboard) {}

  void give_role(Time now, Room& room, Participant& who, Role role);
  void permit(Time now, Room& room, Participant& who, const Permissions& own);
  // On the stage of a lecture, or off it. `by`: the host's sid.
  void invite(Time now, Room& room, Participant& who, bool on, std::string_view by);
  bool stage_is_full(const Room& room) const;

  // Somebody comes in, and nobody has heard of them yet.
  void enter(Room& room, Participant& who);
  // After the room's settings have changed; `before`: what they were.
  void settings_changed(Time now, Room& room, const RoomSettings& before);
  // After the stored owner or members have changed.
  void members_changed(Time now, Room& room);

 private:
  enum class Followed : std::uint8_t { kNothing, kPermissions, kMove };

  // Puts them where they belong, and sees to it that nothing is on that is not permitted.
  Followed enforce(Time now, Room& room, Participant& who, std::string_view by = {});
  // The same for one alone, who is told, and others of them.
  void follow(Time now, Room& room, Participant& who, std::string_view by = {});
  void tell_move(Time now, Room& room, const Participant& who, std::string_view by);
  void tell(Time now, Room& room, Participant& who, Followed followed);

  State& state_;
  Switchboard& switchboard_;
};

}  // namespace parley::meeting
