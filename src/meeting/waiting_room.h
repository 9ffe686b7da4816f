#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meeting/admission.h"
#include "meeting/participant.h"

namespace parley::meeting {

// Those who wait to be admitted to one room, in the order of coming. Each is the participant that
// they will be; `away` and `gone_at` mean that their connection broke.
class WaitingRoom {
 public:
  struct Guest {
    Participant participant = {};
    AtTheDoor door = {};   // To be judged anew when the room's settings change.
    UnixMillis life = {};  // Of the room, in which they were in before; zero if they were not.
    UnixMillis since = {};
    Topology asked = Topology::kAuto;  // For the room, if they are the first in it.
    bool lecture = false;              // So, too.
    Time until = kNever;               // When it has been too long.

    // When they are given up.
    Time deadline() const { return std::min(until, participant.gone_at); }
  };

  const std::list<Guest>& guests() const { return guests_; }
  bool empty() const { return guests_.empty(); }
  std::size_t size() const { return guests_.size(); }

  // Addresses stay good until the guest is taken.
  Guest* find(std::string_view sid);
  Guest& add(Guest guest);
  // Takes them out.
  std::optional<Guest> take(std::string_view sid);

  // As hosts are told.
  std::vector<WaitingPerson> people() const;

 private:
  std::list<Guest> guests_;  // No two of one sid; never longer than the owner allows.
};

}  // namespace parley::meeting
