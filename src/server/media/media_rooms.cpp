#include "server/media/media_rooms.h"

#include <algorithm>
#include <cmath>

#include "base/overloaded.h"
#include "server/media/media_words.h"

namespace parley::server {
namespace {

bool names(const meeting::SetView& view, std::string_view sid) {
  return std::ranges::any_of(view.tiles,
                             [&](const meeting::ViewTile& tile) { return tile.sid == sid; });
}

}  // namespace

// --- What the meeting asks for ---

MediaRooms::Outcome MediaRooms::handle_request(meeting::ToMedia to) {
  Outcome outcome;
  auto request = std::exchange(to.request, {});
  std::visit([&](auto& one) { on(to, one, outcome); }, request);
  return outcome;
}

void MediaRooms::on(const meeting::ToMedia& to, meeting::Connect& request, Outcome& outcome) {
  auto [room, person] = find(to);
  if (request.renegotiate && person == nullptr) {
    outcome.events.push_back(
        {.room = to.room,
         .sid = to.sid,
         .event = meeting::Answered{to.ticket, std::unexpected("There is no connection.")}});
    return;
  }
  const bool is_new = person == nullptr;
  if (is_new) {
    room = room_named(to.room);
    person = &add(room, to.sid, outcome);
  }
  if (!request.renegotiate) {
    person->awaited = to.ticket;
    person->view.reset();
    mixing_.stop_listening(room->second.id, person->id, outcome.calls);
  }
  describe(room->second, *person, std::move(request.person), outcome);
  askers_[to.ticket] = {.room = to.room, .sid = to.sid};
  outcome.calls.push_back(
      ForWorker{person->worker, media_call::Connect{.ticket = to.ticket,
                                                    .room = room->second.id,
                                                    .participant = person->id,
                                                    .label = to.sid,
                                                    .offer = to_sfu(std::move(request.offer)),
                                                    .renegotiate = request.renegotiate,
                                                    .permitted = permitted_by(request.sending),
                                                    .messages = request.sending.messages}});
  if (is_new) show_newcomer(room, to.sid, outcome);
}

void MediaRooms::on(const meeting::ToMedia& to, meeting::Disconnect&, Outcome& outcome) {
  const auto [room, person] = find(to);
  if (person != nullptr) remove(room, to.sid, outcome);
}

void MediaRooms::on(const meeting::ToMedia& to, meeting::SetSending& request, Outcome& outcome) {
  const auto [room, person] = find(to);
  if (person == nullptr) return;
  outcome.calls.push_back(ForWorker{
      person->worker, media_call::Permit{person->id, permitted_by(request), request.messages}});
}

void MediaRooms::on(const meeting::ToMedia& to, meeting::SetView& request, Outcome& outcome) {
  const auto [room, person] = find(to);
  if (person == nullptr) return;
  const bool had_one_stream = person->view && person->view->one_stream;
  person->view = std::move(request);
  if (person->view->one_stream || had_one_stream) {
    set_one_stream(room->second, *person, person->view->one_stream, outcome);
  }
  if (person->view->one_stream) return;  // Until there is one they see what they saw.
  outcome.calls.push_back(ForWorker{
      person->worker, media_call::SetView{person->id, view_in(room->second, *person->view)}});
}

void MediaRooms::set_one_stream(const Room& room, const Person& person,
                                const std::optional<meeting::ViewSize>& size, Outcome& outcome) {
  media_call::SetOneStream call{.participant = person.id};
  if (size) call.size = to_size(size->width, size->height);
  outcome.calls.push_back(ForWorker{person.worker, call});
  if (!size) return mixing_.stop_listening(room.id, person.id, outcome.calls);
  std::vector<std::size_t> workers;
  std::vector<Mixing::Person> people;
  if (!mixing_.is_mixed(room.id)) {  // For the first, not for each of a thousand.
    for (const Share& share : room.shares) workers.push_back(share.worker);
    for (const auto& [sid, one] : room.people) people.push_back({one.id, &one.looks, one.on_stage});
  }
  mixing_.listen(room.id, person.id, workers, people, outcome.calls);
}

void MediaRooms::on(const meeting::ToMedia& to, meeting::Describe& request, Outcome& outcome) {
  const auto [room, person] = find(to);
  if (person != nullptr) describe(room->second, *person, std::move(request), outcome);
}

void MediaRooms::describe(const Room& room, Person& person, meeting::Describe looks,
                          Outcome& outcome) {
  person.on_stage = looks.on_stage;
  person.looks = to_looks(std::move(looks));
  mixing_.describe(room.id, {person.id, &person.looks, person.on_stage}, outcome.calls);
}

void MediaRooms::on(const meeting::ToMedia& to, meeting::CloseRoom&, Outcome& outcome) {
  const auto room = rooms_.find(to.room);
  if (room == rooms_.end()) return;
  for (const auto& [sid, person] : room->second.people) {
    places_.erase(person.id);
    outcome.gone.push_back(person.id);
  }
  close(room, outcome);
}

void MediaRooms::close(Rooms::iterator room, Outcome& outcome) {
  const Room& closed = room->second;
  for (const Share& share : closed.shares) {
    people_on_[share.worker] -= share.people;
    outcome.calls.push_back(ForWorker{share.worker, media_call::CloseRoom{closed.id}});
  }
  mixing_.close(closed.id, outcome.calls);
  rooms_by_id_.erase(closed.id);
  rooms_.erase(room);
}

std::pair<MediaRooms::Rooms::iterator, MediaRooms::Person*> MediaRooms::find(
    const meeting::ToMedia& to) {
  const auto room = rooms_.find(to.room);
  if (room == rooms_.end()) return {room, nullptr};
  const auto person = room->second.people.find(to.sid);
  return {room, person == room->second.people.end() ? nullptr : &person->second};
}

MediaRooms::Rooms::iterator MediaRooms::room_named(const std::string& name) {
  const auto [room, is_new] = rooms_.try_emplace(name);
  if (!is_new) return room;
  const auto least = std::ranges::min_element(people_on_);
  room->second.id = {next_id_++};
  room->second.shares.push_back({static_cast<std::size_t>(least - people_on_.begin())});
  rooms_by_id_.emplace(room->second.id, room);
  return room;
}

MediaRooms::Person& MediaRooms::add(Rooms::iterator room, const std::string& sid,
                                    Outcome& outcome) {
  Share& share = share_for_newcomer(room->second, outcome);
  Person& person = room->second.people[sid];
  person.id = {next_id_++};
  person.worker = share.worker;
  places_.emplace(person.id, Place{.room = room, .sid = sid});
  ++share.people;
  ++people_on_[share.worker];
  return person;
}

MediaRooms::Share& MediaRooms::share_for_newcomer(Room& room, Outcome& outcome) {
  const auto with_place = std::ranges::find_if(
      room.shares, [this](const Share& share) { return share.people < room_share_; });
  if (with_place != room.shares.end()) return *with_place;
  const auto idlest_here = std::ranges::min_element(
      room.shares, {}, [this](const Share& share) { return people_on_[share.worker]; });
  const auto other = idlest_without(room);
  const bool spreads = other && people_on_[*other] < people_on_[idlest_here->worker];
  return spreads ? spread(room, *other, outcome) : *idlest_here;
}

std::optional<std::size_t> MediaRooms::idlest_without(const Room& room) const {
  std::optional<std::size_t> idlest;
  for (std::size_t worker = 0; worker < people_on_.size(); ++worker) {
    const auto has_it = [worker](const Share& share) { return share.worker == worker; };
    if (std::ranges::any_of(room.shares, has_it)) continue;
    if (!idlest || people_on_[worker] < people_on_[*idlest]) idlest = worker;
  }
  return idlest;
}

// The newcomer among the workers hears of the others first: what they then tell it, it understands.
MediaRooms::Share& MediaRooms::spread(Room& room, std::size_t to, Outcome& outcome) {
  for (const Share& share : room.shares) {
    outcome.calls.push_back(ForWorker{to, media_call::LinkRoom{room.id, share.worker}});
  }
  for (const Share& share : room.shares) {
    outcome.calls.push_back(ForWorker{share.worker, media_call::LinkRoom{room.id, to}});
  }
  mixing_.add_worker(room.id, to, outcome.calls);
  return room.shares.emplace_back(Share{.worker = to});
}

MediaRooms::Share& MediaRooms::share_on(Room& room, std::size_t worker) {
  return *std::ranges::find(room.shares, worker, &Share::worker);
}

void MediaRooms::show_newcomer(Rooms::iterator room, std::string_view sid, Outcome& outcome) {
  for (const auto& [other, person] : room->second.people) {
    if (!person.view || !names(*person.view, sid)) continue;
    outcome.calls.push_back(ForWorker{
        person.worker, media_call::SetView{person.id, view_in(room->second, *person.view)}});
  }
}

void MediaRooms::remove(Rooms::iterator room, const std::string& sid, Outcome& outcome) {
  Room& from = room->second;
  const auto person = from.people.find(sid);
  const std::size_t worker = person->second.worker;
  outcome.calls.push_back(ForWorker{worker, media_call::Disconnect{person->second.id}});
  outcome.gone.push_back(person->second.id);
  mixing_.forget(from.id, person->second.id, outcome.calls);
  places_.erase(person->second.id);
  from.people.erase(person);
  --people_on_[worker];
  --share_on(from, worker).people;
  if (from.people.empty()) close(room, outcome);
}

sfu::View MediaRooms::view_in(const Room& room, const meeting::SetView& view) const {
  std::vector<sfu::Tile> tiles;
  for (const meeting::ViewTile& tile : view.tiles) {
    const auto person = room.people.find(tile.sid);
    if (person == room.people.end()) continue;
    tiles.push_back({.participant = person->second.id,
                     .source = to_sfu(tile.source),
                     .size = to_size(tile.width, tile.height)});
  }
  return tiles;
}

// --- What the workers tell ---

MediaRooms::Outcome MediaRooms::handle_notice(std::size_t worker, MediaNotice notice) {
  Outcome outcome;
  std::visit(overloaded{
                 [&](sfu::Node::SpeakersChanged& speakers) { on(worker, speakers, outcome); },
                 [&](auto& one) { on(one, outcome); },
             },
             notice);
  return outcome;
}

// Without its connection a person is not here; so the next Connect begins anew.
void MediaRooms::on(MediaAnswer& notice, Outcome& outcome) {
  auto asker = askers_.extract(notice.ticket);
  if (asker.empty()) return;
  const auto place = places_.find(notice.participant);
  if (place != places_.end()) {
    const auto [room, sid] = place->second;
    Person& person = room->second.people.at(sid);
    if (person.awaited == notice.ticket) {
      person.awaited.reset();
      if (!notice.answer) remove(room, sid, outcome);
    }
  }
  outcome.events.push_back({.room = std::move(asker.mapped().room),
                            .sid = std::move(asker.mapped().sid),
                            .event = meeting::Answered{notice.ticket, std::move(notice.answer)}});
}

void MediaRooms::on(sfu::Node::StateChanged& notice, Outcome& outcome) {
  const Place* const found = place_of(notice.participant);
  if (found == nullptr) return;
  const Place place = *found;
  tell(place, meeting::ConnectionChanged{to_meeting(notice.state)}, outcome);
  if (notice.state == sfu::Node::State::kFailed) remove(place.room, place.sid, outcome);
}

void MediaRooms::on(sfu::Node::SlotsChanged& notice, Outcome& outcome) {
  const Place* const place = place_of(notice.participant);
  if (place == nullptr) return;
  meeting::SlotsChanged event;
  for (sfu::SlotShows& slot : notice.slots) {
    event.slots.push_back({.mid = std::move(slot.mid),
                           .sid = std::string(slot.participant ? sid_of(*slot.participant) : ""),
                           .source = to_meeting(slot.source),
                           .one_stream = slot.mix});
  }
  tell(*place, std::move(event), outcome);
}

// Each worker of a room hears all of it, and finds out for itself who speaks: one may say so.
void MediaRooms::on(std::size_t worker, sfu::Node::SpeakersChanged& notice, Outcome& outcome) {
  const auto room = rooms_by_id_.find(notice.room);
  if (room == rooms_by_id_.end()) return;
  const auto& shares = room->second->second.shares;
  const auto first = std::ranges::find_if(shares, [](const Share& one) { return one.people > 0; });
  if (first == shares.end() || first->worker != worker) return;
  meeting::SpeakersChanged event;
  for (const sfu::ParticipantId speaker : notice.speakers) {
    if (const auto sid = sid_of(speaker); !sid.empty()) event.sids.emplace_back(sid);
  }
  outcome.events.push_back({.room = room->second->first, .event = std::move(event)});
}

void MediaRooms::on(sfu::Node::QualityChanged& notice, Outcome& outcome) {
  const Place* const place = place_of(notice.participant);
  if (place == nullptr) return;
  meeting::QualityChanged event{.estimate = notice.estimate.in_bps()};
  for (sfu::TileQuality& tile : notice.tiles) {
    const bool is_mix = tile.participant == sfu::ParticipantId{};
    const auto sid = sid_of(tile.participant);
    if (sid.empty() && !is_mix) continue;
    event.tiles.push_back({.sid = std::string(sid),
                           .source = to_picture(tile.source),
                           .mid = std::move(tile.mid),
                           .width = tile.size.width,
                           .height = tile.size.height,
                           .fps = std::lround(tile.frames_per_second),
                           .bitrate = tile.rate.in_bps(),
                           .limit = to_meeting(tile.limit, is_mix),
                           .paused = tile.paused,
                           .one_stream = is_mix});
  }
  tell(*place, std::move(event), outcome);
}

void MediaRooms::on(sfu::Node::LayersWanted& notice, Outcome& outcome) {
  const Place* const place = place_of(notice.participant);
  if (place == nullptr || !sfu::is_video(notice.source)) return;
  tell(*place, meeting::LayersChanged{to_picture(notice.source), std::move(notice.rids)}, outcome);
}

std::string_view MediaRooms::sid_of(sfu::ParticipantId id) const {
  const auto place = places_.find(id);
  return place == places_.end() ? std::string_view() : place->second.sid;
}

const MediaRooms::Place* MediaRooms::place_of(sfu::ParticipantId id) const {
  const auto found = places_.find(id);
  if (found == places_.end()) return nullptr;
  const Place& place = found->second;
  return place.room->second.people.at(place.sid).awaited ? nullptr : &place;
}

void MediaRooms::tell(const Place& place, meeting::MediaEvent event, Outcome& outcome) const {
  outcome.events.push_back(
      {.room = place.room->first, .sid = place.sid, .event = std::move(event)});
}

std::string_view MediaRooms::name_of(sfu::RoomId room) const {
  const auto found = rooms_by_id_.find(room);
  return found == rooms_by_id_.end() ? std::string_view() : found->second->first;
}

std::vector<MediaRooms::Large> MediaRooms::largest(std::size_t most) const {
  std::vector<Large> rooms;
  for (const auto& [name, room] : rooms_) rooms.push_back({name, room.id, room.people.size()});
  const auto count = std::min(most, rooms.size());
  const auto end = rooms.begin() + static_cast<std::ptrdiff_t>(count);
  std::ranges::partial_sort(rooms, end, std::greater(), &Large::people);
  rooms.erase(end, rooms.end());
  return rooms;
}

}  // namespace parley::server
