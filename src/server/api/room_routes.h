#pragma once

#include "server/api/api.h"

namespace parley::server {

// /api/rooms: rooms that an account keeps.
void add_room_routes(Api& api);

}  // namespace parley::server
