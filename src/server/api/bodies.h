#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "account/join_tokens.h"
#include "account/names.h"
#include "account/password.h"
#include "base/schema.h"
#include "store/records.h"

// The bodies of requests to /api, as docs/api.md has them.
namespace parley::server {

inline constexpr Range kAccountName{account::kMinNameLength, account::kMaxNameLength};
inline constexpr Range kPassword{account::kMinPasswordBytes, account::kMaxPasswordBytes};
inline constexpr Range kShownName{1, 64};

struct RegisterBody {
  std::string name = {};
  std::string password = {};
  std::optional<std::string> display_name = {};

  static constexpr auto fields() {
    return std::tuple(field("name", &RegisterBody::name, kAccountName),
                      field("password", &RegisterBody::password, kPassword),
                      field("displayName", &RegisterBody::display_name, kShownName));
  }
};

struct LogInBody {
  std::string name = {};
  std::string password = {};

  static constexpr auto fields() {
    return std::tuple(field("name", &LogInBody::name, kAccountName),
                      field("password", &LogInBody::password, kPassword));
  }
};

struct PasswordBody {
  std::string current = {};
  std::string next = {};

  static constexpr auto fields() {
    return std::tuple(field("current", &PasswordBody::current, kPassword),
                      field("new", &PasswordBody::next, kPassword));
  }
};

struct ProfileBody {
  std::string display_name = {};

  static constexpr auto fields() {
    return std::tuple(field("displayName", &ProfileBody::display_name, kShownName));
  }
};

struct DeleteAccountBody {
  std::string password = {};

  static constexpr auto fields() {
    return std::tuple(field("password", &DeleteAccountBody::password, kPassword));
  }
};

struct TokenBody {
  std::string name = {};
  std::optional<std::int64_t> expires_in_days = {};

  static constexpr auto fields() {
    return std::tuple(field("name", &TokenBody::name, kShownName),
                      field("expiresInDays", &TokenBody::expires_in_days, {.min = 1, .max = 3650}));
  }
};

// What is left out stays as it is, or takes the default in a new room.
struct RoomBody {
  std::optional<std::string> name = {};  // Of a new room alone.
  std::optional<bool> locked = {};
  std::optional<bool> waiting_room = {};
  std::optional<bool> members_only = {};
  std::optional<store::Permissions> permissions = {};
  std::optional<bool> lecture = {};

  static constexpr auto fields() {
    return std::tuple(
        field("name", &RoomBody::name, kShownName), field("locked", &RoomBody::locked),
        field("waitingRoom", &RoomBody::waiting_room),
        field("membersOnly", &RoomBody::members_only), field("permissions", &RoomBody::permissions),
        field("lecture", &RoomBody::lecture));
  }
};

struct MemberBody {
  store::Role role = store::Role::kParticipant;

  static constexpr auto fields() { return std::tuple(field("role", &MemberBody::role)); }
};

struct JoinTokenBody {
  std::string name = {};
  std::optional<store::Role> role = {};
  std::optional<store::Permissions> permissions = {};
  std::int64_t expires_in_seconds = 0;

  static constexpr auto fields() {
    return std::tuple(field("name", &JoinTokenBody::name, kShownName),
                      field("role", &JoinTokenBody::role),
                      field("permissions", &JoinTokenBody::permissions),
                      field("expiresInSeconds", &JoinTokenBody::expires_in_seconds,
                            {.min = account::kMinJoinSeconds, .max = account::kMaxJoinSeconds}));
  }
};

}  // namespace parley::server
