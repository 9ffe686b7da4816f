#include "turn/login.h"

#include <fmt/core.h>

#include <charconv>
#include <cstdint>

#include "base/base64.h"
#include "crypto/hash.h"

namespace parley::turn {

std::string password_of(std::string_view secret, std::string_view username) {
  return to_base64(crypto::hmac_sha1(as_bytes(secret), as_bytes(username)));
}

std::optional<UnixTime> expiry_of(std::string_view username) {
  std::uint32_t seconds = 0;
  const char* const end = username.data() + username.size();
  const auto [rest, error] = std::from_chars(username.data(), end, seconds);
  if (error != std::errc() || (rest != end && *rest != ':')) return std::nullopt;
  return UnixTime{std::chrono::seconds{seconds}};
}

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

}  // namespace parley::turn
