#include "meeting/rooms.h"

#include <utility>

#include "base/overloaded.h"
#include "meeting/rights.h"

namespace parley::meeting {
namespace {

template <class T, class Variant>
struct IsOneOf;
template <class T, class... Alternatives>
struct IsOneOf<T, std::variant<Alternatives...>>
    : std::bool_constant<(std::same_as<T, Alternatives> || ...)> {};

}  // namespace

Rooms::Rooms(RoomsConfig config, Random& random)
    : state_(config, random),
      switchboard_(state_),
      privileges_(state_, switchboard_),
      presence_(state_, switchboard_, privileges_),
      entrance_(state_, switchboard_, privileges_, presence_),
      host_controls_(state_, switchboard_, privileges_, presence_, entrance_),
      conversation_(state_, switchboard_),
      clerk_(state_, privileges_, entrance_),
      vote_counter_(state_) {}

void Rooms::handle_input(Time now, Input input) {
  std::visit([&](auto& happened) { on(now, happened); }, input);
}

void Rooms::handle_timeout(Time now) {
  state_.announcements.handle_timeout(now);
  while (const auto due = state_.deadlines.take_due(now)) {
    Room* const room = state_.find_room(due->room);
    if (room == nullptr) continue;
    switch (due->kind) {
      case Deadline::Kind::kAway:
        ++state_.counters.timeouts;
        presence_.remove(now, {room, room->find(due->sid)}, LeaveReason::kTimeout);
        break;
      case Deadline::Kind::kWaiting: entrance_.waiting_timed_out(now, *due); break;
      case Deadline::Kind::kVacancy: presence_.handle_vacancy(now, *room); break;
      case Deadline::Kind::kUse: presence_.use(now, *room); break;
      case Deadline::Kind::kVotes: vote_counter_.handle_timeout(now, *room); break;
      case Deadline::Kind::kTopology:
      case Deadline::Kind::kMediaIdle:
      case Deadline::Kind::kAnswer: switchboard_.handle_timeout(now, *room, *due); break;
      case Deadline::Kind::kAudience:
      case Deadline::Kind::kReactions: state_.tell_audience(now, *room, due->kind); break;
    }
  }
}

std::optional<Output> Rooms::poll_output() {
  while (true) {
    if (auto told = state_.announcements.take()) return *std::move(told);
    if (state_.outputs.empty()) return std::nullopt;
    if (state_.announcements.precede(state_.outputs.front())) continue;
    Output output = std::move(state_.outputs.front());
    state_.outputs.pop_front();
    auto* const tell = std::get_if<Tell>(&output);
    if (tell == nullptr || tell->due == kAtOnce) return output;
    state_.announcements.hold(std::move(*tell));
  }
}

RoomView Rooms::view(std::string_view room) const {
  const auto it = state_.rooms.find(std::string(room));
  return it == state_.rooms.end() ? Room(std::string(room)).view() : it->second.view();
}

std::optional<Rooms::Live> Rooms::live(std::string_view room) const {
  const auto it = state_.rooms.find(std::string(room));
  if (it == state_.rooms.end()) return std::nullopt;
  return Live{.settings = it->second.settings, .kept = it->second.roles.kept()};
}

// ---- What the owner tells

void Rooms::on(Time, const Came& came) {
  Connection& connection = connection_of(came.connection);
  connection.identity = came.identity;
  connection.address = came.address;
}

void Rooms::on(Time now, Said& said) {
  const Request request{said.connection, said.ack};
  Connection& connection = connection_of(said.connection);
  if (!connection.bucket.take(now, state_.config.events)) {
    return state_.reply(request, Refusal::of(Code::kTooManyRequests));
  }
  auto command = parse_command(said.event, said.body);
  if (!command) return state_.reply(request, std::move(command.error()));
  if (auto* const join = std::get_if<Join>(&*command)) {
    const bool somewhere = connection.seat.room != nullptr || connection.waits_in != nullptr ||
                           !connection.joins.empty();
    if (somewhere) return state_.reply(request, Refusal::of(Code::kAlreadyJoined));
    return entrance_.join(now, request, std::move(*join), std::move(said.token));
  }
  if (std::holds_alternative<Leave>(*command)) return leave(now, request, connection);
  if (connection.seat.room == nullptr) {
    return state_.reply(request, Refusal::of(Code::kNotJoined));
  }
  if (std::holds_alternative<AskIceServers>(*command)) {
    return give_ice_servers(request, connection.seat);
  }
  carry_out(now, request, connection, *command);
}

void Rooms::on(Time now, const Lost& lost) {
  const auto it = state_.connections.find(lost.connection);
  if (it == state_.connections.end()) return presence_.forget(lost.connection);
  Connection& connection = it->second;
  if (lost.may_recover) {
    state_.release(lost.connection, std::nullopt);
  } else {
    state_.held.erase(lost.connection);
  }
  if (connection.waits_in != nullptr) {
    return entrance_.waiting_lost(now, connection, lost.may_recover);
  }
  if (!connection.joins.empty()) entrance_.cancel(lost.connection);
  if (connection.seat.room == nullptr) return presence_.forget(lost.connection);
  const Seat seat = connection.seat;
  presence_.set_away(now, seat, now + state_.config.grace);
  if (!lost.may_recover) presence_.unseat(*seat.participant);
}

void Rooms::on(Time now, const Recovered& recovered) {
  const auto it = state_.connections.find(recovered.connection);
  if (it != state_.connections.end() && it->second.waits_in != nullptr) {
    return entrance_.waiting_recovered(it->second);
  }
  if (it == state_.connections.end() || it->second.seat.room == nullptr) {
    return state_.tell(recovered.connection, Error{Refusal::of(Code::kNotJoined)});
  }
  const Seat seat = it->second.seat;
  seat.participant->missed.take();  // The transport has given it out.
  presence_.set_present(seat);
  ++state_.counters.recoveries;
  presence_.tell_back(now, seat);
}

void Rooms::on(Time now, FromStore& from) {
  const auto asked = state_.tickets.extract(from.ticket);
  if (asked.empty()) return;
  const std::string& name = asked.mapped();
  if (!from.reply) ++state_.counters.store_failures;
  if (entrance_.loaded(now, from.ticket, name, from.reply)) return;
  Room* const room = state_.find_room(name);
  if (room == nullptr) return;
  if (from.reply && std::holds_alternative<RoomRecord>(*from.reply)) {
    return entrance_.reloaded(now, *room, std::get<RoomRecord>(*from.reply));
  }
  if (vote_counter_.handle_reply(now, *room, from.ticket, from.reply)) return;
  clerk_.handle_reply(now, *room, from.ticket, std::move(from.reply));
}

void Rooms::on(Time now, FromMedia& event) {
  switchboard_.hear(now, event);
}

void Rooms::on(Time, const RoomChanged& changed) {
  if (state_.find_room(changed.room) != nullptr) state_.ask_store(changed.room, LoadRoom{});
}

void Rooms::on(Time now, const RoomDeleted& deleted) {
  if (Room* const room = state_.find_room(deleted.room)) presence_.end(now, *room, nullptr);
}

void Rooms::on(Time, const Close& close) {
  state_.closing = true;
  std::vector<ConnectionId> all;
  for (const auto& [id, connection] : state_.connections) {
    if (connection.seat.room != nullptr || connection.waits_in != nullptr) all.push_back(id);
  }
  state_.tell(std::move(all), Closing{close.reason});
}

// ---- What clients say

Connection& Rooms::connection_of(ConnectionId id) {
  return state_.connections.try_emplace(id, Connection{}).first->second;
}

void Rooms::carry_out(Time now, const Request& request, Connection& connection, Command& command) {
  const Seat seat = connection.seat;
  auto refusal = refusal_of(*seat.participant, command);
  if (refusal) return state_.reply(request, *std::move(refusal));
  const auto answer = [&](Outcome outcome) {
    state_.reply(request, outcome ? Reply(*std::move(outcome)) : Reply(Done{}));
  };
  std::visit(
      [&]<class T>(T& said) {
        if constexpr (IsOneOf<T, StoredCommand>::value) {
          auto refused = clerk_.submit(now, seat, request, std::move(said));
          if (refused) state_.reply(request, *std::move(refused));
        } else if constexpr (std::same_as<T, CastVote>) {
          auto refused = vote_counter_.submit(now, seat, request, said);
          if (refused) state_.reply(request, *std::move(refused));
        } else if constexpr (std::same_as<T, ConnectMedia>) {
          switchboard_.connect(now, seat, request, said);
        } else if constexpr (std::same_as<T, ReadRoster>) {
          ++state_.counters.roster_pages;
          state_.reply(request, seat.room->audience().page(said));
        } else if constexpr (requires { switchboard_.on(now, seat, said); }) {
          answer(switchboard_.on(now, seat, said));
        } else if constexpr (requires { host_controls_.on(now, seat, said); }) {
          answer(host_controls_.on(now, seat, said));
        } else if constexpr (requires { conversation_.on(now, seat, said); }) {
          answer(conversation_.on(now, seat, said));
        }
      },
      command);
}

void Rooms::leave(Time now, const Request& request, Connection& connection) {
  if (connection.waits_in != nullptr) {
    entrance_.stop_waiting(now, connection);
  } else if (!connection.joins.empty()) {
    entrance_.cancel(request.connection);
  } else if (connection.seat.room != nullptr) {
    const Seat seat = std::exchange(connection.seat, {});
    // Who came and went before is nothing to them any more, even if they join again.
    state_.announcements.precede(Forget{request.connection});
    state_.release(request.connection, std::nullopt);
    seat.participant->connection = {};
    ++state_.counters.leaves;
    presence_.remove(now, seat, LeaveReason::kLeft);
  } else {
    return state_.reply(request, Refusal::of(Code::kNotJoined));
  }
  state_.reply(request, Done{});
}

void Rooms::give_ice_servers(const Request& request, Seat seat) {
  if (!request.ack) return;
  state_.outputs.push_back(
      GiveIceServers{.to = request.connection, .ack = *request.ack, .sid = seat.participant->sid});
}

}  // namespace parley::meeting
