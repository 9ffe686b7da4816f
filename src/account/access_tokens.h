#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "account/jwt.h"
#include "store/records.h"

namespace parley::account {

inline constexpr std::chrono::minutes kAccessLifetime{15};

// Who is logged in, and by which session.
struct Access {
  store::UserId user = {};
  store::SessionId session = {};
  std::string account = {};  // The user's name.
  UnixMillis issued = {};

  friend bool operator==(const Access&, const Access&) = default;
};

// Short-lived proof of being logged in, that can be checked without asking the store: it is in the
// cookie `parley_access`. Whoever checks one asks Revocations as well.
class AccessTokens {
 public:
  explicit AccessTokens(Bytes secret) : jwt_(secret, "parley-access") {}

  // Good for kAccessLifetime from `access.issued` on.
  std::string issue(const Access& access) const;
  std::optional<Access> verify(std::string_view token, UnixMillis now) const;

 private:
  Jwt jwt_;
};

}  // namespace parley::account
