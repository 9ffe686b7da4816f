#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "meeting/messages_lecture.h"
#include "meeting/participant.h"

namespace parley::meeting {

// The audience of a lecture, in the order of coming and, of those with a hand up, in the order of
// raising. It is told as a number, and in pages: nothing here is of the size of the audience but
// what is kept.
//
// Participants are known by their addresses, which are good until they are removed here.
class Audience {
 public:
  static constexpr std::size_t kMaxRaised = 50;  // As many raised hands are told.

  // Who comes again has another place, the last.
  void add(Participant& who);
  void remove(const Participant& who);
  // They have raised or lowered their hand; `before` is what it was.
  void hand_changed(const Participant& who, const std::optional<std::int64_t>& before);

  bool empty() const { return by_place_.empty(); }
  std::size_t size() const { return by_place_.size(); }
  AudienceSize counts() const;

  // The first raised hands.
  std::vector<AudienceMember> raised() const;
  RosterReply page(const ReadRoster& read) const;

 private:
  std::map<std::int64_t, const Participant*> by_place_;
  std::map<std::int64_t, const Participant*> by_hand_;
  std::int64_t last_place_ = 0;  // A place is not given again: a page goes on where one ended.
};

}  // namespace parley::meeting
