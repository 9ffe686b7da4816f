#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "base/time.h"

namespace parley::meeting {

struct Deadline {
  enum class Kind : std::uint8_t {
    kAway,       // A participant has been away for too long.
    kWaiting,    // Somebody has waited to be admitted for too long, or is lost.
    kVacancy,    // The owner of a room has not come back after a restart.
    kUse,        // The store is to hear that a room is in use.
    kTopology,   // A room goes back to peer to peer.
    kMediaIdle,  // It has been peer to peer for long enough to close the connections with media.
    kVotes,      // Numbers of votes are to be told.
    kAnswer,     // Media has not answered a participant's offer.
    kAudience,   // A lecture is to hear how large its audience is,
    kReactions,  // and what that has shown.
  };

  Time at = kNever;
  Kind kind = Kind::kAway;
  std::string room = {};
  std::string sid = {};  // Of whom; empty where it is about the room.

  friend auto operator<=>(const Deadline&, const Deadline&) = default;
};

// What is to happen when, in all rooms.
class Deadlines {
 public:
  void add(Deadline deadline) { all_.insert(std::move(deadline)); }
  void cancel(const Deadline& deadline) { all_.erase(deadline); }

  Time next() const { return all_.empty() ? kNever : all_.begin()->at; }

  // The first that has come, if any; it is not there any more then.
  std::optional<Deadline> take_due(Time now) {
    if (next() > now || all_.empty()) return std::nullopt;
    return std::move(all_.extract(all_.begin()).value());
  }

 private:
  std::set<Deadline> all_;
};

}  // namespace parley::meeting
