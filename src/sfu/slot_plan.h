#pragma once

#include <optional>
#include <span>
#include <vector>

#include "sfu/identifiers.h"

namespace parley::sfu {

// What a slot may show.
struct Track {
  ParticipantId participant = {};
  Source source = Source::kCamera;

  friend bool operator==(const Track&, const Track&) = default;
};

// Which slot shows what from now on: the first of `wanted`, as many as there are slots. What stays
// keeps its slot, so that a picture never jumps from one decoder to another; what is new takes the
// first that is free. Nothing is wanted twice.
std::vector<std::optional<Track>> plan_slots(std::span<const std::optional<Track>> current,
                                             std::span<const Track> wanted);

}  // namespace parley::sfu
