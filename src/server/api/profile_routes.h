#pragma once

#include "server/api/api.h"

namespace parley::server {

// /api/auth: what people change about their account, and their sessions.
class ProfileRoutes {
 public:
  explicit ProfileRoutes(Api& api) : api_(api) {}

  void add();

 private:
  void change_password(Call call);
  void set_password(Call call, std::string hash);
  void change_profile(Call call);
  void remove_account(Call call);
  void list_sessions(Call call);
  void end_session(Call call);

  // Runs bcrypt and calls `then` only if that is the caller's password.
  void check_password(Call call, std::string_view field, std::string password, Api::Handler then);
  void revoke(const std::vector<store::SessionId>& ended);

  Api& api_;
};

}  // namespace parley::server
