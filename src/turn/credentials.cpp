#include "turn/credentials.h"

#include <optional>

#include "base/assert.h"
#include "stun/integrity.h"

namespace parley::turn {

Credentials::Credentials(std::string realm, std::vector<User> users,
                         std::vector<std::string> secrets)
    : realm_(std::move(realm)), secrets_(std::move(secrets)) {
  for (User& user : users) {
    by_hash_[std::string(as_text(stun::userhash(user.username, realm_)))] = user.username;
    static_keys_[std::move(user.username)] = user.keys;
  }
}

Login Credentials::issue(std::string_view user, UnixTime expiry) const {
  PARLEY_ASSERT(!secrets_.empty());
  return time_limited_login(secrets_.front(), user, expiry);
}

std::vector<LongTermKeys> Credentials::keys(std::string_view username, UnixTime now) const {
  if (const auto user = static_keys_.find(std::string(username)); user != static_keys_.end()) {
    return {user->second};
  }
  const auto expiry = expiry_of(username);
  if (!expiry || *expiry <= now) return {};
  std::vector<LongTermKeys> candidates;
  for (const std::string& secret : secrets_) {
    const Login login{std::string(username), password_of(secret, username)};
    candidates.push_back(make_keys(realm_, login));
  }
  return candidates;
}

const std::string* Credentials::find_userhash(Bytes userhash) const {
  const auto user = by_hash_.find(std::string(as_text(userhash)));
  return user == by_hash_.end() ? nullptr : &user->second;
}

}  // namespace parley::turn
