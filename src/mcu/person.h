#pragma once

#include "base/strong_id.h"

namespace parley::mcu {

// One who speaks, is seen, or listens; the owner chooses.
using PersonId = StrongId<struct PersonTag>;

}  // namespace parley::mcu
