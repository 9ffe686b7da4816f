#pragma once

#include "server/api/api.h"

namespace parley::server {

// /api/tokens: tokens by which programs act for a user.
void add_token_routes(Api& api);

}  // namespace parley::server
