#include "meeting/entrance.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "meeting/rights.h"

namespace parley::meeting {
namespace {

constexpr std::size_t kSidCharacters = 12;  // 72 bits: nobody guesses or meets another's.

std::optional<Code> code_of(Admission admission) {
  switch (admission) {
    case Admission::kEnter:
    case Admission::kWait: return std::nullopt;
    case Admission::kRemoved: return Code::kRemoved;
    case Admission::kAccountRequired: return Code::kAccountRequired;
    case Admission::kLocked: return Code::kLocked;
    case Admission::kMembersOnly: return Code::kMembersOnly;
  }
  std::unreachable();
}

// Programs, which speak with the server alone, are none: whoever comes after them is the first.
bool has_people(const Room& room) {
  return !std::ranges::all_of(room.participants(),
                              [](const Participant& who) { return who.identity.by_server_alone; });
}

}  // namespace

void Entrance::join(Time now, const Request& request, Join join, std::optional<JoinClaim> token) {
  if (state_.closing) return state_.reply(request, Refusal::of(Code::kClosing));
  if (join.token && (!token || token->room != join.room)) {
    return state_.reply(request, Refusal::of(Code::kBadToken, "token"));
  }
  if (!state_.config.topology.media) join.offer.reset();  // Nobody will ever answer it.
  Pending pending{request, std::move(join), std::move(token)};
  const std::string name = pending.join.room;
  if (Room* const room = state_.find_room(name)) return knock(now, *room, pending);
  const auto loading = loading_.find(name);
  if (loading == loading_.end() &&
      state_.rooms.size() + loading_.size() >= state_.config.max_rooms) {
    return state_.reply(request, Refusal::of(Code::kServerFull));
  }
  state_.connections.at(request.connection).joins = name;
  Loading& here = loading_[name];
  if (here.ticket == 0) here.ticket = state_.ask_store(name, LoadRoom{});
  here.joins.push_back(std::move(pending));
}

bool Entrance::loaded(Time now, std::uint64_t ticket, const std::string& name,
                      const StoreReply& reply) {
  const auto it = loading_.find(name);
  if (it == loading_.end() || it->second.ticket != ticket) return false;
  std::vector<Pending> joins = std::move(it->second.joins);
  loading_.erase(it);
  for (const Pending& pending : joins) {
    state_.connections.at(pending.request.connection).joins.clear();
  }
  if (!reply) {
    for (const Pending& pending : joins) {
      state_.reply(pending.request, Refusal::of(Code::kUnavailable));
    }
  } else if (!joins.empty()) {
    Room& room = open(now, std::get<RoomRecord>(*reply), name, joins);
    for (Pending& pending : joins) knock(now, room, pending);
    presence_.retire_if_empty(now, room);  // Where nobody may come in.
  }
  return true;
}

Room& Entrance::open(Time now, const RoomRecord& record, const std::string& name,
                     const std::vector<Pending>& joins) {
  Room& room = state_.rooms.try_emplace(name, Room(name)).first->second;
  state_.counters.rooms = state_.rooms.size();
  if (!record.room) return room;
  room.id = record.room->id;
  room.roles.set_owner(record.room->owner);
  room.roles.set_members(record.members);
  // What was set in a room without an owner holds only if this is the same meeting still, which a
  // restart has interrupted.
  const bool from_before = std::ranges::any_of(joins, [&](const Pending& pending) {
    if (!pending.join.resume) return false;
    const auto claim = state_.tokens.verify(*pending.join.resume, name);
    return claim && claim->life != UnixMillis() && claim->life < state_.config.started;
  });
  const bool in_window =
      state_.unix_millis(now) < state_.config.started + state_.config.return_window;
  if (room.roles.kept() || from_before || in_window) room.settings = record.room->settings;
  if (!state_.config.topology.media) room.settings.lecture = false;
  return room;
}

void Entrance::reloaded(Time now, Room& room, const RoomRecord& record) {
  if (!record.room) return;
  const RoomSettings before = std::exchange(room.settings, record.room->settings);
  // There is no lecture without media; and one goes on where its audience is too many to meet.
  const bool too_many = room.audience().size() > Room::kMaxToMeet;
  room.settings.lecture =
      state_.config.topology.media && (room.settings.lecture || (before.lecture && too_many));
  room.id = record.room->id;
  room.roles.set_owner(record.room->owner);
  room.roles.set_members(record.members);
  privileges_.members_changed(now, room);
  if (room.settings == before) return;
  state_.tell(room.connections(), SettingsChanged{.locked = room.settings.locked,
                                                  .waiting_room = room.settings.waiting_room,
                                                  .members_only = room.settings.members_only,
                                                  .permissions = room.settings.permissions,
                                                  .lecture = room.settings.lecture});
  privileges_.settings_changed(now, room, before);
  judge_waiting(now, room);
}

void Entrance::cancel(ConnectionId connection) {
  Connection& left = state_.connections.at(connection);
  const auto it = loading_.find(std::exchange(left.joins, {}));
  PARLEY_ASSERT(it != loading_.end());
  auto& joins = it->second.joins;
  const auto pending =
      std::ranges::find(joins, connection, [](const Pending& p) { return p.request.connection; });
  PARLEY_ASSERT(pending != joins.end());
  state_.reply(pending->request, Refusal::of(Code::kRefused));
  joins.erase(pending);
}

// ---- At the door

void Entrance::knock(Time now, Room& room, Pending& pending) {
  const auto refuse = [&](Code code) { state_.reply(pending.request, Refusal::of(code)); };
  if (pending.token && pending.token->room_id && pending.token->room_id != room.id) {
    return refuse(Code::kBadToken);
  }
  const auto claim = claim_of(now, pending.join);
  if (claim) {
    if (Participant* const who = room.find(claim->sid)) return come_back(now, room, *who, pending);
    if (Guest* const guest = room.waiting.find(claim->sid)) {
      return wait_again(now, room, *guest, pending);
    }
  }
  const Connection& connection = state_.connections.at(pending.request.connection);
  Guest guest = describe(now, connection, room, pending, claim);
  guest.participant.link.offer = std::move(pending.join.offer);
  const Admission admission = judge(room.settings, state_.config.guests, guest.door);
  if (const auto code = code_of(admission)) return refuse(*code);
  if (admission == Admission::kWait) {
    if (room.waiting.size() >= state_.config.max_waiting) return refuse(Code::kRoomFull);
    return wait(now, room, std::move(guest), pending);
  }
  if (is_full(room)) return refuse(Code::kRoomFull);
  come_in(now, room, std::move(guest), pending.request);
}

std::optional<ResumeTokens::Claim> Entrance::claim_of(Time now, const Join& join) {
  if (!join.resume) return std::nullopt;
  auto claim = state_.tokens.verify(*join.resume, join.room);
  Room* const room = state_.find_room(join.room);
  const bool present = claim && room != nullptr && room->find(claim->sid) != nullptr;
  if (claim && (present || claim->expiry >= state_.unix_millis(now))) return claim;
  ++state_.counters.bad_resumes;
  return std::nullopt;
}

// A life that began before the server did goes on: everyone in it comes back.
bool Entrance::was_in(const Room& room, const ResumeTokens::Claim& claim) const {
  if (claim.waits || claim.life == UnixMillis()) return false;
  return claim.life == room.life || claim.life < state_.config.started;
}

Entrance::Guest Entrance::describe(Time now, const Connection& connection, const Room& room,
                                   const Pending& pending,
                                   const std::optional<ResumeTokens::Claim>& claim) const {
  const bool returning = claim && was_in(room, *claim);
  Identity identity = connection.identity;
  if (!identity.user && claim) identity.user = claim->user;  // The resume proves it as well.
  const std::string sid = claim ? claim->sid : state_.random.token(kSidCharacters);
  Standing standing = room.roles.on_entry(
      identity, sid, returning ? std::optional(claim->standing) : std::nullopt, pending.token);
  const bool first = !identity.by_server_alone && !room.roles.kept() && !has_people(room) &&
                     room.waiting.empty() && !returning && room.settings == RoomSettings();
  if (first) standing.role = Role::kOwner;
  if (identity.by_server_alone) standing.role = Role::kParticipant;  // Whatever its token says.

  const bool named = pending.token.has_value();
  Guest guest{.participant = {.sid = sid,
                              .name = named ? pending.token->name : pending.join.name,
                              .named_by_token = named,
                              .identity = identity,
                              .address = connection.address,
                              .role = standing.role,
                              .own = standing.own,
                              .speaker = standing.speaker,
                              .invited = standing.invited,
                              .media = {pending.join.micinf, pending.join.vidinf},
                              .connection = pending.request.connection},
              .since = state_.unix_millis(now)};
  if (returning) guest.life = claim->life;
  guest.asked = pending.join.topology.value_or(Topology::kAuto);
  guest.lecture = pending.join.lecture.value_or(false);
  const bool member = room.roles.is_member(identity.user);
  guest.door = {.removed = claim && room.bans.holds(sid),
                .suspect = room.bans.suspects(identity, connection.address),
                .host = is_host(standing.role) && !first,
                .member = member,
                .token = named,
                .returning = returning,
                .guest = !identity.user};
  return guest;
}

bool Entrance::is_full(const Room& room) const {
  const RoomsConfig& config = state_.config;
  const std::size_t limit = room.carriage.may_go_over_server()
                                ? config.max_participants
                                : std::min(config.max_participants, config.max_mesh_participants);
  return room.size() >= limit;
}

// ---- In the room

void Entrance::come_in(Time now, Room& room, Guest guest, std::optional<Request> join) {
  const UnixMillis unix_now = state_.unix_millis(now);
  const bool first = room.life == UnixMillis();
  if (first) {
    state_.last_life = std::max(unix_now, state_.last_life + std::chrono::milliseconds(1));
    room.life = guest.life != UnixMillis() ? guest.life : state_.last_life;
    if (room.next_use == kNever) presence_.use(now, room);
    switchboard_.open(room, guest.asked);
  }
  Participant& who = room.add(std::move(guest.participant));
  who.joined_at = unix_now;
  settle_ownership(now, room, who,
                   guest.life != UnixMillis() && guest.life < state_.config.started);
  if (first && guest.lecture) make_lecture(room, who);
  privileges_.enter(room, who);
  ++state_.counters.joins;
  ++state_.counters.participants;
  switchboard_.review(now, room);
  if (who.connection) {
    Connection& connection = state_.connections.at(who.connection);
    connection.waits_in = nullptr;
    connection.seat = {&room, &who};
    welcome(now, join.value_or(Request{who.connection, std::nullopt}), room, who, false,
            !join.has_value());
  }
  state_.announce(now, room, who, Joined{who.view()});
  if (!who.on_stage) state_.audience_changed(now, room);
}

void Entrance::make_lecture(Room& room, const Participant& maker) {
  if (room.roles.kept() || maker.role != Role::kOwner || !state_.config.topology.media) return;
  room.settings.lecture = true;
  state_.ask_store(room.name(), SaveSettings{room.settings});
}

void Entrance::settle_ownership(Time now, Room& room, Participant& comer, bool from_before) {
  if (room.roles.kept()) return;
  Participant* owner = nullptr;
  for (Participant* const other : room.on_stage()) {
    if (other != &comer && other->role == Role::kOwner) owner = other;
  }
  if (comer.role != Role::kOwner) {
    if (owner == nullptr) presence_.wait_for_owner(now, room);
    return;
  }
  if (owner != nullptr && !(from_before && room.owner_is_new)) {
    comer.role = Role::kCohost;
    return;
  }
  presence_.owner_is_there(room);
  room.owner_is_new =
      !from_before && state_.unix_millis(now) < state_.config.started + state_.config.return_window;
  if (owner != nullptr) privileges_.give_role(now, room, *owner, Role::kParticipant);
}

void Entrance::come_back(Time now, Room& room, Participant& who, Pending& pending) {
  Connection& connection = state_.connections.at(pending.request.connection);
  if (who.connection && !who.away) {
    ++state_.counters.replaced;
    state_.tell(who.connection, Replaced{});
  }
  presence_.unseat(who);
  presence_.set_present({&room, &who});
  switchboard_.come_back(room, who, std::move(pending.join.offer));
  if (!who.named_by_token) who.name = pending.join.name;
  const bool logged_in = connection.identity.user && connection.identity != who.identity;
  if (logged_in) who.identity = connection.identity;
  who.address = connection.address;
  who.media.micinf = pending.join.micinf;
  who.media.vidinf = pending.join.vidinf;
  who.media = permitted_part(who.media, who.permissions);
  switchboard_.media_told(room, who);
  who.connection = pending.request.connection;
  connection.seat = {&room, &who};
  ++state_.counters.resumes;
  welcome(now, pending.request, room, who, true, false);
  for (Event& event : who.missed.take()) state_.tell(who.connection, std::move(event));
  presence_.tell_back(now, {&room, &who});
  if (logged_in) privileges_.members_changed(now, room);
}

void Entrance::welcome(Time now, const Request& join, Room& room, Participant& who, bool resumed,
                       bool admitted) {
  if (!join.ack && !admitted) return;
  const auto grace = std::chrono::duration_cast<std::chrono::seconds>(state_.config.grace);
  Welcome welcome{.sid = who.sid,
                  .resume = state_.resume_of(now, room, who, false),
                  .resumed = resumed,
                  .room = room.name(),
                  .topology = room.topology(),
                  .one_stream = room.carriage.may_make_one_stream(),
                  .participants = room.views_except(who.sid),
                  .grace_seconds = grace.count(),
                  .name = who.name,
                  .role = who.role,
                  .permissions = who.permissions,
                  .hand = {who.hand},
                  .settings = room.settings,
                  .kept = room.roles.kept(),
                  .started_at = as_number(room.life),
                  .server_time = as_number(state_.unix_millis(now)),
                  .on_stage = who.on_stage};
  if (!who.identity.account.empty()) welcome.account = {who.identity.account};
  if (is_host(who.role)) welcome.waiting = room.waiting.people();
  if (room.settings.lecture) welcome.audience = room.audience().counts();
  switchboard_.welcome(
      now, room, who, Admit{.to = join.connection, .ack = join.ack, .welcome = std::move(welcome)});
  if (is_host(who.role) && room.audience().counts().hands > 0) state_.tell_raised(room, who);
}

}  // namespace parley::meeting
