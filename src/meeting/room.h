#pragma once

#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "meeting/participant.h"

namespace parley::meeting {

// Who is in one room, in the order of joining. It knows participants, not sockets, and decides
// nothing about who may come in.
class Room {
 public:
  explicit Room(std::string name) : name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  Topology topology() const { return Topology::kP2p; }  // The only one that is carried so far.
  const std::list<Participant>& participants() const { return participants_; }
  bool empty() const { return participants_.empty(); }
  std::size_t size() const { return participants_.size(); }

  // Addresses stay good until the participant is removed.
  Participant* find(std::string_view sid);
  Participant& add(Participant participant);
  void remove(std::string_view sid);

  // The connections by which all but `sid` are reached.
  std::vector<ConnectionId> connections_except(std::string_view sid) const;
  std::vector<ParticipantView> views_except(std::string_view sid) const;
  RoomView view() const;

 private:
  std::string name_;
  std::list<Participant> participants_;  // No two of one sid; never longer than the owner allows.
};

}  // namespace parley::meeting
