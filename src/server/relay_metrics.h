#pragma once

#include "server/metrics.h"
#include "server/relay/relay_counters.h"

namespace parley::server {

// parley_stun_*: what clients send and get; parley_turn_*: what they have of the relay.
void write_relay_metrics(MetricsText& metrics, const RelayCounters& relay);

}  // namespace parley::server
