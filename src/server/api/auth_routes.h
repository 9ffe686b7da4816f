#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "account/sessions.h"
#include "server/api/api.h"

namespace parley::server {

// /api/auth: being somebody, from registration to logging out.
class AuthRoutes {
 public:
  explicit AuthRoutes(Api& api) : api_(api) {}

  void add();

 private:
  void enrol(Call call);
  void add_user(Call call, store::User user);
  void log_in(Call call);
  void open_session(Call call, int status, const store::User& user);
  void refresh(Call call);
  void refreshed(const std::string& token, store::Result<account::RefreshResult> result);
  void log_out(Call call);
  void me(Call call) const;

  Api& api_;
  // By refresh token: those who sent it and wait for the answer, which is one for all.
  std::unordered_map<std::string, std::vector<Call>> refreshing_;
};

}  // namespace parley::server
