#include "meeting/office_desk.h"

#include "meeting/rights.h"

namespace parley::meeting {
namespace {

RoomSettings changed(RoomSettings settings, const ChangeSettings& change) {
  settings.locked = change.locked.value_or(settings.locked);
  settings.waiting_room = change.waiting_room.value_or(settings.waiting_room);
  settings.members_only = change.members_only.value_or(settings.members_only);
  settings.permissions = change.permissions.value_or(settings.permissions);
  settings.lecture = change.lecture.value_or(settings.lecture);
  return settings;
}

}  // namespace

Step OfficeDesk::begin(Time, Room& room, const Ledger::Entry&, const ChangeSettings& change) {
  const bool lecture = change.lecture.value_or(room.settings.lecture);
  if (lecture && !state_.config.topology.media) {
    return Reply(Refusal{.code = Code::kUnavailable,
                         .message = "There is no lecture where the server carries no media.",
                         .field = "lecture"});
  }
  if (!lecture && room.audience().size() > Room::kMaxToMeet) {
    return Reply(Refusal::of(Code::kRoomFull, "lecture"));
  }
  return StoreRequest(SaveSettings{changed(room.settings, change)});
}

Step OfficeDesk::go_on(Time now, Room& room, const Ledger::Entry& entry,
                       const ChangeSettings& change, StoreResult&) {
  const RoomSettings before = room.settings;
  const RoomSettings& settings = room.settings = changed(room.settings, change);
  ++state_.counters.settings_changes;
  state_.tell(room.connections(), SettingsChanged{.locked = settings.locked,
                                                  .waiting_room = settings.waiting_room,
                                                  .members_only = settings.members_only,
                                                  .permissions = settings.permissions,
                                                  .lecture = settings.lecture,
                                                  .by = {entry.who.sid}});
  privileges_.settings_changed(now, room, before);
  entrance_.judge_waiting(now, room);
  return Reply(Done{});
}

Step OfficeDesk::begin(Time now, Room& room, const Ledger::Entry& entry, const ChangeRole& change) {
  const Participant* const who = room.find(change.sid);
  if (who == nullptr || who->sid == entry.who.sid) {
    return Reply(Refusal::of(Code::kNoSuchParticipant));
  }
  if (who->identity.by_server_alone) return Reply(Refusal::of(Code::kForbidden, "sid"));
  if (is_host(change.role) && !who->on_stage && privileges_.stage_is_full(room)) {
    return Reply(Refusal::of(Code::kStageFull));
  }
  const UserId user = who->identity.user;
  if (room.roles.kept() && change.role == Role::kOwner) {
    if (!user) return Reply(Refusal::of(Code::kForbidden, "sid"));
    return StoreRequest(SaveOwner{.owner = user, .before = room.roles.owner()});
  }
  if (room.roles.kept() && user == room.roles.owner()) {  // The owner's other device.
    return Reply(Refusal::of(Code::kForbidden, "sid"));
  }
  if (room.roles.kept() && user) {
    return StoreRequest(SaveMember{{.room = room.id, .user = user, .role = change.role}});
  }
  give_role(now, room, entry, change);
  return Reply(Done{});
}

Step OfficeDesk::go_on(Time now, Room& room, const Ledger::Entry& entry, const ChangeRole& change,
                       StoreResult&) {
  give_role(now, room, entry, change);
  return Reply(Done{});
}

void OfficeDesk::give_role(Time now, Room& room, const Ledger::Entry& entry,
                           const ChangeRole& change) {
  Participant* const who = room.find(change.sid);
  if (who == nullptr) return;  // They left meanwhile; what is stored holds when they return.
  const UserId user = who->identity.user;
  const bool stored = room.roles.kept() && user;
  if (change.role == Role::kOwner) {
    if (stored) {
      room.roles.set_member(room.roles.owner(), Role::kCohost);
      room.roles.set_owner(user);
    }
    Participant* const before = room.find(entry.who.sid);
    privileges_.give_role(now, room, *who, Role::kOwner);
    if (before != nullptr) privileges_.give_role(now, room, *before, Role::kCohost);
  } else {
    if (stored) room.roles.set_member(user, change.role);
    if (who->role != change.role) privileges_.give_role(now, room, *who, change.role);
  }
  if (stored) privileges_.members_changed(now, room);  // Their other devices.
}

}  // namespace parley::meeting
