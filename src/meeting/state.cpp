#include "meeting/state.h"

#include <utility>

namespace parley::meeting {

Room* State::find_room(std::string_view name) {
  const auto it = rooms.find(std::string(name));
  return it == rooms.end() ? nullptr : &it->second;
}

UnixMillis State::unix_millis(Time now) const {
  return config.unix_time_at_zero +
         std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch());
}

void State::tell(std::vector<ConnectionId> to, Event event, Time due) {
  if (!held.empty()) {
    std::erase_if(to, [&](ConnectionId connection) {
      const auto it = held.find(connection);
      if (it == held.end()) return false;
      if (it->second.later.add(event)) return true;
      release(connection, std::nullopt);
      return false;
    });
  }
  if (!to.empty()) outputs.emplace_back(Tell{std::move(to), std::move(event), due});
}

void State::tell(ConnectionId to, Event event) {
  if (to) tell(std::vector{to}, std::move(event));
}

void State::announce(Time now, Room& room, std::string_view sid, Event event) {
  std::vector<ConnectionId> to = room.connections_except(sid);
  const bool few = to.size() <= config.told_at_once;
  const Time due = few ? kAtOnce : room.announcements.next(now, config.gather);
  tell(std::move(to), std::move(event), due);
}

void State::reply(const Request& request, Reply reply) {
  if (!connections.contains(request.connection)) return;  // It is gone meanwhile.
  const auto* const refusal = std::get_if<Refusal>(&reply);
  if (refusal != nullptr) ++counters.refusals[std::to_underlying(refusal->code)];
  if (request.ack) {
    outputs.emplace_back(Answer{request.connection, *request.ack, std::move(reply)});
  } else if (refusal != nullptr) {
    tell(request.connection, Error{*refusal});
  }
}

void State::hold(Admit admit) {
  const ConnectionId to = admit.to;
  held.insert_or_assign(to, HeldWelcome{.admit = std::move(admit)});
}

void State::release(ConnectionId connection, std::optional<std::string> answer) {
  auto found = held.extract(connection);
  if (found.empty()) return;
  HeldWelcome& welcome = found.mapped();
  welcome.admit.welcome.answer = std::move(answer);
  outputs.emplace_back(std::move(welcome.admit));
  for (Event& event : welcome.later.take()) tell(connection, std::move(event));
}

void State::tell_participant(Room& room, const Participant& participant) {
  tell(room.connections(), ParticipantChanged{participant.view()});
}

void State::tell_waiting(Room& room) {
  tell(room.connections_of_hosts(), WaitingChanged{room.waiting.people()});
}

std::uint64_t State::ask_store(const std::string& room, StoreRequest request) {
  ++counters.store_requests;
  outputs.emplace_back(ToStore{++last_ticket, room, std::move(request)});
  tickets.emplace(last_ticket, room);
  return last_ticket;
}

std::string State::resume_of(Time now, const Room& room, const Participant& who, bool waits) const {
  const auto expiry = std::chrono::floor<std::chrono::seconds>(unix_millis(now)) + config.resume;
  return tokens.issue(room.name(), {.sid = who.sid,
                                    .expiry = expiry,
                                    .life = room.life,
                                    .user = who.identity.user,
                                    .waits = waits,
                                    .standing = {.role = who.role, .own = who.own}});
}

}  // namespace parley::meeting
