#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "meeting/answers.h"
#include "meeting/identity.h"
#include "meeting/media_link.h"
#include "meeting/messages.h"
#include "meeting/request.h"

namespace parley::meeting {

// What others said to someone who is away: it waits here and follows when they are back, so that a
// negotiation under way goes on. Past its bounds nothing more is kept, for it would then be of no
// use: whoever comes back to a gap must negotiate anew.
class MissedEvents {
 public:
  static constexpr std::size_t kMaxEvents = 256;  // Fifteen peers with a dozen candidates each.
  static constexpr std::size_t kMaxBytes = 256 << 10;

  // False: there is no room for it, and it is dropped.
  bool add(Event event);
  std::vector<Event> take();

 private:
  std::vector<Event> events_;
  std::size_t bytes_ = 0;
};

// One person's presence in one room. Two tabs of one person are two participants.
struct Participant {
  std::string sid = {};
  std::string name = {};
  bool named_by_token = false;  // Then a return does not change it.
  Identity identity = {};
  std::string address = {};  // Where the connection came from; empty where that is not known.
  Role role = Role::kParticipant;
  std::optional<Permissions> own = {};  // In place of the room's.
  bool speaker = false;                 // Their join token gives a place on stage.
  bool invited = false;                 // They have one now, though they are no host.
  bool ever_more = false;               // They had more than who just comes, at some time.
  bool on_stage = true;          // In a meeting everybody is. Room::set_on_stage() changes it.
  std::int64_t place = 0;        // In the audience.
  Permissions permissions = {};  // What follows from all that.
  std::optional<std::int64_t> hand = {};
  UnixMillis joined_at = {};
  SetMedia media = {};           // Never what is not permitted.
  ConnectionId connection = {};  // None while nothing leads to them.
  bool away = false;             // Lost, and waited for until `gone_at`.
  Time gone_at = kNever;
  MissedEvents missed = {};
  MediaLink link = {};

  store::Person person() const { return {.sid = sid, .name = name, .account = identity.user}; }
  ParticipantView view() const;
  Occupant occupant() const;
};

}  // namespace parley::meeting
