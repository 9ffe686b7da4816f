#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "meeting/roles.h"

namespace parley::meeting {

// Gives out and checks the `resume` of a join: who holds it may come back to that room as who they
// were. Nothing is stored, so it is good after a restart too, as long as the key is the same.
//
// A token is sid.expiry.life.user.standing.mac with mac = HMAC-SHA256(key, room and all before), in
// URL-safe Base64. The standing is a letter for the role, or w for who waits to be admitted, a
// number with a bit for each permission of their own, s for a speaker and i for who is invited on
// stage.
class ResumeTokens {
 public:
  using Key = std::array<std::uint8_t, 32>;

  struct Claim {
    std::string sid = {};
    UnixTime expiry = {};  // The caller's to judge.
    UnixMillis life = {};  // Of the room, by its beginning.
    UserId user = {};
    bool waits = false;  // They were not in yet.
    Standing standing = {};

    friend bool operator==(const Claim&, const Claim&) = default;
  };

  explicit ResumeTokens(const Key& key) : key_(key) {}

  std::string issue(std::string_view room, const Claim& claim) const;

  // What the token says, if it was given out for this room and with this key.
  std::optional<Claim> verify(std::string_view token, std::string_view room) const;

 private:
  std::string sign(std::string_view room, std::string_view claim) const;

  Key key_;
};

}  // namespace parley::meeting
