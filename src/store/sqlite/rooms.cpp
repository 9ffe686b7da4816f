#include "store/sqlite/repositories.h"

namespace parley::store::sqlite {
namespace {

// What read_room() reads, in its order.
#define PARLEY_ROOM                                                                               \
  "SELECT id, name, owner, locked, waiting_room, members_only, microphone, camera, screen, chat," \
  " todo, lecture, created, last_used FROM rooms "

Room read_room(Row& row) {
  return {.id = row.id<RoomId>(),
          .name = row.text(),
          .owner = row.id<UserId>(),
          .settings = {.locked = row.boolean(),
                       .waiting_room = row.boolean(),
                       .members_only = row.boolean(),
                       .permissions = {.microphone = row.boolean(),
                                       .camera = row.boolean(),
                                       .screen = row.boolean(),
                                       .chat = row.boolean(),
                                       .todo = row.boolean()},
                       .lecture = row.boolean()},
          .created = row.time(),
          .last_used = row.time()};
}

}  // namespace

Result<void> Rooms::check_limits(UserId owner) {
  const auto rooms = db_.number("SELECT count(*) FROM rooms");
  if (!rooms) return std::unexpected(rooms.error());
  if (std::cmp_greater_equal(*rooms, limits_.rooms)) return std::unexpected(Error::kFull);
  if (!owner) return {};
  const auto owned = db_.number("SELECT count(*) FROM rooms WHERE owner = ?", {owner});
  if (!owned) return std::unexpected(owned.error());
  if (std::cmp_greater_equal(*owned, limits_.rooms_per_owner)) return std::unexpected(Error::kFull);
  return {};
}

Result<RoomId> Rooms::add(const Room& room) {
  return db_.transaction([&]() -> Result<RoomId> {
    if (auto allowed = check_limits(room.owner); !allowed) {
      return std::unexpected(allowed.error());
    }
    const RoomSettings& settings = room.settings;
    const Permissions& may = settings.permissions;
    return db_.insert<RoomId>(
        "INSERT INTO rooms (name, owner, locked, waiting_room, members_only, microphone, camera,"
        " screen, chat, todo, lecture, created, last_used)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {room.name, room.owner, settings.locked, settings.waiting_room, settings.members_only,
         may.microphone, may.camera, may.screen, may.chat, may.todo, settings.lecture, room.created,
         room.last_used});
  });
}

Result<std::optional<Room>> Rooms::find(std::string_view name) {
  return db_.one(PARLEY_ROOM "WHERE name = ?", {name}, read_room);
}

Result<Room> Rooms::find_or_add(std::string_view name, UnixMillis now) {
  return db_.transaction([&]() -> Result<Room> {
    auto found = find(name);
    if (!found) return std::unexpected(found.error());
    if (*found) return **std::move(found);
    Room room{.name = std::string(name), .created = now, .last_used = now};
    const auto id = add(room);
    if (!id) return std::unexpected(id.error());
    room.id = *id;
    return room;
  });
}

Result<std::vector<Room>> Rooms::list(UserId user) {
  return db_.all(PARLEY_ROOM
                 "WHERE owner = ?1 OR id IN (SELECT room FROM memberships WHERE user = ?1)"
                 " ORDER BY last_used DESC, id DESC",
                 {user}, read_room);
}

Result<void> Rooms::set_settings(RoomId id, const RoomSettings& settings) {
  const Permissions& may = settings.permissions;
  return db_.change(
      "UPDATE rooms SET locked = ?, waiting_room = ?, members_only = ?, microphone = ?,"
      " camera = ?, screen = ?, chat = ?, todo = ?, lecture = ? WHERE id = ?",
      {settings.locked, settings.waiting_room, settings.members_only, may.microphone, may.camera,
       may.screen, may.chat, may.todo, settings.lecture, id});
}

Result<void> Rooms::set_owner(RoomId id, UserId owner) {
  return db_.change("UPDATE rooms SET owner = ? WHERE id = ?", {owner, id});
}

Result<void> Rooms::set_last_used(RoomId id, UnixMillis now) {
  return db_.change("UPDATE rooms SET last_used = ? WHERE id = ?", {now, id});
}

Result<void> Rooms::remove(RoomId id) {
  return db_.change("DELETE FROM rooms WHERE id = ?", {id});
}

Result<std::vector<Room>> Rooms::unused(UnixMillis before, std::size_t limit) {
  return db_.all(PARLEY_ROOM "WHERE owner IS NULL AND last_used < ? ORDER BY last_used LIMIT ?",
                 {before, limit}, read_room);
}

}  // namespace parley::store::sqlite
