#pragma once

#include "server/api/api.h"

namespace parley::server {

// /api/rooms/{name}/members and /join-tokens: who may come into a kept room.
void add_member_routes(Api& api);

}  // namespace parley::server
