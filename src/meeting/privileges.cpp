#include "meeting/privileges.h"

#include <utility>

#include "meeting/rights.h"

namespace parley::meeting {

void Privileges::give_role(Time now, Room& room, Participant& who, Role role) {
  const bool was_host = is_host(std::exchange(who.role, role));
  ++state_.counters.role_changes;
  enforce(room, who);
  tell(now, room, who);
  switchboard_.review(now, room);
  if (is_host(role) && !was_host && !room.waiting.empty()) {
    state_.tell(who.connection, WaitingChanged{room.waiting.people()});
  }
}

void Privileges::permit(Time now, Room& room, Participant& who, const Permissions& own) {
  who.own = own;
  ++state_.counters.permits;
  enforce(room, who);
  tell(now, room, who);
  switchboard_.review(now, room);
}

void Privileges::settings_changed(Time now, Room& room) {
  for (Participant& who : room.participants()) {
    if (enforce(room, who)) state_.tell_participant(room, who);
  }
  switchboard_.review(now, room);
}

void Privileges::members_changed(Time now, Room& room) {
  if (!room.roles.kept()) return;
  for (Participant& who : room.participants()) {
    // A guest's role, and what a token gives, is not stored; but the owner is an account.
    Role role = std::max(who.role, Role::kCohost);
    if (const auto stored = room.roles.stored(who.identity.user)) {
      role = who.named_by_token ? std::min(role, *stored) : *stored;
    } else if (who.identity.user && !who.named_by_token) {
      role = Role::kParticipant;
    }
    if (role != who.role) give_role(now, room, who, role);
  }
}

bool Privileges::enforce(Room& room, Participant& who) {
  const Permissions permissions = permissions_of(who.role, who.own, room.settings);
  if (permissions == std::exchange(who.permissions, permissions)) return false;
  switchboard_.sending_changed(room, who);
  const SetMedia media = permitted_part(who.media, permissions);
  if (media != std::exchange(who.media, media)) {
    switchboard_.person_changed(room, who);
    state_.tell(room.connections(),
                MediaChanged{who.sid, media.micinf, media.vidinf, media.scrinf});
  }
  return true;
}

void Privileges::tell(Time now, Room& room, const Participant& who) {
  state_.tell_participant(room, who);
  state_.tell(who.connection, NewResume{state_.resume_of(now, room, who, false)});
}

}  // namespace parley::meeting
