#include "account/jwt.h"

#include <jwt.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include "base/assert.h"

namespace parley::account {
namespace {

// Ours are below 1 KiB. What is longer is not even looked at.
constexpr std::size_t kMaxTokenBytes = 2048;

struct Free {
  void operator()(jwt_t* token) const { ::jwt_free(token); }
  void operator()(char* text) const { std::free(text); }
};
using Token = std::unique_ptr<jwt_t, Free>;
using Text = std::unique_ptr<char, Free>;

std::string encode(const Json& claims, const crypto::Sha256Digest& key) {
  jwt_t* made = nullptr;
  PARLEY_ASSERT(::jwt_new(&made) == 0);
  const Token token(made);
  PARLEY_ASSERT(::jwt_add_grants_json(token.get(), claims.to_text().c_str()) == 0);
  PARLEY_ASSERT(
      ::jwt_set_alg(token.get(), JWT_ALG_HS256, key.data(), static_cast<int>(key.size())) == 0);
  const Text text(::jwt_encode_str(token.get()));
  PARLEY_ASSERT(text != nullptr);
  return text.get();
}

// Two more parts after the header, in the URL-safe alphabet of Base64 (RFC 7515, 7.1).
bool has_the_form(std::string_view rest) {
  const auto in_alphabet = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return std::ranges::all_of(rest, in_alphabet) && std::ranges::count(rest, '.') == 1;
}

std::int64_t seconds(UnixMillis time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

Jwt::Jwt(Bytes secret, std::string_view purpose)
    : purpose_(purpose), key_(crypto::derive_key(secret, purpose)) {
  const std::string any = encode(Json(Json::Object{}), key_);
  header_ = any.substr(0, any.find('.') + 1);
}

std::string Jwt::sign(Json claims, UnixMillis expiry) const {
  claims.set("aud", purpose_);
  claims.set("exp", seconds(expiry));
  return encode(claims, key_);
}

std::expected<Json, Jwt::Problem> Jwt::verify(std::string_view token, UnixMillis now) const {
  const auto forged = std::unexpected(Problem::kForged);
  // Just our header, so that another algorithm, or none, does not get as far as the library.
  if (token.size() > kMaxTokenBytes || !token.starts_with(header_)) return forged;
  if (!has_the_form(token.substr(header_.size()))) return forged;
  jwt_t* decoded = nullptr;
  if (::jwt_decode(&decoded, std::string(token).c_str(), key_.data(),
                   static_cast<int>(key_.size())) != 0) {
    return forged;
  }
  const Token verified(decoded);
  const Text text(::jwt_get_grants_json(verified.get(), nullptr));
  auto claims = text == nullptr ? Json() : Json::parse(text.get()).value_or(Json());
  const Json* const audience = claims.find("aud");
  const Json* const expiry = claims.find("exp");
  if (audience == nullptr || *audience != Json(purpose_)) return forged;
  if (expiry == nullptr || expiry->as_int() == nullptr) return forged;
  if (*expiry->as_int() <= seconds(now)) return std::unexpected(Problem::kExpired);
  std::erase_if(*claims.as_object(),
                [](const Json::Member& member) { return member.key == "aud"; });
  return claims;
}

}  // namespace parley::account
