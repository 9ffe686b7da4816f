#include "socketio/rooms.h"

#include <algorithm>

namespace parley::socketio {

std::vector<std::string> RoomMember::rooms() const {
  std::vector<std::string> names;
  for (const Place& place : places_) names.emplace_back(place.room->name);
  return names;
}

bool RoomMember::in(std::string_view room) const {
  return std::ranges::any_of(places_, [&](const Place& place) { return place.room->name == room; });
}

Rooms::Rooms() = default;
Rooms::~Rooms() = default;

void Rooms::join(RoomMember& member, std::string_view name) {
  if (member.in(name)) return;
  auto it = rooms_.find(name);
  if (it == rooms_.end()) {
    it = rooms_.emplace(std::string(name), Room{}).first;
    it->second.name = it->first;
  }
  Room& room = it->second;
  member.places_.push_back({.room = &room, .index = room.members.size()});
  room.members.push_back(&member);
}

void Rooms::leave(RoomMember& member, std::string_view name) {
  for (std::size_t place = 0; place < member.places_.size(); ++place) {
    if (member.places_[place].room->name == name) return remove(member, place);
  }
}

void Rooms::leave_all(RoomMember& member) {
  while (!member.places_.empty()) remove(member, member.places_.size() - 1);
}

std::span<RoomMember* const> Rooms::members(std::string_view room) const {
  const auto it = rooms_.find(room);
  if (it == rooms_.end()) return {};
  return it->second.members;
}

// The last member takes the place that becomes free, so that leaving costs the same in a large
// room.
void Rooms::remove(RoomMember& member, std::size_t place) {
  const auto [room, index] = member.places_[place];
  member.places_.erase(member.places_.begin() + static_cast<std::ptrdiff_t>(place));
  RoomMember* const last = room->members.back();
  room->members[index] = last;
  room->members.pop_back();
  if (last != &member) {
    std::ranges::find(last->places_, room, &RoomMember::Place::room)->index = index;
  }
  if (room->members.empty()) rooms_.erase(rooms_.find(room->name));
}

}  // namespace parley::socketio
