#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "crypto/hash.h"
#include "turn/login.h"

namespace parley::turn {

// What a server keeps in place of a password (RFC 8489, 9.2.2): the long-term keys that it makes
// with a name and a realm. They let in at this realm alone, and tell of the password nothing that
// guessing does not. Without one of them who asks by its algorithm is not let in.
struct LongTermKeys {
  std::optional<crypto::Sha256Digest> sha256 = {};
  std::optional<crypto::Md5Digest> md5 = {};  // What browsers and clients older than RFC 8489 use.

  // Of PASSWORD-ALGORITHM; nothing if it is missing.
  std::optional<Bytes> find(std::uint16_t algorithm) const;

  friend bool operator==(const LongTermKeys&, const LongTermKeys&) = default;
};

LongTermKeys make_keys(std::string_view realm, const Login& login);

// As they stand in a configuration: "sha256=0x<64 digits>,md5=0x<32 digits>", in either order, or
// one of them. Anything else is no keys.
std::string to_string(const LongTermKeys& keys);
std::optional<LongTermKeys> parse_keys(std::string_view text);

// Whom a server knows.
struct User {
  std::string username = {};
  LongTermKeys keys = {};

  friend bool operator==(const User&, const User&) = default;
};

User make_user(std::string_view realm, const Login& login);

}  // namespace parley::turn
