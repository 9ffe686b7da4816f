#include "meeting/privileges.h"

#include <utility>

#include "meeting/rights.h"

namespace parley::meeting {

void Privileges::give_role(Time now, Room& room, Participant& who, Role role) {
  const bool was_host = is_host(std::exchange(who.role, role));
  ++state_.counters.role_changes;
  follow(now, room, who);
  switchboard_.review(now, room);
  if (!is_host(role) || was_host) return;
  if (!room.waiting.empty()) state_.tell(who.connection, WaitingChanged{room.waiting.people()});
  if (room.settings.lecture) state_.tell_raised(room, who);
}

void Privileges::permit(Time now, Room& room, Participant& who, const Permissions& own) {
  who.own = own;
  ++state_.counters.permits;
  follow(now, room, who);
  switchboard_.review(now, room);
}

void Privileges::invite(Time now, Room& room, Participant& who, bool on, std::string_view by) {
  if (std::exchange(who.invited, on) != on) follow(now, room, who, by);
}

bool Privileges::stage_is_full(const Room& room) const {
  return room.settings.lecture && room.on_stage().size() >= state_.config.max_stage;
}

void Privileges::enter(Room& room, Participant& who) {
  const bool full = room.settings.lecture && room.on_stage().size() > state_.config.max_stage;
  if (full && !is_host(who.role) && std::exchange(who.invited, false)) {
    ++state_.counters.stage_left_out;
  }
  room.set_on_stage(who, belongs_on_stage(who.role, who.invited, room.settings));
  if (!who.on_stage) ++state_.counters.audience;
  who.ever_more |= standing_of(who) != Standing() || room.roles.remembers(who.sid);
  who.permissions = permissions_of(who.role, who.own, room.settings, who.on_stage);
  who.media = permitted_part(who.media, who.permissions);
}

void Privileges::settings_changed(Time now, Room& room, const RoomSettings& before) {
  const bool begins = room.settings.lecture && !before.lecture;
  std::size_t invited = 0;
  for (Participant& who : room.participants()) {
    const bool takes_place =
        is_host(who.role) || (who.speaker && invited < state_.config.max_stage);
    if (begins) who.invited = who.speaker && takes_place;
    if (begins && takes_place) ++invited;
  }
  for (Participant& who : room.participants()) {
    switch (enforce(now, room, who)) {
      case Followed::kNothing: switchboard_.person_changed(room, who); break;
      case Followed::kPermissions: state_.tell_participant(room, who); break;
      case Followed::kMove: tell(now, room, who, Followed::kMove); break;
    }
  }
  if (begins) state_.audience_changed(now, room);
  if (!room.settings.lecture && before.lecture) state_.forget_audience(room);
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

Privileges::Followed Privileges::enforce(Time now, Room& room, Participant& who,
                                         std::string_view by) {
  const bool was_on_stage = who.on_stage;
  room.set_on_stage(who, belongs_on_stage(who.role, who.invited, room.settings));
  const bool moved = who.on_stage != was_on_stage;
  if (moved && who.on_stage) room.set_hand(who, std::nullopt);
  who.ever_more |= standing_of(who) != Standing();
  const Permissions permissions = permissions_of(who.role, who.own, room.settings, who.on_stage);
  const bool changed = permissions != std::exchange(who.permissions, permissions);
  if (!moved && !changed) return Followed::kNothing;
  switchboard_.sending_changed(room, who);
  const SetMedia media = permitted_part(who.media, permissions);
  const bool switched_off = media != std::exchange(who.media, media);
  if (moved || switched_off) switchboard_.person_changed(room, who);
  if (moved) tell_move(now, room, who, by);
  if (switched_off) {
    state_.tell_of(room, who, MediaChanged{who.sid, media.micinf, media.vidinf, media.scrinf});
  }
  return moved ? Followed::kMove : Followed::kPermissions;
}

void Privileges::tell_move(Time now, Room& room, const Participant& who, std::string_view by) {
  StageChanged changed{.on_stage = who.on_stage};
  if (!by.empty()) changed.by = {std::string(by)};
  state_.tell(who.connection, std::move(changed));
  if (who.on_stage) {
    ++state_.counters.stage_up;
    --state_.counters.audience;
    state_.announce(now, room, who.sid, Joined{who.view()});
  } else {
    ++state_.counters.stage_down;
    ++state_.counters.audience;
    state_.announce(now, room, who.sid, Left{who.sid, LeaveReason::kAudience});
  }
}

void Privileges::follow(Time now, Room& room, Participant& who, std::string_view by) {
  const Followed followed = enforce(now, room, who, by);
  tell(now, room, who, followed);
  if (followed == Followed::kMove) state_.audience_changed(now, room);
}

// Who has moved was told to the others as such.
void Privileges::tell(Time now, Room& room, Participant& who, Followed followed) {
  if (followed == Followed::kMove) {
    state_.tell(who.connection, ParticipantChanged{who.view()});
  } else {
    switchboard_.person_changed(room, who);
    state_.tell_participant(room, who);
  }
  state_.tell(who.connection, NewResume{state_.resume_of(now, room, who, false)});
}

}  // namespace parley::meeting
