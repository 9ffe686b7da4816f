#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/repositories.h"

namespace parley::server {

// A kept room, and what somebody is in it.
struct RoomAccess {
  store::Room room = {};
  std::optional<store::Role> role = {};  // None: neither owner nor member.

  bool owns() const { return role == store::Role::kOwner; }
  bool hosts() const { return owns() || role == store::Role::kCohost; }
  bool belongs() const { return role.has_value(); }
};

// The room of that name, if an account owns it.
store::Result<std::optional<RoomAccess>> find_kept_room(store::Store& store, std::string_view name,
                                                        store::UserId user);

// What that user is in the room.
store::Result<std::optional<store::Role>> role_in(store::Store& store, const store::Room& room,
                                                  store::UserId user);

}  // namespace parley::server
