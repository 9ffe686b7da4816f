#pragma once

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "meeting/announcement_pace.h"
#include "meeting/audience.h"
#include "meeting/bans.h"
#include "meeting/hand_queue.h"
#include "meeting/ledger.h"
#include "meeting/participant.h"
#include "meeting/reaction_sum.h"
#include "meeting/roles.h"
#include "meeting/telling_pace.h"
#include "meeting/topology.h"
#include "meeting/vote_box.h"
#include "meeting/waiting_room.h"

namespace parley::meeting {

// What those in a lecture hear of its audience, and when.
struct AudienceNews {
  TellingPace size_pace = {};
  AudienceSize size = {};
  bool size_changed = false;  // Since it was told: who came meanwhile was welcomed with another.
  TellingPace reactions_pace = {};
  ReactionSum reactions = {};
};

// What goes on in one room: who is in it, in the order of joining, and what is true of it. It knows
// participants, not sockets, and decides nothing about who may come in or do what.
class Room {
 public:
  explicit Room(std::string name) : name_(std::move(name)) {}
  Room(Room&&) = default;

  const std::string& name() const { return name_; }
  Topology topology() const { return carriage.topology(); }
  const std::list<Participant>& participants() const { return participants_; }
  std::list<Participant>& participants() { return participants_; }
  bool empty() const { return participants_.empty(); }
  std::size_t size() const { return participants_.size(); }

  // Addresses stay good until the participant is removed.
  Participant* find(std::string_view sid);
  Participant& add(Participant participant);
  void remove(std::string_view sid);
  Participant* owner();

  // The largest audience that may come to be participants of a meeting: each hears of each.
  static constexpr std::size_t kMaxToMeet = 100;
  // In a meeting everybody is on stage; in the order of coming there.
  const std::vector<Participant*>& on_stage() const { return on_stage_; }
  const Audience& audience() const { return audience_; }
  void set_on_stage(Participant& who, bool on);
  void set_hand(Participant& who, std::optional<std::int64_t> hand);

  // The connections by which all, all but `sid`, or the hosts are reached.
  std::vector<ConnectionId> connections() const { return connections_except({}); }
  std::vector<ConnectionId> connections_except(std::string_view sid) const;
  std::vector<ConnectionId> connections_of_hosts() const;
  std::vector<ConnectionId> connections_but_of_hosts() const;
  // Of those on stage.
  std::vector<ParticipantView> views_except(std::string_view sid) const;
  RoomView view() const;

  store::RoomId id = {};  // As stored; none where the store does not know the room.
  RoomSettings settings = {};
  Roles roles = {};
  // Since the first came in until all have left; it names this life of the room. Zero before.
  UnixMillis life = {};
  // The owner came first after a restart, and gives way to one from before it.
  bool owner_is_new = false;
  Time vacant_until = kNever;  // Until when an owner from before a restart is waited for.
  Time next_use = kNever;      // When the store is to hear of it next.
  Bans bans = {};
  WaitingRoom waiting = {};
  HandQueue hands = {};
  Ledger ledger = {};
  VoteBox votes = {};
  VoteNews vote_news = {};
  AnnouncementPace announcements = {};
  AudienceNews news = {};

  // How media travels. Peer to peer where nobody is there.
  TopologyController carriage = {};
  static constexpr std::size_t kMaxUnconnected = 64;  // One is as good as many.
  // By sid, the lesser first: who could not be connected, and both are there still.
  std::vector<std::pair<std::string, std::string>> unconnected = {};
  bool media_open = false;    // Media was asked for a connection, and not yet to forget it.
  Time media_until = kNever;  // When it is, now that it is not needed any more.
  std::vector<std::string> speakers = {};  // As was told last.

 private:
  std::string name_;
  std::list<Participant> participants_;  // No two of one sid; never longer than the owner allows.
  std::unordered_map<std::string_view, std::list<Participant>::iterator> by_sid_;
  // Each participant is in one of these.
  std::vector<Participant*> on_stage_;
  Audience audience_;
};

}  // namespace parley::meeting
