#pragma once

#include <array>
#include <memory>

#include "sfu/add_counts.h"
#include "sfu/member.h"
#include "sfu/relay.h"
#include "sfu/sender_clock.h"

namespace parley::sfu {

// One who takes part in the room by another node, as far as others see or hear them. That node
// stands for the publisher: it sends the packets, as they came, and it is told which encodings are
// needed, asked for key frames, and for what was lost on the way. So all that a room does with
// publications goes for these, too.
struct RelayedPublisher : Member {
  RelayedPublisher(ParticipantId who, NodeId node) : home(node) { number = who; }

  // Where it is.
  NodeId home;
  SenderClock clock = {};
  std::array<std::unique_ptr<Publication>, kSources> publications = {};  // By source.

  Publication* find(Source source) const { return publications[std::to_underlying(source)].get(); }
  Publication::Counters counters() const {
    Publication::Counters sum;
    for (const auto& each : publications) {
      if (each) add_counts(sum, each->counters());
    }
    return sum;
  }
  Time next_deadline() const {
    Time due = kNever;
    for (const auto& each : publications) {
      if (each) due = std::min(due, each->next_deadline());
    }
    return due;
  }
};

}  // namespace parley::sfu
