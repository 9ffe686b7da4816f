#pragma once

#include <optional>

#include "account/password.h"
#include "account/throttle.h"
#include "server/api/api.h"
#include "server/api/auth_routes.h"
#include "server/api/profile_routes.h"

namespace parley::server {

// Accounts and all of /api: owns what only that needs. What it is given outlives it.
class Accounts {
 public:
  struct Needs {
    io::EventLoop& loop;
    Storage& storage;
    MeetingBinding& meeting;
    const OriginPolicy& origins;
    Identities& identities;
    const account::JoinTokens& join_tokens;
    Random& random;
    Config::Auth settings = {};
    int password_cost = account::PasswordHasher::kCost;
    account::ThrottleConfig throttle = {};
  };

  explicit Accounts(const Needs& needs);

  // Adds the routes. The server is destroyed before this.
  void serve(http::Server& http);

  // Once it serves: for what /api has besides.
  Api& api() { return *api_; }
  const account::PasswordHasher& hasher() const { return hasher_; }
  const ApiCounters& counters() const { return counters_; }

 private:
  Needs needs_;
  WorkerPool pool_;
  account::PasswordHasher hasher_;
  account::Throttle throttle_;
  ApiCounters counters_;
  std::optional<Api> api_;
  std::optional<AuthRoutes> auth_;
  std::optional<ProfileRoutes> profile_;
};

}  // namespace parley::server
