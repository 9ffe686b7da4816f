#include "server/api/room_access.h"

namespace parley::server {

store::Result<std::optional<store::Role>> role_in(store::Store& store, const store::Room& room,
                                                  store::UserId user) {
  if (!user) return std::nullopt;
  if (room.owner == user) return store::Role::kOwner;
  const auto membership = store.memberships().find(room.id, user);
  if (!membership) return std::unexpected(membership.error());
  if (!*membership) return std::nullopt;
  return (*membership)->role;
}

store::Result<std::optional<RoomAccess>> find_kept_room(store::Store& store, std::string_view name,
                                                        store::UserId user) {
  auto room = store.rooms().find(name);
  if (!room) return std::unexpected(room.error());
  if (!*room || !(*room)->owner) return std::nullopt;
  const auto role = role_in(store, **room, user);
  if (!role) return std::unexpected(role.error());
  return RoomAccess{.room = **std::move(room), .role = *role};
}

}  // namespace parley::server
