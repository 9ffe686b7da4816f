// The part of Entrance that is about those who wait to be admitted.
#include <utility>

#include "meeting/entrance.h"

namespace parley::meeting {

void Entrance::wait(Time now, Room& room, Guest guest, const Pending& pending) {
  guest.until = now + state_.config.max_wait;
  Guest& added = room.waiting.add(std::move(guest));
  const Participant& who = added.participant;
  state_.deadlines.add({added.deadline(), Deadline::Kind::kWaiting, room.name(), who.sid});
  Connection& connection = state_.connections.at(who.connection);
  connection.waits_in = &room;
  connection.waits_as = who.sid;
  ++state_.counters.waited;
  ++state_.counters.waiting;
  state_.reply(pending.request,
               MustWait{.room = room.name(), .resume = state_.resume_of(now, room, who, true)});
  state_.tell_waiting(room);
  if (!room.roles.kept() && room.empty()) presence_.wait_for_owner(now, room);
}

void Entrance::wait_again(Time now, Room& room, Guest& guest, Pending& pending) {
  Participant& who = guest.participant;
  if (who.connection && !who.away) {
    ++state_.counters.replaced;
    state_.tell(who.connection, Replaced{});
  }
  presence_.unseat(who);
  who.away = false;
  set_gone_at(room, guest, kNever);
  who.link.offer = std::move(pending.join.offer);
  who.connection = pending.request.connection;
  Connection& connection = state_.connections.at(who.connection);
  connection.waits_in = &room;
  connection.waits_as = who.sid;
  state_.reply(pending.request,
               MustWait{.room = room.name(), .resume = state_.resume_of(now, room, who, true)});
}

std::optional<Refusal> Entrance::admit(Time now, Room& room, const std::vector<std::string>& sids) {
  std::optional<Refusal> refusal;
  bool changed = false;
  for (const std::string& sid : sids) {
    if (room.waiting.find(sid) == nullptr) continue;
    if (is_full(room)) {
      refusal = Refusal::of(Code::kRoomFull);
      break;
    }
    Guest guest = *room.waiting.take(sid);
    state_.deadlines.cancel({guest.deadline(), Deadline::Kind::kWaiting, room.name(), sid});
    --state_.counters.waiting;
    ++state_.counters.admitted;
    // Whose connection is lost is in at once, and away.
    const bool away = std::exchange(guest.participant.away, false);
    const Time gone_at = std::exchange(guest.participant.gone_at, kNever);
    come_in(now, room, std::move(guest), std::nullopt);
    if (away) presence_.set_away(now, {&room, room.find(sid)}, gone_at);
    changed = true;
  }
  if (changed) state_.tell_waiting(room);
  return refusal;
}

std::optional<Refusal> Entrance::refuse(Time now, Room& room,
                                        const std::vector<std::string>& sids) {
  const std::size_t before = room.waiting.size();
  for (const std::string& sid : sids) presence_.send_away(room, sid, RefusedReason::kRefused);
  state_.counters.refused += before - room.waiting.size();
  if (room.waiting.size() != before) state_.tell_waiting(room);
  presence_.retire_if_empty(now, room);
  return std::nullopt;
}

void Entrance::judge_waiting(Time now, Room& room) {
  std::vector<std::string> let_in;
  std::vector<std::string> send_away;
  for (const Guest& guest : room.waiting.guests()) {
    AtTheDoor door = guest.door;
    door.member = room.roles.is_member(guest.participant.identity.user);
    switch (judge(room.settings, state_.config.guests, door)) {
      case Admission::kEnter: let_in.push_back(guest.participant.sid); break;
      case Admission::kWait: break;
      default: send_away.push_back(guest.participant.sid); break;
    }
  }
  for (const std::string& sid : send_away) {
    presence_.send_away(room, sid, RefusedReason::kLocked);
    ++state_.counters.refused;
  }
  if (!send_away.empty()) state_.tell_waiting(room);
  admit(now, room, let_in);
}

void Entrance::waiting_lost(Time now, Connection& connection, bool may_recover) {
  Room& room = *connection.waits_in;
  Guest& guest = *room.waiting.find(connection.waits_as);
  guest.participant.away = true;
  set_gone_at(room, guest, now + state_.config.grace);
  if (!may_recover) presence_.unseat(guest.participant);
}

void Entrance::waiting_recovered(Connection& connection) {
  Room& room = *connection.waits_in;
  Guest& guest = *room.waiting.find(connection.waits_as);
  guest.participant.away = false;
  set_gone_at(room, guest, kNever);
}

void Entrance::stop_waiting(Time now, Connection& connection) {
  Room& room = *std::exchange(connection.waits_in, nullptr);
  Guest guest = *room.waiting.take(connection.waits_as);
  state_.deadlines.cancel(
      {guest.deadline(), Deadline::Kind::kWaiting, room.name(), guest.participant.sid});
  --state_.counters.waiting;
  ++state_.counters.wait_left;
  state_.tell_waiting(room);
  presence_.retire_if_empty(now, room);
}

void Entrance::waiting_timed_out(Time now, const Deadline& deadline) {
  Room* const room = state_.find_room(deadline.room);
  if (room == nullptr || room->waiting.find(deadline.sid) == nullptr) return;
  ++state_.counters.wait_timeouts;
  Guest& guest = *room->waiting.find(deadline.sid);
  if (guest.participant.away) presence_.unseat(guest.participant);  // There is nobody to tell.
  presence_.send_away(*room, deadline.sid, RefusedReason::kTimeout);
  state_.tell_waiting(*room);
  presence_.retire_if_empty(now, *room);
}

void Entrance::set_gone_at(Room& room, Guest& guest, Time gone_at) {
  Deadline deadline{guest.deadline(), Deadline::Kind::kWaiting, room.name(), guest.participant.sid};
  state_.deadlines.cancel(deadline);
  guest.participant.gone_at = gone_at;
  deadline.at = guest.deadline();
  state_.deadlines.add(std::move(deadline));
}

}  // namespace parley::meeting
