#pragma once

#include <optional>

#include "meeting/state.h"

namespace parley::meeting {

// Takes votes on questions to the store, many in one write, and tells what they came to.
class VoteCounter {
 public:
  explicit VoteCounter(State& state) : state_(state) {}

  // None: it will be answered, when it is on the disk.
  std::optional<Refusal> submit(Time now, Seat from, const Request& request, const CastVote& vote);
  // The reply to the room's write, if it is that; false if not.
  bool handle_reply(Time now, Room& room, std::uint64_t ticket, const StoreReply& reply);
  // The news are due.
  void handle_timeout(Time now, Room& room);

 private:
  void write(Room& room);
  void answer(const std::vector<VoteBox::Vote>& votes, const store::Questions::Counted& counted);
  void plan(Time now, Room& room);

  State& state_;
};

}  // namespace parley::meeting
