#include "turn/credentials.h"

#include <fmt/core.h>

#include <charconv>
#include <cstdint>
#include <optional>

#include "base/assert.h"
#include "base/base64.h"
#include "crypto/hash.h"
#include "stun/integrity.h"

namespace parley::turn {
namespace {

std::string password_of(std::string_view secret, std::string_view username) {
  return to_base64(crypto::hmac_sha1(as_bytes(secret), as_bytes(username)));
}

// Where the username says that it ends; nothing if it says nothing.
std::optional<UnixTime> expiry_of(std::string_view username) {
  std::uint32_t seconds = 0;
  const char* const end = username.data() + username.size();
  const auto [rest, error] = std::from_chars(username.data(), end, seconds);
  if (error != std::errc() || (rest != end && *rest != ':')) return std::nullopt;
  return UnixTime{std::chrono::seconds{seconds}};
}

}  // namespace

Login time_limited_login(std::string_view secret, std::string_view user, UnixTime expiry) {
  std::string username = fmt::format("{}:{}", expiry.time_since_epoch().count(), user);
  std::string password = password_of(secret, username);
  return {std::move(username), std::move(password)};
}

std::string_view user_of(std::string_view username) {
  if (!expiry_of(username)) return username;
  const std::size_t colon = username.find(':');
  return colon == std::string_view::npos ? std::string_view() : username.substr(colon + 1);
}

bool is_same_user(std::string_view username, std::string_view other) {
  if (username == other) return true;
  return !user_of(username).empty() && user_of(username) == user_of(other);
}

Credentials::Credentials(std::string_view realm, const std::vector<Login>& users,
                         std::vector<std::string> secrets)
    : secrets_(std::move(secrets)) {
  for (const Login& user : users) {
    passwords_[user.username] = user.password;
    by_hash_[std::string(as_text(stun::userhash(user.username, realm)))] = user.username;
  }
}

Login Credentials::issue(std::string_view user, UnixTime expiry) const {
  PARLEY_ASSERT(!secrets_.empty());
  return time_limited_login(secrets_.front(), user, expiry);
}

std::vector<std::string> Credentials::passwords(std::string_view username, UnixTime now) const {
  if (const auto user = passwords_.find(std::string(username)); user != passwords_.end()) {
    return {user->second};
  }
  const auto expiry = expiry_of(username);
  if (!expiry || *expiry <= now) return {};
  std::vector<std::string> candidates;
  for (const std::string& secret : secrets_) candidates.push_back(password_of(secret, username));
  return candidates;
}

const std::string* Credentials::find_userhash(Bytes userhash) const {
  const auto user = by_hash_.find(std::string(as_text(userhash)));
  return user == by_hash_.end() ? nullptr : &user->second;
}

}  // namespace parley::turn
