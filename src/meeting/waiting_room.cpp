#include "meeting/waiting_room.h"

#include <algorithm>

#include "base/assert.h"

namespace parley::meeting {
namespace {

auto is(std::string_view sid) {
  return [sid](const WaitingRoom::Guest& guest) { return guest.participant.sid == sid; };
}

}  // namespace

WaitingRoom::Guest* WaitingRoom::find(std::string_view sid) {
  const auto it = std::ranges::find_if(guests_, is(sid));
  return it == guests_.end() ? nullptr : &*it;
}

WaitingRoom::Guest& WaitingRoom::add(Guest guest) {
  PARLEY_ASSERT(find(guest.participant.sid) == nullptr);
  return guests_.emplace_back(std::move(guest));
}

std::optional<WaitingRoom::Guest> WaitingRoom::take(std::string_view sid) {
  const auto it = std::ranges::find_if(guests_, is(sid));
  if (it == guests_.end()) return std::nullopt;
  Guest guest = std::move(*it);
  guests_.erase(it);
  return guest;
}

std::vector<WaitingPerson> WaitingRoom::people() const {
  std::vector<WaitingPerson> people;
  for (const Guest& guest : guests_) {
    const Participant& who = guest.participant;
    people.push_back({.sid = who.sid,
                      .name = who.name,
                      .account = static_cast<bool>(who.identity.user),
                      .since = as_number(guest.since)});
  }
  return people;
}

}  // namespace parley::meeting
