#include "meeting/rooms.h"

#include <utility>

#include "base/assert.h"
#include "base/overloaded.h"

namespace parley::meeting {
namespace {

constexpr std::size_t kSidCharacters = 12;  // 72 bits: nobody guesses or meets another's.

}  // namespace

Rooms::Rooms(RoomsConfig config, Random& random)
    : config_(config), random_(random), tokens_(config.key) {}

void Rooms::handle_input(Time now, Input input) {
  std::visit([&](auto& happened) { on(now, happened); }, input);
}

void Rooms::handle_timeout(Time now) {
  while (!away_.empty() && std::get<Time>(*away_.begin()) <= now) {
    const auto [gone_at, name, sid] = *away_.begin();
    Room* const room = find_room(name);
    PARLEY_ASSERT(room != nullptr);
    Participant* const participant = room->find(sid);
    PARLEY_ASSERT(participant != nullptr && participant->away);
    ++counters_.timeouts;
    remove({room, participant}, LeaveReason::kTimeout);
  }
}

std::optional<Rooms::Output> Rooms::poll_output() {
  if (outputs_.empty()) return std::nullopt;
  Output output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

Time Rooms::next_deadline() const {
  return away_.empty() ? kNever : std::get<Time>(*away_.begin());
}

RoomView Rooms::view(std::string_view room) const {
  const auto it = rooms_.find(std::string(room));
  return it == rooms_.end() ? Room(std::string(room)).view() : it->second.view();
}

// ---- What the owner tells

void Rooms::on(Time now, Said& said) {
  Connection& connection =
      connections_.try_emplace(said.connection, Connection{TokenBucket(config_.events)})
          .first->second;
  if (!connection.bucket.take(now, config_.events)) {
    return refuse(said, Refusal::of(Code::kTooManyRequests));
  }
  auto refusal = carry_out(now, said, connection);
  if (refusal) return refuse(said, *std::move(refusal));
  const bool answered = said.event == Join::kEvent;  // By an Admit.
  if (said.ack && !answered) outputs_.push_back(Answer{.to = said.connection, .ack = *said.ack});
}

void Rooms::on(Time now, const Lost& lost) {
  const auto it = connections_.find(lost.connection);
  const Seat seat = it == connections_.end() ? Seat() : it->second.seat;
  if (seat.room == nullptr) return forget(lost.connection);
  set_away(seat, now + config_.grace);
  if (!lost.may_recover) unseat(*seat.participant);
}

void Rooms::on(Time, const Recovered& recovered) {
  const auto it = connections_.find(recovered.connection);
  if (it == connections_.end() || it->second.seat.room == nullptr) {
    return tell({recovered.connection}, Error{Refusal::of(Code::kNotJoined)});
  }
  const Seat seat = it->second.seat;
  seat.participant->waiting.take();  // The transport has given it out.
  set_present(seat);
  ++counters_.recoveries;
  tell(seat.room->connections_except(seat.participant->sid), Back{seat.participant->view()});
}

void Rooms::on(Time, const Close& close) {
  closing_ = true;
  std::vector<ConnectionId> all;
  for (const auto& [id, connection] : connections_) {
    if (connection.seat.room != nullptr) all.push_back(id);
  }
  tell(std::move(all), Closing{close.reason});
}

// ---- What clients say

Rooms::Outcome Rooms::carry_out(Time now, const Said& said, Connection& connection) {
  auto command = parse_command(said.event, said.body);
  if (!command) return std::move(command.error());
  const bool joins = std::holds_alternative<Join>(*command);
  const bool joined = connection.seat.room != nullptr;
  if (joins && joined) return Refusal::of(Code::kAlreadyJoined);
  if (!joins && !joined) return Refusal::of(Code::kNotJoined);
  if (joins) return join(now, said, connection, std::get<Join>(*command));
  return std::visit(overloaded{
                        [](Join&) -> Outcome { std::unreachable(); },
                        [&](auto& message) { return on(connection, message); },
                    },
                    *command);
}

Rooms::Outcome Rooms::join(Time now, const Said& said, Connection& connection, const Join& join) {
  if (closing_) return Refusal::of(Code::kClosing);
  Identity identity = identify(now, join);
  Room* const room = find_room(join.room);
  Participant* const known =
      room != nullptr && identity.resumes ? room->find(identity.sid) : nullptr;
  if (known == nullptr) return come_in(now, said, connection, join, std::move(identity.sid));
  come_back(now, said, connection, join, {room, known});
  return std::nullopt;
}

Rooms::Outcome Rooms::on(Connection& connection, const Leave&) {
  const Seat seat = std::exchange(connection.seat, {});
  seat.participant->connection = {};
  ++counters_.leaves;
  remove(seat, LeaveReason::kLeft);
  return std::nullopt;
}

Rooms::Outcome Rooms::on(Connection& connection, const SetMedia& media) {
  const Seat seat = connection.seat;
  seat.participant->media = media;
  tell(seat.room->connections_except(seat.participant->sid),
       MediaChanged{seat.participant->sid, media.micinf, media.vidinf, media.scrinf});
  return std::nullopt;
}

Rooms::Outcome Rooms::on(Connection& connection, SendDescription& description) {
  const Participant& from = *connection.seat.participant;
  return pass_on(connection.seat, description.sid,
                 Description{.sid = from.sid,
                             .cname = from.name,
                             .type = description.type,
                             .sdp = std::move(description.sdp),
                             .sources = std::move(description.sources)},
                 counters_.descriptions);
}

Rooms::Outcome Rooms::on(Connection& connection, SendCandidate& candidate) {
  const Participant& from = *connection.seat.participant;
  return pass_on(
      connection.seat, candidate.sid,
      Candidate{.sid = from.sid, .cname = from.name, .candidate = std::move(candidate.candidate)},
      counters_.candidates);
}

// ---- Coming and going

Rooms::Identity Rooms::identify(Time now, const Join& join) {
  const Identity stranger{.sid = random_.token(kSidCharacters)};
  if (!join.resume) return stranger;
  const auto claim = tokens_.verify(*join.resume, join.room);
  Room* const room = find_room(join.room);
  const bool present = claim && room != nullptr && room->find(claim->sid) != nullptr;
  if (!claim || (claim->expiry < unix_time(now) && !present)) {
    ++counters_.bad_resumes;
    return stranger;
  }
  return {.sid = claim->sid, .resumes = true};
}

Rooms::Outcome Rooms::come_in(Time now, const Said& said, Connection& connection, const Join& join,
                              std::string sid) {
  Room* room = find_room(join.room);
  if (room == nullptr && rooms_.size() >= config_.max_rooms) return Refusal::of(Code::kServerFull);
  if (room != nullptr && room->size() >= config_.max_participants) {
    return Refusal::of(Code::kRoomFull);
  }
  if (room == nullptr) room = &rooms_.try_emplace(join.room, Room(join.room)).first->second;
  Participant& participant = room->add({.sid = std::move(sid),
                                        .name = join.name,
                                        .media = {.micinf = join.micinf, .vidinf = join.vidinf},
                                        .connection = said.connection});
  connection.seat = {room, &participant};
  ++counters_.joins;
  counters_.rooms = rooms_.size();
  ++counters_.participants;
  admit(now, said, connection.seat, false);
  tell(room->connections_except(participant.sid), Joined{participant.view()});
  return std::nullopt;
}

void Rooms::come_back(Time now, const Said& said, Connection& connection, const Join& join,
                      Seat seat) {
  Participant& participant = *seat.participant;
  if (participant.connection && !participant.away) {
    ++counters_.replaced;
    tell({participant.connection}, Replaced{});
  }
  unseat(participant);
  set_present(seat);
  participant.name = join.name;
  participant.media.micinf = join.micinf;
  participant.media.vidinf = join.vidinf;
  participant.connection = said.connection;
  connection.seat = seat;
  ++counters_.resumes;
  admit(now, said, seat, true);
  for (Event& event : participant.waiting.take()) tell({said.connection}, std::move(event));
  tell(seat.room->connections_except(participant.sid), Back{participant.view()});
}

void Rooms::admit(Time now, const Said& said, Seat seat, bool resumed) {
  if (!said.ack) return;
  const std::string& sid = seat.participant->sid;
  const std::string& room = seat.room->name();
  const auto grace = std::chrono::duration_cast<std::chrono::seconds>(config_.grace);
  outputs_.push_back(
      Admit{.to = said.connection,
            .ack = *said.ack,
            .welcome = {.sid = sid,
                        .resume = tokens_.issue(room, sid, unix_time(now) + config_.resume),
                        .resumed = resumed,
                        .room = room,
                        .topology = seat.room->topology(),
                        .participants = seat.room->views_except(sid),
                        .grace_seconds = grace.count()}});
}

// The connection that led to the participant, if any, no longer does.
void Rooms::unseat(Participant& participant) {
  const ConnectionId connection = std::exchange(participant.connection, {});
  if (!connection) return;
  if (participant.away) {
    forget(connection);  // It was lost, and is now not waited for any more.
  } else {
    connections_.at(connection).seat = {};
  }
}

void Rooms::forget(ConnectionId connection) {
  connections_.erase(connection);
  outputs_.push_back(Forget{connection});
}

void Rooms::set_away(Seat seat, Time gone_at) {
  if (seat.participant->away) return;
  seat.participant->away = true;
  seat.participant->gone_at = gone_at;
  away_.emplace(gone_at, seat.room->name(), seat.participant->sid);
  ++counters_.away;
  tell(seat.room->connections_except(seat.participant->sid), Away{seat.participant->sid});
}

void Rooms::set_present(Seat seat) {
  if (!seat.participant->away) return;
  away_.erase({seat.participant->gone_at, seat.room->name(), seat.participant->sid});
  seat.participant->away = false;
  seat.participant->gone_at = kNever;
  --counters_.away;
}

void Rooms::remove(Seat seat, LeaveReason reason) {
  unseat(*seat.participant);
  set_present(seat);
  const std::string sid = seat.participant->sid;
  seat.room->remove(sid);
  --counters_.participants;
  tell(seat.room->connections_except(sid), Left{sid, reason});
  if (seat.room->empty()) rooms_.erase(std::string(seat.room->name()));
  counters_.rooms = rooms_.size();
}

// ---- Outputs

Rooms::Outcome Rooms::pass_on(Seat from, std::string_view sid, Event event,
                              std::uint64_t& counter) {
  Participant* const to = from.room->find(sid);
  if (to == nullptr || to == from.participant) return Refusal::of(Code::kNoSuchParticipant);
  ++counter;
  if (to->away && !to->waiting.add(event)) ++counters_.waiting_dropped;
  if (to->connection) tell({to->connection}, std::move(event));
  return std::nullopt;
}

void Rooms::refuse(const Said& said, Refusal refusal) {
  ++counters_.refusals[std::to_underlying(refusal.code)];
  if (said.ack) {
    outputs_.push_back(Answer{said.connection, *said.ack, std::move(refusal)});
  } else {
    tell({said.connection}, Error{std::move(refusal)});
  }
}

void Rooms::tell(std::vector<ConnectionId> to, Event event) {
  if (!to.empty()) outputs_.push_back(Tell{std::move(to), std::move(event)});
}

Room* Rooms::find_room(std::string_view name) {
  const auto it = rooms_.find(std::string(name));
  return it == rooms_.end() ? nullptr : &it->second;
}

UnixTime Rooms::unix_time(Time now) const {
  return config_.unix_time_at_zero +
         std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
}

}  // namespace parley::meeting
