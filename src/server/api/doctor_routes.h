#pragma once

#include <chrono>

#include "server/api/api.h"
#include "server/ice_servers.h"
#include "server/reach.h"

namespace parley::server {

// How long a login for the relay is good that somebody gets without coming into a room.
inline constexpr std::chrono::minutes kDoctorLogin{10};

// /api/doctor: what a client has to know to try each way to us. What it is given outlives `api`,
// and is read at each request: ports may become known after this call.
void add_doctor_routes(Api& api, const IceServers& ice_servers, const Reach& reach);

}  // namespace parley::server
