#pragma once

#include "server/front_door.h"
#include "server/metrics.h"

namespace parley::server {

// parley_front_door_*: what comes to the single port, by what it turned out to speak.
void write_front_door_metrics(MetricsText& metrics, const FrontDoor::Counters& door);

}  // namespace parley::server
