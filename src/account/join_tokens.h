#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "account/jwt.h"
#include "store/records.h"

namespace parley::account {

inline constexpr std::int64_t kMinJoinSeconds = 10;
inline constexpr std::int64_t kMaxJoinSeconds = 604'800;

// What a join token lets its bearer do: come into that room under that name, past lock, waiting
// room and members-only, as often as it likes until the expiry.
struct JoinGrant {
  std::string room = {};       // In its normal form.
  store::RoomId room_id = {};  // Another room that later has the same name is not meant.
  std::string name = {};
  store::Role role = store::Role::kParticipant;        // Never kOwner.
  std::optional<store::Permissions> permissions = {};  // None: those of the room.
  UnixMillis expiry = {};                              // In whole seconds.

  friend bool operator==(const JoinGrant&, const JoinGrant&) = default;
};

// Mints and checks join tokens. Nothing is stored.
class JoinTokens {
 public:
  explicit JoinTokens(Bytes secret) : jwt_(secret, "parley-join") {}

  std::string mint(const JoinGrant& grant) const;
  std::expected<JoinGrant, Jwt::Problem> verify(std::string_view token, UnixMillis now) const;

 private:
  Jwt jwt_;
};

}  // namespace parley::account
