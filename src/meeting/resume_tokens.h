#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"

namespace parley::meeting {

// Gives out and checks the `resume` of a join: who holds it may come back to that room under that
// sid. Nothing is stored, so it is good after a restart too, as long as the key is the same.
//
// A token is sid.expiry.mac with mac = HMAC-SHA256(key, room sid expiry), in URL-safe Base64.
class ResumeTokens {
 public:
  using Key = std::array<std::uint8_t, 32>;

  explicit ResumeTokens(const Key& key) : key_(key) {}

  std::string issue(std::string_view room, std::string_view sid, UnixTime expiry) const;

  struct Claim {
    std::string sid = {};
    UnixTime expiry = {};  // The caller's to judge.

    friend bool operator==(const Claim&, const Claim&) = default;
  };

  // What the token says, if it was given out for this room and with this key.
  std::optional<Claim> verify(std::string_view token, std::string_view room) const;

 private:
  Key key_;
};

}  // namespace parley::meeting
