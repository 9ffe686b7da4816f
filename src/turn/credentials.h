#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "turn/login.h"
#include "turn/user.h"

namespace parley::turn {

// Whom the server knows: users of the configuration, by their keys, and the secrets under which
// time-limited logins are made. To rotate a secret, add the new one in front, and drop the old one
// once the logins made under it have expired.
class Credentials {
 public:
  Credentials() = default;
  // `realm` as in the server's configuration: keys and USERHASH are made with it.
  Credentials(std::string realm, std::vector<User> users, std::vector<std::string> secrets);

  void set_secrets(std::vector<std::string> secrets) { secrets_ = std::move(secrets); }

  // Under the newest secret, of which there must be one.
  Login issue(std::string_view user, UnixTime expiry) const;

  // What this name may seal with; nothing if it is unknown or has expired.
  std::vector<LongTermKeys> keys(std::string_view username, UnixTime now) const;
  // The static user with that USERHASH (RFC 8489, 9.2.4). The names of time-limited logins cannot
  // be told from their hash.
  const std::string* find_userhash(Bytes userhash) const;
  // Whether every username can be told from its hash, so that clients may be asked for that alone.
  bool knows_all_userhashes() const { return secrets_.empty(); }

 private:
  std::string realm_;
  std::unordered_map<std::string, LongTermKeys> static_keys_;  // By username.
  std::unordered_map<std::string, std::string> by_hash_;       // USERHASH to username.
  std::vector<std::string> secrets_;
};

}  // namespace parley::turn
