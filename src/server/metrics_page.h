#pragma once

#include <string>

#include "http/server.h"
#include "meeting/rooms.h"
#include "server/api/api_counters.h"
#include "server/front_door.h"
#include "server/housekeeping.h"
#include "server/media/media_workers.h"
#include "server/meeting_ws.h"
#include "server/relay/relay_workers.h"
#include "server/storage.h"
#include "server/whip/whip_door.h"
#include "socketio/server.h"

namespace parley::server {

// Whose counters /metrics shows.
struct MetricsSources {
  const http::Server& http;
  const socketio::Server& io;
  const meeting::Rooms& rooms;
  const MeetingWs& ws;
  const WhipDoor& whip;
  const Storage& storage;
  const Housekeeping& housekeeping;
  const ApiCounters& api;
  MediaWorkers& media;
  RelayWorkers* relay = nullptr;          // Null where it is off.
  const FrontDoor* front_door = nullptr;  // Null unless there is a single port.
};

// The page at /metrics, in Prometheus' text format.
std::string metrics_page(const MetricsSources& sources);

}  // namespace parley::server
