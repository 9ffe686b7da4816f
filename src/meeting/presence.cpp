#include "meeting/presence.h"

#include <utility>

#include "meeting/rights.h"

namespace parley::meeting {

void Presence::set_away(Time now, Seat seat, Time gone_at) {
  Participant& who = *seat.participant;
  if (who.away) return;
  who.away = true;
  who.gone_at = gone_at;
  state_.deadlines.add({gone_at, Deadline::Kind::kAway, seat.room->name(), who.sid});
  ++state_.counters.away;
  state_.announce(now, *seat.room, who, Away{who.sid});
  audience_changed(now, seat);
}

void Presence::tell_back(Time now, Seat seat) {
  state_.announce(now, *seat.room, *seat.participant, Back{seat.participant->view()});
  audience_changed(now, seat);
}

// Of those in the audience one sees who has a hand up.
void Presence::audience_changed(Time now, Seat seat) {
  const Participant& who = *seat.participant;
  if (!who.on_stage && who.hand) state_.audience_changed(now, *seat.room);
}

void Presence::set_present(Seat seat) {
  Participant& who = *seat.participant;
  if (!who.away) return;
  state_.deadlines.cancel({who.gone_at, Deadline::Kind::kAway, seat.room->name(), who.sid});
  who.away = false;
  who.gone_at = kNever;
  --state_.counters.away;
}

void Presence::unseat(Participant& participant) {
  const ConnectionId connection = std::exchange(participant.connection, {});
  if (!connection) return;
  state_.release(connection, std::nullopt);
  if (participant.away) return forget(connection);  // It was lost, and is not waited for any more.
  Connection& left = state_.connections.at(connection);
  left.seat = {};
  left.waits_in = nullptr;
}

void Presence::forget(ConnectionId connection) {
  state_.held.erase(connection);
  state_.connections.erase(connection);
  state_.outputs.emplace_back(Forget{connection});
}

void Presence::remove(Time now, Seat seat, LeaveReason reason) {
  Room& room = *seat.room;
  Participant& who = *seat.participant;
  unseat(who);
  set_present(seat);
  const std::string sid = who.sid;
  const bool owned = who.role == Role::kOwner && !room.roles.kept();
  // An owner who leaves has given the room away.
  switchboard_.leave(room, who);
  Standing standing = standing_of(who);
  if (owned) standing.role = Role::kCohost;
  // An old resume says more, where they had more once; else there is nothing to remember.
  if (who.ever_more) room.roles.remember(sid, std::move(standing));
  const bool on_stage = who.on_stage;
  room.remove(sid);
  --state_.counters.participants;
  if (on_stage) {
    state_.announce(now, room, sid, Left{sid, reason});
  } else {
    --state_.counters.audience;
    state_.audience_changed(now, room);
  }
  if (owned) appoint_heir(now, room);
  if (!room.empty()) switchboard_.review(now, room);
  if (room.empty()) finish_life(room);
  retire_if_empty(now, room);
}

void Presence::end(Time now, Room& room, const Participant* by) {
  ++state_.counters.ended;
  const std::string sid = by == nullptr ? "" : by->sid;
  state_.tell(room.connections_except(sid),
              Ended{by == nullptr ? Nullable<std::string>() : Nullable<std::string>{sid}});
  while (!room.empty()) {
    Participant& who = room.participants().front();
    unseat(who);
    set_present({&room, &who});
    --state_.counters.participants;
    if (!who.on_stage) --state_.counters.audience;
    switchboard_.leave(room, who);
    room.remove(std::string(who.sid));
  }
  finish_life(room);
  send_all_away(room);
  retire_if_empty(now, room);
}

void Presence::send_all_away(Room& room) {
  while (!room.waiting.empty()) {
    send_away(room, std::string(room.waiting.guests().front().participant.sid),
              RefusedReason::kEnded);
  }
}

void Presence::send_away(Room& room, std::string_view sid, RefusedReason reason) {
  auto guest = room.waiting.take(sid);
  if (!guest) return;
  state_.deadlines.cancel(
      {guest->deadline(), Deadline::Kind::kWaiting, room.name(), guest->participant.sid});
  --state_.counters.waiting;
  state_.tell(guest->participant.connection, Refused{reason});
  unseat(guest->participant);
}

// ---- Owners

void Presence::appoint_heir(Time now, Room& room) {
  Participant* const heir = heir_among(room.participants());
  if (heir != nullptr) return privileges_.give_role(now, room, *heir, Role::kOwner);
  if (room.empty()) return;
  // Only programs are left, and nobody who could let anybody in.
  send_all_away(room);
  if (room.settings == RoomSettings()) return;
  state_.ask_store(room.name(), SaveSettings{});
  const RoomSettings before = std::exchange(room.settings, {});
  privileges_.settings_changed(now, room, before);
}

void Presence::wait_for_owner(Time now, Room& room) {
  if (room.vacant_until != kNever) return;
  room.vacant_until = now + state_.config.grace;
  state_.deadlines.add({room.vacant_until, Deadline::Kind::kVacancy, room.name(), {}});
}

void Presence::owner_is_there(Room& room) {
  const Time until = std::exchange(room.vacant_until, kNever);
  state_.deadlines.cancel({until, Deadline::Kind::kVacancy, room.name(), {}});
}

void Presence::handle_vacancy(Time now, Room& room) {
  room.vacant_until = kNever;
  if (!room.empty()) return appoint_heir(now, room);
  finish_life(room);  // There is nobody who could let in those who wait.
  retire_if_empty(now, room);
}

// ---- Rooms

void Presence::finish_life(Room& room) {
  owner_is_there(room);
  state_.forget_audience(room);
  switchboard_.close(room);
  room.life = {};
  room.owner_is_new = false;
  room.bans = {};
  room.hands = {};
  room.roles.forget_all();
  if (room.roles.kept()) return;
  // Who meets here next finds an open room.
  if (room.settings != RoomSettings()) state_.ask_store(room.name(), SaveSettings{});
  room.settings = {};
  send_all_away(room);
}

void Presence::retire_if_empty(Time now, Room& room) {
  if (!room.empty() || !room.waiting.empty()) return;
  const std::string name = room.name();
  while (!room.ledger.empty()) {
    state_.reply(room.ledger.take().request, Refusal::of(Code::kNotJoined));
  }
  for (const VoteBox::Vote& vote : room.votes.take_all()) {
    state_.reply(vote.request, Refusal::of(Code::kNotJoined));
  }
  state_.deadlines.cancel({room.next_use, Deadline::Kind::kUse, name, {}});
  if (room.id) state_.ask_store(name, TouchRoom{state_.unix_millis(now)});
  state_.rooms.erase(name);
  state_.counters.rooms = state_.rooms.size();
}

void Presence::use(Time now, Room& room) {
  if (room.next_use != kNever || room.id) {
    state_.ask_store(room.name(), TouchRoom{state_.unix_millis(now)});
  }
  room.next_use = now + state_.config.use_interval;
  state_.deadlines.add({room.next_use, Deadline::Kind::kUse, room.name(), {}});
}

}  // namespace parley::meeting
