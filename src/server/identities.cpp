#include "server/identities.h"

#include "http/cookie.h"
#include "server/calendar.h"

namespace parley::server {

meeting::Identity Identities::of(const http::Request& request) const {
  return of(request.header("Cookie").value_or(""));
}

meeting::Identity Identities::of(std::string_view cookies) const {
  const auto access = access_of(cookies);
  if (!access) return {};
  return {.user = access->user, .account = access->account};
}

std::optional<account::Access> Identities::access_of(std::string_view cookies) const {
  const auto token = http::find_cookie(cookies, kAccessCookie);
  if (!token) return std::nullopt;
  const UnixMillis now = unix_now();
  auto access = tokens_.verify(*token, now);
  if (access && revocations_.contains(*access, now)) return std::nullopt;
  return access;
}

void Identities::revoke(store::SessionId session) {
  revocations_.revoke(session, unix_now());
  if (on_revoked_) on_revoked_(session);
}

}  // namespace parley::server
