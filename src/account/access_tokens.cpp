#include "account/access_tokens.h"

#include "base/schema.h"

namespace parley::account {
namespace {

struct Claims {
  std::int64_t sub = 0;
  std::int64_t sid = 0;
  std::string name = {};
  std::int64_t issued = 0;  // In milliseconds, unlike "iat".
  std::int64_t exp = 0;

  static constexpr auto fields() {
    return std::tuple(field("sub", &Claims::sub, {.min = 1}),
                      field("sid", &Claims::sid, {.min = 1}), field("name", &Claims::name),
                      field("issued", &Claims::issued), field("exp", &Claims::exp));
  }
};

}  // namespace

std::string AccessTokens::issue(const Access& access) const {
  Json claims;
  claims.set("sub", static_cast<std::int64_t>(access.user.value));
  claims.set("sid", static_cast<std::int64_t>(access.session.value));
  claims.set("name", access.account);
  claims.set("issued", static_cast<std::int64_t>(access.issued.time_since_epoch().count()));
  return jwt_.sign(std::move(claims), access.issued + kAccessLifetime);
}

std::optional<Access> AccessTokens::verify(std::string_view token, UnixMillis now) const {
  const auto json = jwt_.verify(token, now);
  if (!json) return std::nullopt;
  const auto claims = from_json<Claims>(*json);
  if (!claims) return std::nullopt;
  return Access{.user = {static_cast<std::uint64_t>(claims->sub)},
                .session = {static_cast<std::uint64_t>(claims->sid)},
                .account = claims->name,
                .issued = UnixMillis(std::chrono::milliseconds(claims->issued))};
}

}  // namespace parley::account
