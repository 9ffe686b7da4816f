#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/json.h"
#include "base/time.h"
#include "crypto/hash.h"

namespace parley::account {

// Signed statements for one purpose (JSON Web Tokens, RFC 7519, HS256 alone), by libjwt.
//
// The purpose is both in the key, which is derived for it, and in the token, as its audience: a
// token of one purpose is none for another.
class Jwt {
 public:
  Jwt(Bytes secret, std::string_view purpose);

  // `claims` is an object without "aud" and "exp", which are added.
  std::string sign(Json claims, UnixMillis expiry) const;

  enum class Problem : std::uint8_t { kForged, kExpired };

  // The claims, without "aud"; "exp" is among them, in seconds. The error is kExpired only for a
  // token that is ours.
  std::expected<Json, Problem> verify(std::string_view token, UnixMillis now) const;

 private:
  std::string purpose_;
  crypto::Sha256Digest key_;
  std::string header_;  // As every token of ours begins, with the dot.
};

}  // namespace parley::account
