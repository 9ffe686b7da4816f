#pragma once

#include "meeting/state.h"
#include "meeting/switchboard.h"

namespace parley::meeting {

// What participants say to each other that is not kept: what they send, how they connect, hands and
// reactions.
class Conversation {
 public:
  using Outcome = std::optional<Refusal>;

  Conversation(State& state, Switchboard& switchboard) : state_(state), switchboard_(switchboard) {}

  Outcome on(Time now, Seat from, const SetMedia& media);
  Outcome on(Time now, Seat from, SendDescription& description);
  Outcome on(Time now, Seat from, SendCandidate& candidate);
  Outcome on(Time now, Seat from, const ChangeHand& hand);
  Outcome on(Time now, Seat from, const React& reaction);

 private:
  Outcome pass_on(Seat from, std::string_view sid, Event event, std::uint64_t& counter);

  State& state_;
  Switchboard& switchboard_;
};

}  // namespace parley::meeting
