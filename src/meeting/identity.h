#pragma once

#include <optional>
#include <string>

#include "store/records.h"

namespace parley::meeting {

// Who opened a connection: a guest, or somebody who is logged in.
struct Identity {
  store::UserId user = {};   // None: a guest.
  std::string account = {};  // The name of the user's account.
  // It speaks with this server only, not with other participants: its media goes over the server.
  bool by_server_alone = false;
  bool plays = false;  // A program that plays the room, and sends nothing.

  friend bool operator==(const Identity&, const Identity&) = default;
};

// What a join token that was found good says about its bearer.
struct JoinClaim {
  std::string room = {};       // In its normal form.
  store::RoomId room_id = {};  // Another room that has the name since is not meant. None: any.
  std::string name = {};
  store::Role role = store::Role::kParticipant;
  std::optional<store::Permissions> permissions = {};  // None: those of the room.

  friend bool operator==(const JoinClaim&, const JoinClaim&) = default;
};

}  // namespace parley::meeting
