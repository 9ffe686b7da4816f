#include "meeting/room.h"

#include <algorithm>
#include <iterator>

#include "base/assert.h"
#include "meeting/rights.h"

namespace parley::meeting {

Participant* Room::find(std::string_view sid) {
  const auto it = by_sid_.find(sid);
  return it == by_sid_.end() ? nullptr : &*it->second;
}

Participant& Room::add(Participant participant) {
  PARLEY_ASSERT(find(participant.sid) == nullptr);
  Participant& who = participants_.emplace_back(std::move(participant));
  by_sid_.emplace(who.sid, std::prev(participants_.end()));
  who.on_stage ? on_stage_.push_back(&who) : audience_.add(who);
  return who;
}

void Room::remove(std::string_view sid) {
  const auto found = by_sid_.extract(sid);
  if (found.empty()) return;
  Participant& who = *found.mapped();
  who.on_stage ? static_cast<void>(std::erase(on_stage_, &who)) : audience_.remove(who);
  participants_.erase(found.mapped());
}

Participant* Room::owner() {
  const auto it = std::ranges::find(on_stage_, Role::kOwner, &Participant::role);
  return it == on_stage_.end() ? nullptr : *it;
}

void Room::set_on_stage(Participant& who, bool on) {
  if (std::exchange(who.on_stage, on) == on) return;
  if (on) {
    audience_.remove(who);
    on_stage_.push_back(&who);
  } else {
    std::erase(on_stage_, &who);
    audience_.add(who);
  }
}

void Room::set_hand(Participant& who, std::optional<std::int64_t> hand) {
  const auto before = std::exchange(who.hand, hand);
  if (!who.on_stage) audience_.hand_changed(who, before);
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
  for (const Participant* const participant : on_stage_) {
    if (is_host(participant->role) && participant->connection) {
      connections.push_back(participant->connection);
    }
  }
  return connections;
}

std::vector<ConnectionId> Room::connections_but_of_hosts() const {
  std::vector<ConnectionId> connections;
  for (const Participant& participant : participants_) {
    if (!is_host(participant.role) && participant.connection) {
      connections.push_back(participant.connection);
    }
  }
  return connections;
}

std::vector<ParticipantView> Room::views_except(std::string_view sid) const {
  std::vector<ParticipantView> views;
  for (const Participant* const participant : on_stage_) {
    if (participant->sid != sid) views.push_back(participant->view());
  }
  return views;
}

RoomView Room::view() const {
  RoomView view{.name = name_, .topology = topology()};
  for (const Participant* const participant : on_stage_) {
    view.participants.push_back(participant->occupant());
  }
  if (settings.lecture) {
    view.lecture = true;
    view.audience = audience_.counts().count;
  }
  return view;
}

}  // namespace parley::meeting
