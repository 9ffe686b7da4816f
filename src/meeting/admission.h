#pragma once

#include <cstdint>

#include "meeting/vocabulary.h"

namespace parley::meeting {

enum class Admission : std::uint8_t {
  kEnter,
  kWait,  // To be admitted by a host.
  kRemoved,
  kAccountRequired,
  kLocked,
  kMembersOnly,
};

// What counts of somebody at the door.
struct AtTheDoor {
  bool removed = false;    // A host has put out this very participant.
  bool suspect = false;    // They come from where somebody came who was put out.
  bool host = false;       // Owner or cohost, by account or by resume.
  bool member = false;     // Of a kept room.
  bool token = false;      // They hold a good join token.
  bool returning = false;  // They were in before, in this life of the room.
  bool guest = true;       // Not logged in.

  friend bool operator==(const AtTheDoor&, const AtTheDoor&) = default;
};

// Who comes in, in the order that docs/protocol.md gives. `guests`: whether the server lets people
// in who are not logged in.
Admission judge(const RoomSettings& settings, bool guests, const AtTheDoor& who);

}  // namespace parley::meeting
