#include "server/api/room_routes.h"

#include "meeting/names.h"
#include "server/api/bodies.h"
#include "server/api/in_room.h"
#include "server/api/views.h"
#include "server/calendar.h"

namespace parley::server {
namespace {

using http::Method;
using http::Response;
using store::Result;
using store::Role;

// Three groups that one can read aloud. The odds of a name that is there are one in 10^10, and then
// the caller is told to try again.
std::string made_up_name(Random& random) {
  std::string name = "xxx-xxxx-xxx";
  for (char& c : name) {
    if (c != '-') c = "abcdefghijkmnpqrstuvwxyz"[random.u32() % 24];
  }
  return name;
}

store::RoomSettings changed(store::RoomSettings settings, const RoomBody& body) {
  settings.locked = body.locked.value_or(settings.locked);
  settings.waiting_room = body.waiting_room.value_or(settings.waiting_room);
  settings.members_only = body.members_only.value_or(settings.members_only);
  settings.permissions = body.permissions.value_or(settings.permissions);
  settings.lecture = body.lecture.value_or(settings.lecture);
  return settings;
}

// Each participant of a meeting hears of each.
bool has_a_crowd(Api& api, const std::string& name) {
  const auto audience = api.context().meeting.rooms().view(name).audience.value_or(0);
  return std::cmp_greater(audience, meeting::Room::kMaxToMeet);
}

// A new room. What guests left under the same name goes: it is nobody's to inherit.
Result<store::Room> add_room(store::Store& store, store::Room room) {
  const auto old = store.rooms().find(room.name);
  if (!old) return std::unexpected(old.error());
  if (*old && (*old)->owner) return std::unexpected(store::Error::kConflict);
  if (*old) {
    if (auto removed = store.rooms().remove((*old)->id); !removed) {
      return std::unexpected(removed.error());
    }
  }
  const auto id = store.rooms().add(room);
  if (!id) return std::unexpected(id.error());
  room.id = *id;
  return room;
}

Json room_view(const RoomAccess& access) {
  return Json::Object{{"room", to_view(access.room, access.role)}};
}

void list(Api& api, Call call) {
  const auto user = call.user().id;
  api.ask_store(
      std::move(call),
      [user](store::Store& store) -> Result<Json::Array> {
        const auto rooms = store.rooms().list(user);
        if (!rooms) return std::unexpected(rooms.error());
        Json::Array views;
        for (const store::Room& room : *rooms) {
          const auto role = role_in(store, room, user);
          if (!role) return std::unexpected(role.error());
          views.push_back(to_view(room, *role));
        }
        return views;
      },
      [](Call then, Json::Array views) {
        then.send(200, Json::Object{{"rooms", std::move(views)}});
      });
}

void make(Api& api, Call call) {
  const auto body = call.body_as<RoomBody>();
  if (!body) return call.send(body.error());
  const auto name = normal_room(body->name.value_or(made_up_name(api.context().random)));
  if (!name) return call.send(name.error());
  const meeting::RoomView now_there = api.context().meeting.rooms().view(*name);
  if (!now_there.participants.empty() || now_there.audience.value_or(0) > 0) {
    return call.send(conflict("People are meeting under this name just now.", "name"));
  }
  const UnixMillis now = unix_now();
  const store::Room room{.name = *name,
                         .owner = call.user().id,
                         .settings = changed({}, *body),
                         .created = now,
                         .last_used = now};
  api.ask_store(
      std::move(call),
      [room](store::Store& store) -> Result<std::optional<store::Room>> {
        auto added = add_room(store, room);
        if (!added && added.error() == store::Error::kConflict) return std::nullopt;
        if (!added) return std::unexpected(added.error());
        return *std::move(added);
      },
      [](Call then, std::optional<store::Room> made) {
        if (!made) return then.send(conflict("The name is taken.", "name"));
        then.send(201, room_view({.room = *std::move(made), .role = Role::kOwner}));
      });
}

void show(Api& api, Call call) {
  const auto name = normal_room(call.parameter("name"));
  if (!name) return call.send(name.error());
  const auto user = call.caller ? call.caller->user.id : store::UserId();
  api.ask_store(
      std::move(call),
      [name = *name, user](store::Store& store) -> Result<RoomAccess> {
        auto room = store.rooms().find(name);
        if (!room) return std::unexpected(room.error());
        if (!*room) return RoomAccess();
        const auto role = role_in(store, **room, user);
        if (!role) return std::unexpected(role.error());
        return RoomAccess{.room = **std::move(room), .role = *role};
      },
      [&api, name = *name](Call then, const RoomAccess& access) {
        Json view = to_json(api.context().meeting.rooms().view(name));
        view.set("locked", access.room.settings.locked);
        view.set("waitingRoom", access.room.settings.waiting_room);
        view.set("membersOnly", access.room.settings.members_only);
        const auto live = api.context().meeting.rooms().live(name);
        view.set("lecture", live ? live->settings.lecture : access.room.settings.lecture);
        view.set("kept", static_cast<bool>(access.room.owner));
        view.set("you", access.role ? to_json(*access.role) : Json());
        then.send(200, view);
      });
}

void change(Api& api, Call call) {
  const auto body = call.body_as<RoomBody>();
  if (!body) return call.send(body.error());
  if (body->name) return call.send(invalid("name", "cannot be changed"));
  const std::string name = normal_room(call.parameter("name")).value_or("");
  if (!body->lecture.value_or(true) && has_a_crowd(api, name)) {
    return call.send(conflict("There are too many in the audience for a meeting.", "lecture"));
  }
  in_room(
      api, std::move(call), &RoomAccess::hosts,
      [body = *body](store::Store& store, RoomAccess& access) -> Result<RoomAccess> {
        access.room.settings = changed(access.room.settings, body);
        const auto set = store.rooms().set_settings(access.room.id, access.room.settings);
        if (!set) return std::unexpected(set.error());
        return access;
      },
      [&api](Call then, const RoomAccess& access) {
        api.context().meeting.room_changed(access.room.name);
        then.send(200, room_view(access));
      });
}

void remove(Api& api, Call call) {
  const std::string name = normal_room(call.parameter("name")).value_or("");
  in_room(
      api, std::move(call), &RoomAccess::owns,
      [](store::Store& store, const RoomAccess& access) -> Result<std::monostate> {
        if (auto removed = store.rooms().remove(access.room.id); !removed) {
          return std::unexpected(removed.error());
        }
        return std::monostate();
      },
      [&api, name](Call then, std::monostate) {
        api.context().meeting.room_deleted(name);
        then.send_nothing();
      });
}

}  // namespace

std::expected<std::string, Response> normal_room(std::string_view name) {
  if (static_cast<std::int64_t>(name.size()) > kShownName.max) {
    return std::unexpected(invalid("name", "may hold at most 64 characters"));
  }
  auto normal = meeting::normal_room(name);
  if (!normal) return std::unexpected(invalid("name", normal.error()));
  return *std::move(normal);
}

void add_room_routes(Api& api) {
  const auto on = [&api](Method method, std::string_view path, Api::For whom, auto handler) {
    api.route(method, path, whom, [&api, handler](Call call) { handler(api, std::move(call)); });
  };
  using enum Api::For;
  on(Method::kGet, "/api/rooms", kAccounts, list);
  on(Method::kPost, "/api/rooms", kAccounts, make);
  on(Method::kGet, "/api/rooms/{name}", kEverybody, show);
  on(Method::kPatch, "/api/rooms/{name}", kAccounts, change);
  on(Method::kDelete, "/api/rooms/{name}", kAccounts, remove);
}

}  // namespace parley::server
