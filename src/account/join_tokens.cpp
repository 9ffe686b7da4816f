#include "account/join_tokens.h"

#include "base/schema.h"

namespace parley::account {
namespace {

constexpr std::int64_t kYear9999 = 253'402'300'799;  // Later is no time in milliseconds.

struct Claims {
  std::string room = {};
  std::int64_t rid = 0;
  std::string name = {};
  store::Role role = store::Role::kParticipant;
  std::optional<store::Permissions> permissions = {};
  std::int64_t exp = 0;

  static constexpr auto fields() {
    return std::tuple(field("room", &Claims::room), field("rid", &Claims::rid, {.min = 1}),
                      field("name", &Claims::name), field("role", &Claims::role),
                      field("permissions", &Claims::permissions),
                      field("exp", &Claims::exp, {.max = kYear9999}));
  }
};

}  // namespace

std::string JoinTokens::mint(const JoinGrant& grant) const {
  Json claims;
  claims.set("room", grant.room);
  claims.set("rid", static_cast<std::int64_t>(grant.room_id.value));
  claims.set("name", grant.name);
  claims.set("role", to_json(grant.role));
  if (grant.permissions) claims.set("permissions", to_json(*grant.permissions));
  return jwt_.sign(std::move(claims), grant.expiry);
}

std::expected<JoinGrant, Jwt::Problem> JoinTokens::verify(std::string_view token,
                                                          UnixMillis now) const {
  const auto json = jwt_.verify(token, now);
  if (!json) return std::unexpected(json.error());
  auto claims = from_json<Claims>(*json);
  if (!claims || claims->role == store::Role::kOwner) {
    return std::unexpected(Jwt::Problem::kForged);
  }
  return JoinGrant{.room = std::move(claims->room),
                   .room_id = {static_cast<std::uint64_t>(claims->rid)},
                   .name = std::move(claims->name),
                   .role = claims->role,
                   .permissions = claims->permissions,
                   .expiry = UnixMillis(std::chrono::seconds(claims->exp))};
}

}  // namespace parley::account
