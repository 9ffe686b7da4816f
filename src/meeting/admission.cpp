#include "meeting/admission.h"

namespace parley::meeting {

Admission judge(const RoomSettings& settings, bool guests, const AtTheDoor& who) {
  if (who.removed) return Admission::kRemoved;
  if (who.host || who.token || who.returning) return Admission::kEnter;
  if (who.guest && !guests) return Admission::kAccountRequired;
  if (settings.locked) return Admission::kLocked;
  if (settings.members_only && !who.member) return Admission::kMembersOnly;
  if (who.suspect) return Admission::kWait;
  if (settings.waiting_room && !who.member) return Admission::kWait;
  return Admission::kEnter;
}

}  // namespace parley::meeting
