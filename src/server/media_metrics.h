#pragma once

#include <span>

#include "server/media/media_counters.h"
#include "server/media/media_rooms.h"
#include "server/metrics.h"

namespace parley::server {

// What the media workers have done, by worker; and in the rooms of which they tell.
// `refused`: see Mixing.
void write_mix_metrics(MetricsText& metrics, std::span<const MixCounters> mixers,
                       std::uint64_t refused);
void write_media_metrics(MetricsText& metrics, std::span<const MediaCounters> workers,
                         const MediaRooms& rooms);

}  // namespace parley::server
