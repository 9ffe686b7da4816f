#pragma once

#include "http/server.h"
#include "http/static_files.h"
#include "server/meeting_ws.h"
#include "server/metrics_page.h"
#include "server/origin_policy.h"
#include "server/whip/whip_door.h"

namespace parley::server {

// What the routes speak of. All of it outlives the http::Server.
struct RouteContext {
  const MeetingBinding& meeting;
  MeetingWs& ws;
  const WhipDoor& whip;
  const OriginPolicy& origins;
  const socketio::Server& io;
  MediaWorkers& media;
  RelayWorkers* relay;          // Null where it is off.
  const FrontDoor* front_door;  // Null unless there is a single port.
  const Storage& storage;
  const Housekeeping& housekeeping;
  const ApiCounters& api;
  const http::StaticFiles& web;
  const bool& draining;
};

// Adds all plain routes and /ws; Socket.IO adds its own.
void add_routes(http::Server& http, const RouteContext& context);

// How the web app is served: its pages and what they may do.
http::StaticFilesConfig web_config();

}  // namespace parley::server
