#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"
#include "sfu/allocator.h"
#include "sfu/identifiers.h"
#include "sfu/participant.h"
#include "sfu/speakers.h"
#include "sfu/view.h"

namespace parley::sfu {

// One room: who publishes what, and which slot of whom shows it. Joins, leaves, pages, speakers and
// screen shares only remap slots here; nobody negotiates anew.
//
// Audio slots carry those that Speakers hears, but never one's own voice; screen sound has a slot
// before them. Video slots carry the tiles of the view, in its order; a tile that stays keeps its
// slot, so that a picture never jumps from one decoder to another.
class Router {
 public:
  // A packet of `publication` arrived: to every slot that shows it.
  static void forward(Time now, Publication& publication, const PacketRef& packet);
};

}  // namespace parley::sfu
