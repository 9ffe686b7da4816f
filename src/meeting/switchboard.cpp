#include "meeting/switchboard.h"

#include <algorithm>
#include <utility>

#include "meeting/media_facts.h"

namespace parley::meeting {
namespace {

Refusal no_media(std::string_view sentence) {
  return {.code = Code::kUnavailable, .message = std::string(sentence)};
}

}  // namespace

// ---- The room

void Switchboard::open(Room& room, Topology asked) {
  room.carriage = TopologyController(state_.config.topology, asked);
}

void Switchboard::review(Time now, Room& room) {
  const Time before = room.carriage.deadline();
  follow(now, room, before, room.carriage.update(now, facts_of(room)));
}

void Switchboard::handle_timeout(Time now, Room& room, const Deadline& deadline) {
  switch (deadline.kind) {
    case Deadline::Kind::kTopology:
      return follow(now, room, kNever, room.carriage.handle_timeout(now));
    case Deadline::Kind::kMediaIdle: room.media_until = kNever; return close_connections(room);
    default: break;
  }
  Participant* const who = room.find(deadline.sid);
  if (who == nullptr || !who->link.awaited) return;
  ++state_.counters.media_timeouts;
  settle(room, *who, Settled::kNoAnswer);
}

void Switchboard::follow(Time now, Room& room, Time deadline_before,
                         const std::optional<TopologyController::Change>& change) {
  const Time deadline = room.carriage.deadline();
  if (deadline != deadline_before) {
    state_.deadlines.cancel({deadline_before, Deadline::Kind::kTopology, room.name(), {}});
    if (deadline != kNever) {
      state_.deadlines.add({deadline, Deadline::Kind::kTopology, room.name(), {}});
    }
  }
  if (change) announce(now, room, *change);
}

void Switchboard::announce(Time now, Room& room, TopologyController::Change change) {
  ++state_.counters.topology_changes[std::to_underlying(change.reason)];
  const bool by_server = change.topology == Topology::kSfu;
  by_server ? ++state_.counters.sfu_rooms : --state_.counters.sfu_rooms;
  state_.deadlines.cancel({room.media_until, Deadline::Kind::kMediaIdle, room.name(), {}});
  room.media_until = by_server ? kNever : now + state_.config.media_idle;
  if (!by_server) {
    room.speakers.clear();
    state_.deadlines.add({room.media_until, Deadline::Kind::kMediaIdle, room.name(), {}});
  }
  std::vector<ConnectionId> at_once;
  for (Participant& who : room.participants()) {
    settle(room, who, Settled::kOvertaken);
    if (!is_seated(who)) continue;
    if (by_server && who.link.offer && !who.away) {
      ask_for_connection(now, room, who, {.offer = *std::exchange(who.link.offer, {})},
                         {.use = AwaitedAnswer::Use::kTopology});
    } else {
      at_once.push_back(who.connection);
    }
  }
  state_.tell(std::move(at_once), TopologyChanged{change.topology, change.reason, {}});
}

// A comer has a connection before they have their welcome, which says what holds.
bool Switchboard::is_seated(const Participant& who) const {
  if (!who.connection) return false;
  const auto it = state_.connections.find(who.connection);
  return it != state_.connections.end() && it->second.seat.participant == &who;
}

void Switchboard::close(Room& room) {
  if (room.topology() == Topology::kSfu) --state_.counters.sfu_rooms;
  state_.deadlines.cancel({room.carriage.deadline(), Deadline::Kind::kTopology, room.name(), {}});
  state_.deadlines.cancel(
      {std::exchange(room.media_until, kNever), Deadline::Kind::kMediaIdle, room.name(), {}});
  close_connections(room);
  room.carriage = {};
  room.unconnected.clear();
  room.speakers.clear();
}

void Switchboard::forget_connection(Participant& who) {
  who.link.held = who.link.answered = false;
  who.link.slots.clear();
  who.link.layers.clear();
}

void Switchboard::close_connections(Room& room) {
  if (!std::exchange(room.media_open, false)) return;
  for (Participant& who : room.participants()) forget_connection(who);
  ++state_.counters.media_requests;
  state_.outputs.emplace_back(ToMedia{.room = room.name(), .request = CloseRoom{}});
}

// ---- People

void Switchboard::welcome(Time now, Room& room, Participant& who, Admit admit) {
  const bool by_server = room.topology() == Topology::kSfu;
  const bool resumed = admit.welcome.resumed;
  if (by_server && who.link.offer) {
    const Request join{admit.to, admit.ack};
    state_.hold(std::move(admit));
    ask_for_connection(now, room, who, {.offer = *std::exchange(who.link.offer, {})},
                       {.use = AwaitedAnswer::Use::kWelcome, .request = join});
  } else {
    state_.outputs.emplace_back(std::move(admit));
    if (by_server && resumed && !who.link.answered) {
      state_.tell(who.connection, TopologyChanged{Topology::kSfu, room.carriage.reason(), {}});
    }
  }
  if (by_server) tell_again(room, who);
}

void Switchboard::come_back(Room& room, Participant& who, std::optional<MediaOffer> offer) {
  settle(room, who, Settled::kOvertaken);
  who.link.offer = std::move(offer);
}

void Switchboard::leave(Room& room, Participant& who) {
  settle(room, who, Settled::kOvertaken);
  std::erase_if(room.unconnected,
                [&](const auto& pair) { return pair.first == who.sid || pair.second == who.sid; });
  std::erase(room.speakers, who.sid);
  disconnect(room, who);
}

void Switchboard::disconnect(const Room& room, Participant& who) {
  if (!who.link.held) return;
  forget_connection(who);
  ask(room, who, Disconnect{});
}

void Switchboard::media_told(const Room& room, Participant& who) {
  SetSending& let = who.link.hosts_let;
  let.microphone |= who.media.micinf;
  let.camera |= who.media.vidinf;
  let.screen |= who.media.scrinf;
  let.screen_audio |= who.media.scrinf;
  sending_changed(room, who);
  person_changed(room, who);
}

void Switchboard::sending_changed(const Room& room, Participant& who) {
  const SetSending sending = sending_of(who);
  if (!who.link.held || sending == who.link.sending) return;
  who.link.sending = sending;
  ask(room, who, sending);
}

void Switchboard::person_changed(const Room& room, Participant& who) {
  Describe person = describe(room, who);
  if (!who.link.held || person == who.link.person) return;
  who.link.person = person;
  ask(room, who, std::move(person));
}

// ---- What they say

void Switchboard::connect(Time now, Seat from, const Request& request, ConnectMedia& connect) {
  if (!state_.config.topology.media) {
    return state_.reply(request, no_media("This server carries no media."));
  }
  if (from.room->topology() != Topology::kSfu) {
    return state_.reply(request, no_media("This room's media goes from peer to peer."));
  }
  if (!from.participant->link.connects.take(now, kConnects)) {
    return state_.reply(request, Refusal::of(Code::kTooManyRequests));
  }
  from.participant->link.offer.reset();
  ask_for_connection(
      now, *from.room, *from.participant,
      {.offer = std::move(connect.offer), .renegotiate = connect.renegotiate.value_or(false)},
      {.use = AwaitedAnswer::Use::kRequest, .request = request});
}

// Who is away is not reached by anybody, and the server does not reach them either.
Switchboard::Outcome Switchboard::on(Time now, Seat from, const ReportUnconnected& report) {
  Room& room = *from.room;
  const Participant* const whom = room.find(report.sid);
  if (whom == nullptr || whom == from.participant) return Refusal::of(Code::kNoSuchParticipant);
  ++state_.counters.unconnected;
  if (room.topology() != Topology::kP2p || whom->away) return std::nullopt;
  const auto pair = std::minmax(from.participant->sid, whom->sid);
  if (std::ranges::count(room.unconnected, std::pair<std::string, std::string>(pair)) > 0) {
    return std::nullopt;
  }
  if (room.unconnected.size() < Room::kMaxUnconnected) room.unconnected.emplace_back(pair);
  review(now, room);
  return std::nullopt;
}

// The view is kept before the room goes by the server for its sake, and asked with the connection.
Switchboard::Outcome Switchboard::on(Time now, Seat from, ChangeView& view) {
  if (view.one_stream && !from.room->carriage.may_make_one_stream()) {
    return no_media("Here nobody is sent everyone in one stream.");
  }
  MediaLink& link = from.participant->link;
  const bool before = has_one_stream(*from.participant);
  link.view = SetView{std::move(view.tiles), view.one_stream};
  if (link.held) ask(*from.room, *from.participant, *link.view);
  if (has_one_stream(*from.participant) != before) review(now, *from.room);
  return std::nullopt;
}

// ---- Connections

void Switchboard::ask_for_connection(Time now, Room& room, Participant& who, Connect connect,
                                     AwaitedAnswer awaited) {
  settle(room, who, Settled::kOvertaken);
  MediaLink& link = who.link;
  awaited.ticket = ++state_.last_ticket;
  awaited.until = now + state_.config.answer_wait;
  awaited.renegotiate = connect.renegotiate;
  state_.deadlines.add({awaited.until, Deadline::Kind::kAnswer, room.name(), who.sid});
  link.awaited = awaited;
  link.held = true;
  room.media_open = true;
  const bool anew = !connect.renegotiate;
  connect.sending = link.sending = sending_of(who);
  connect.person = link.person = describe(room, who);
  ask(room, who, std::move(connect), awaited.ticket);
  if (!anew) return;
  link.answered = false;
  link.slots.clear();
  link.layers.clear();
  if (link.view) ask(room, who, *link.view);
}

void Switchboard::settle(Room& room, Participant& who, Settled how, std::string text) {
  if (!who.link.awaited) return;
  const AwaitedAnswer awaited = *std::exchange(who.link.awaited, std::nullopt);
  state_.deadlines.cancel({awaited.until, Deadline::Kind::kAnswer, room.name(), who.sid});
  const bool answered = how == Settled::kAnswered;
  if (answered) {
    // Whoever is not there any more to hear it has no part in the connection.
    if (!is_heard(who, awaited)) return disconnect(room, who);
    who.link.answered = true;
  }
  auto answer = answered ? std::optional(std::move(text)) : std::nullopt;
  switch (awaited.use) {
    case AwaitedAnswer::Use::kWelcome:
      return state_.release(awaited.request.connection, std::move(answer));
    case AwaitedAnswer::Use::kTopology:
      if (how == Settled::kOvertaken) return;
      return state_.tell(who.connection, TopologyChanged{room.topology(), room.carriage.reason(),
                                                         std::move(answer)});
    case AwaitedAnswer::Use::kRequest: break;
  }
  if (answered) return state_.reply(awaited.request, ConnectReply{*std::move(answer)});
  if (how == Settled::kBadOffer) {
    return state_.reply(awaited.request, Refusal::of(FieldError{"offer", std::move(text)}));
  }
  state_.reply(awaited.request, no_media("The server has not answered the offer; try again."));
}

bool Switchboard::is_heard(const Participant& who, const AwaitedAnswer& awaited) const {
  switch (awaited.use) {
    case AwaitedAnswer::Use::kWelcome: return state_.held.contains(awaited.request.connection);
    case AwaitedAnswer::Use::kRequest: return who.connection == awaited.request.connection;
    case AwaitedAnswer::Use::kTopology: return static_cast<bool>(who.connection);
  }
  std::unreachable();
}

void Switchboard::ask(const Room& room, const Participant& who, MediaRequest request,
                      std::uint64_t ticket) {
  ++state_.counters.media_requests;
  state_.outputs.emplace_back(ToMedia{ticket, room.name(), who.sid, std::move(request)});
}

// ---- What media says

void Switchboard::hear(Time, FromMedia& from) {
  Room* const room = state_.find_room(from.room);
  if (room == nullptr) return;
  if (auto* const speakers = std::get_if<SpeakersChanged>(&from.event)) return on(*room, *speakers);
  Participant* const who = room->find(from.sid);
  if (who == nullptr) return;
  std::visit(
      [&](auto& event) {
        if constexpr (requires { on(*room, *who, event); }) on(*room, *who, event);
      },
      from.event);
}

void Switchboard::on(Room& room, Participant& who, Answered& answered) {
  if (!who.link.awaited || who.link.awaited->ticket != answered.ticket) return;
  if (answered.answer) {
    settle(room, who, Settled::kAnswered, *std::move(answered.answer));
  } else {
    ++state_.counters.media_bad_offers;
    settle(room, who, Settled::kBadOffer, std::move(answered.answer.error()));
  }
}

void Switchboard::on(Room&, Participant& who, SlotsChanged& changed) {
  std::vector<SlotView> told;
  for (SlotsChanged::Slot& slot : changed.slots) {
    std::erase_if(who.link.slots, [&](const SlotView& old) { return old.mid == slot.mid; });
    told.push_back(view_of(std::move(slot)));
    if (told.back().sid || told.back().one_stream) who.link.slots.push_back(told.back());
  }
  if (!told.empty()) state_.tell(who.connection, SlotsTold{std::move(told)});
}

void Switchboard::on(Room&, Participant& who, QualityChanged& changed) {
  if (who.away) return;  // The next comes within a second.
  QualityTold told{.estimate = changed.estimate};
  for (TileQuality& tile : changed.tiles) told.tiles.push_back(view_of(std::move(tile)));
  state_.tell(who.connection, std::move(told));
}

void Switchboard::on(Room&, Participant& who, LayersChanged& changed) {
  std::erase_if(who.link.layers,
                [&](const LayersTold& old) { return old.source == changed.source; });
  LayersTold& told =
      who.link.layers.emplace_back(LayersTold{changed.source, std::move(changed.active)});
  state_.tell(who.connection, told);
}

void Switchboard::on(Room& room, Participant& who, const ConnectionChanged& changed) {
  switch (changed.state) {
    case ConnectionChanged::State::kConnected: ++state_.counters.media_connected; return;
    case ConnectionChanged::State::kLost: ++state_.counters.media_lost; return;
    case ConnectionChanged::State::kFailed: break;
  }
  ++state_.counters.media_failed;
  if (who.link.awaited && !who.link.awaited->renegotiate) return;  // The next one is on its way.
  forget_connection(who);
  settle(room, who, Settled::kNoAnswer);
  if (room.topology() != Topology::kSfu) return;
  state_.tell(who.connection, TopologyChanged{Topology::kSfu, room.carriage.reason(), {}});
}

void Switchboard::on(Room& room, SpeakersChanged& changed) {
  std::erase_if(changed.sids, [&](const std::string& sid) {
    const Participant* const who = room.find(sid);
    return who == nullptr || !who->on_stage;
  });
  if (room.topology() != Topology::kSfu || changed.sids == room.speakers) return;
  room.speakers = std::move(changed.sids);
  state_.tell(room.connections(), SpeakersTold{room.speakers});
}

// What they have missed, or what was told before they came.
void Switchboard::tell_again(Room& room, Participant& who) {
  if (!who.link.slots.empty()) state_.tell(who.connection, SlotsTold{who.link.slots});
  for (const LayersTold& layers : who.link.layers) state_.tell(who.connection, layers);
  if (!room.speakers.empty()) state_.tell(who.connection, SpeakersTold{room.speakers});
}

}  // namespace parley::meeting
