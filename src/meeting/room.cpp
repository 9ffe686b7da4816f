#include "meeting/room.h"

#include <algorithm>

#include "base/assert.h"
#include "meeting/rights.h"

namespace parley::meeting {

Participant* Room::find(std::string_view sid) {
  const auto it = std::ranges::find(participants_, sid, &Participant::sid);
  return it == participants_.end() ? nullptr : &*it;
}

Participant& Room::add(Participant participant) {
  PARLEY_ASSERT(find(participant.sid) == nullptr);
  return participants_.emplace_back(std::move(participant));
}

void Room::remove(std::string_view sid) {
  std::erase_if(participants_, [&](const Participant& p) { return p.sid == sid; });
}

Participant* Room::owner() {
  const auto it = std::ranges::find(participants_, Role::kOwner, &Participant::role);
  return it == participants_.end() ? nullptr : &*it;
}

std::vector<ConnectionId> Room::connections_except(std::string_view sid) const {
  std::vector<ConnectionId> connections;
  for (const Participant& participant : participants_) {
    if (participant.sid != sid && participant.connection) {
      connections.push_back(participant.connection);
    }
  }
  return connections;
}

std::vector<ConnectionId> Room::connections_of_hosts() const {
  std::vector<ConnectionId> connections;
  for (const Participant& participant : participants_) {
    if (is_host(participant.role) && participant.connection) {
      connections.push_back(participant.connection);
    }
  }
  return connections;
}

std::vector<ParticipantView> Room::views_except(std::string_view sid) const {
  std::vector<ParticipantView> views;
  for (const Participant& participant : participants_) {
    if (participant.sid != sid) views.push_back(participant.view());
  }
  return views;
}

RoomView Room::view() const {
  RoomView view{.name = name_, .topology = topology()};
  for (const Participant& participant : participants_) {
    view.participants.push_back(participant.occupant());
  }
  return view;
}

}  // namespace parley::meeting
