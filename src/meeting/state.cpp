#include "meeting/state.h"

#include <algorithm>
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

void State::announce(Time now, Room& room, const Participant& who, Event event) {
  if (who.on_stage) announce(now, room, who.sid, std::move(event));
}

void State::announce(Time now, Room& room, std::string_view sid, Event event) {
  std::vector<ConnectionId> to = room.connections_except(sid);
  const bool few = to.size() <= config.told_at_once;
  const Duration gather =
      std::max(config.gather, config.gather_each * static_cast<Duration::rep>(to.size()));
  const Time due = few ? kAtOnce : room.announcements.next(now, gather);
  tell(std::move(to), std::move(event), due);
}

void State::tell_others(Room& room, const Participant& who, Event event) {
  if (who.on_stage) tell(room.connections_except(who.sid), std::move(event));
}

void State::tell_of(Room& room, const Participant& who, Event event) {
  who.on_stage ? tell(room.connections(), std::move(event))
               : tell(who.connection, std::move(event));
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
  tell_of(room, participant, ParticipantChanged{participant.view()});
}

void State::tell_waiting(Room& room) {
  tell(room.connections_of_hosts(), WaitingChanged{room.waiting.people()});
}

// ---- The audience of a lecture

void State::audience_changed(Time now, Room& room) {
  if (!room.settings.lecture) return;
  const AudienceSize size = room.audience().counts();
  room.news.size_changed |= std::exchange(room.news.size, size) != size;
  TellingPace& pace = room.news.size_pace;
  const Time before = pace.due();
  if (pace.change(now, config.audience_pace)) {
    return tell_audience(now, room, Deadline::Kind::kAudience);
  }
  if (before == kNever) deadlines.add({pace.due(), Deadline::Kind::kAudience, room.name(), {}});
}

void State::sum_reaction(Time now, Room& room, const std::string& emoji) {
  if (!room.news.reactions.add(emoji)) {
    ++counters.reactions_dropped;
    return;
  }
  ++counters.reactions_summed;
  TellingPace& pace = room.news.reactions_pace;
  const Time before = pace.due();
  if (pace.change(now, config.audience_pace)) {
    return tell_audience(now, room, Deadline::Kind::kReactions);
  }
  if (before == kNever) deadlines.add({pace.due(), Deadline::Kind::kReactions, room.name(), {}});
}

void State::tell_audience(Time now, Room& room, Deadline::Kind what) {
  ++counters.audience_told;
  if (what == Deadline::Kind::kReactions) {
    room.news.reactions_pace.told(now);
    return tell(room.connections(), ReactionsTold{room.news.reactions.take()});
  }
  room.news.size_pace.told(now);
  const auto [count, hands] = room.news.size;
  if (std::exchange(room.news.size_changed, false)) {
    tell(room.connections_but_of_hosts(), AudienceChanged{.count = count, .hands = hands});
  }
  tell(room.connections_of_hosts(), AudienceChanged{count, hands, room.audience().raised()});
}

void State::forget_audience(Room& room) {
  deadlines.cancel({room.news.size_pace.due(), Deadline::Kind::kAudience, room.name(), {}});
  deadlines.cancel({room.news.reactions_pace.due(), Deadline::Kind::kReactions, room.name(), {}});
  room.news = {};
}

void State::tell_raised(const Room& room, const Participant& host) {
  const AudienceSize size = room.audience().counts();
  tell(host.connection, AudienceChanged{size.count, size.hands, room.audience().raised()});
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
                                    .standing = standing_of(who)});
}

}  // namespace parley::meeting
