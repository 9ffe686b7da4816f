#include "server/accounts.h"

#include "server/api/member_routes.h"
#include "server/api/room_routes.h"
#include "server/api/token_routes.h"

namespace parley::server {

Accounts::Accounts(const Needs& needs)
    : needs_(needs),
      pool_(needs.loop, {}),
      hasher_(needs.random, needs.password_cost),
      throttle_(needs.throttle, needs.random) {}

void Accounts::serve(http::Server& http) {
  api_.emplace(ApiContext{.http = http,
                          .loop = needs_.loop,
                          .storage = needs_.storage,
                          .pool = pool_,
                          .origins = needs_.origins,
                          .meeting = needs_.meeting,
                          .identities = needs_.identities,
                          .join_tokens = needs_.join_tokens,
                          .hasher = hasher_,
                          .throttle = throttle_,
                          .random = needs_.random,
                          .counters = counters_,
                          .settings = needs_.settings});
  auth_.emplace(*api_).add();
  profile_.emplace(*api_).add();
  add_token_routes(*api_);
  add_room_routes(*api_);
  add_member_routes(*api_);
}

}  // namespace parley::server
