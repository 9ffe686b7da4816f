#include "server/api/member_routes.h"

#include "meeting/names.h"
#include "server/api/bodies.h"
#include "server/api/in_room.h"
#include "server/api/views.h"
#include "server/calendar.h"

namespace parley::server {
namespace {

using http::Method;
using store::Result;
using store::Role;

struct Member {
  store::User user = {};
  Role role = Role::kParticipant;
};

Json member_view(const Member& member) {
  return Json::Object{{"user", to_view(member.user)}, {"role", to_json(member.role)}};
}

// The owner first, then members in the store's order.
Result<std::vector<Member>> members_of(store::Store& store, const store::Room& room) {
  auto memberships = store.memberships().list(room.id);
  if (!memberships) return std::unexpected(memberships.error());
  memberships->insert(memberships->begin(), {room.id, room.owner, Role::kOwner});
  std::vector<Member> members;
  for (const store::Membership& membership : *memberships) {
    auto user = store.users().find(membership.user);
    if (!user) return std::unexpected(user.error());
    if (*user) members.push_back({.user = **std::move(user), .role = membership.role});
  }
  return members;
}

void list(Api& api, Call call) {
  in_room(
      api, std::move(call), &RoomAccess::hosts,
      [](store::Store& store, const RoomAccess& access) { return members_of(store, access.room); },
      [](Call then, const std::vector<Member>& members) {
        Json::Array views;
        for (const Member& member : members) views.push_back(member_view(member));
        then.send(200, Json::Object{{"members", std::move(views)}});
      });
}

void put(Api& api, Call call) {
  const auto body = call.body_as<MemberBody>();
  if (!body) return call.send(body.error());
  if (body->role == Role::kOwner) {
    return call.send(invalid("role", "must be one of cohost, participant"));
  }
  const std::string room = normal_room(call.parameter("name")).value_or("");
  const std::string name(call.parameter("user"));
  in_room(
      api, std::move(call), &RoomAccess::owns,
      [name, role = body->role](store::Store& store,
                                const RoomAccess& access) -> Result<std::optional<Member>> {
        auto user = store.users().find_by_name(name);
        if (!user) return std::unexpected(user.error());
        if (!*user) return std::nullopt;
        Member member{.user = **std::move(user), .role = role};
        if (member.user.id == access.room.owner) {
          member.role = Role::kOwner;
          return member;
        }
        const auto put = store.memberships().put({access.room.id, member.user.id, role});
        if (!put) return std::unexpected(put.error());
        return member;
      },
      [&api, room](Call then, const std::optional<Member>& member) {
        if (!member) return then.send(not_found("There is no account of that name."));
        if (member->role == Role::kOwner) {
          return then.send(conflict("That is the owner of the room.", "user"));
        }
        api.context().meeting.room_changed(room);
        then.send(200, Json::Object{{"member", member_view(*member)}});
      });
}

// The owner takes anybody out, and everybody themselves.
void remove(Api& api, Call call) {
  const std::string name(call.parameter("user"));
  const std::string room = normal_room(call.parameter("name")).value_or("");
  const bool oneself = name == call.user().name;
  in_room(
      api, std::move(call), oneself ? &RoomAccess::belongs : &RoomAccess::owns,
      [name](store::Store& store, const RoomAccess& access) -> Result<bool> {
        const auto user = store.users().find_by_name(name);
        if (!user) return std::unexpected(user.error());
        if (!*user) return false;
        const auto membership = store.memberships().find(access.room.id, (*user)->id);
        if (!membership) return std::unexpected(membership.error());
        if (!*membership) return false;
        const auto removed = store.memberships().remove(access.room.id, (*user)->id);
        if (!removed) return std::unexpected(removed.error());
        return true;
      },
      [&api, room](Call then, bool found) {
        if (!found) return then.send(not_found("There is no such member."));
        api.context().meeting.room_changed(room);
        then.send_nothing();
      });
}

void mint_join_token(Api& api, Call call) {
  const auto body = call.body_as<JoinTokenBody>();
  if (!body) return call.send(body.error());
  auto name = meeting::normal_name(body->name);
  if (!name) return call.send(invalid("name", name.error()));
  const Role role = body->role.value_or(Role::kParticipant);
  if (role == Role::kOwner) return call.send(invalid("role", "must be one of cohost, participant"));
  const auto expiry = std::chrono::floor<std::chrono::seconds>(unix_now()) +
                      std::chrono::seconds(body->expires_in_seconds);
  const account::JoinGrant wanted{
      .name = *std::move(name), .role = role, .permissions = body->permissions, .expiry = expiry};
  // Whoever holds such a token is as good as a cohost: only the owner makes one.
  in_room(
      api, std::move(call), role == Role::kCohost ? &RoomAccess::owns : &RoomAccess::hosts,
      [wanted](store::Store&, const RoomAccess& access) -> Result<account::JoinGrant> {
        account::JoinGrant grant = wanted;
        grant.room = access.room.name;
        grant.room_id = access.room.id;
        return grant;
      },
      [&api](Call then, const account::JoinGrant& grant) {
        const std::string token = api.context().join_tokens.mint(grant);
        // After the "#", which stays in the browser: no log on the way has the token.
        const std::string url = then.origin() + "/room/" + grant.room + "#token=" + token;
        then.send(201,
                  Json::Object{{"token", token}, {"url", url}, {"expires", to_view(grant.expiry)}});
      });
}

}  // namespace

void add_member_routes(Api& api) {
  const auto on = [&api](Method method, std::string_view path, auto handler) {
    api.route(method, path, Api::For::kAccounts,
              [&api, handler](Call call) { handler(api, std::move(call)); });
  };
  on(Method::kGet, "/api/rooms/{name}/members", list);
  on(Method::kPut, "/api/rooms/{name}/members/{user}", put);
  on(Method::kDelete, "/api/rooms/{name}/members/{user}", remove);
  on(Method::kPost, "/api/rooms/{name}/join-tokens", mint_join_token);
}

}  // namespace parley::server
