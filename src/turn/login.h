#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace parley::turn {

// A name and a password: of a user who was put down in the configuration, or for a time.
struct Login {
  std::string username = {};
  std::string password = {};

  friend bool operator==(const Login&, const Login&) = default;
};

// A login for `user` that holds until `expiry`, the way coturn's REST interface makes them
// (draft-uberti-behave-turn-rest-00, 2.2): the username is "expiry:user", the password the Base64
// of its HMAC-SHA1 under a secret that whoever makes them shares with the server.
Login time_limited_login(std::string_view secret, std::string_view user, UnixTime expiry);
std::string password_of(std::string_view secret, std::string_view username);
// Where the username says that it ends; nothing if it says nothing.
std::optional<UnixTime> expiry_of(std::string_view username);

// Whose allocations count together: the user without the time.
std::string_view user_of(std::string_view username);

// RFC 8656, 5, asks for the same username. A time-limited login that was renewed has another, and
// the same user.
bool is_same_user(std::string_view username, std::string_view other);

}  // namespace parley::turn
