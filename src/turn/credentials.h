#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
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

// Whose allocations count together: the user without the time.
std::string_view user_of(std::string_view username);

// RFC 8656, 5, asks for the same username. A time-limited login that was renewed has another, and
// the same user.
bool is_same_user(std::string_view username, std::string_view other);

// Whom the server knows: users with a password of their own, and the secrets under which
// time-limited logins are made. To rotate a secret, add the new one in front, and drop the old one
// once the logins made under it have expired.
class Credentials {
 public:
  Credentials() = default;
  // `realm` as in the server's configuration: USERHASH is made with it.
  Credentials(std::string_view realm, const std::vector<Login>& users,
              std::vector<std::string> secrets);

  void set_secrets(std::vector<std::string> secrets) { secrets_ = std::move(secrets); }

  // Under the newest secret, of which there must be one.
  Login issue(std::string_view user, UnixTime expiry) const;

  // The passwords that this name may come with; none if it is unknown or has expired.
  std::vector<std::string> passwords(std::string_view username, UnixTime now) const;
  // The static user with that USERHASH (RFC 8489, 9.2.4). The names of time-limited logins cannot
  // be told from their hash.
  const std::string* find_userhash(Bytes userhash) const;
  // Whether every username can be told from its hash, so that clients may be asked for that alone.
  bool knows_all_userhashes() const { return secrets_.empty(); }

 private:
  std::unordered_map<std::string, std::string> passwords_;  // Of static users.
  std::unordered_map<std::string, std::string> by_hash_;    // USERHASH to username.
  std::vector<std::string> secrets_;
};

}  // namespace parley::turn
