#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "store/records.h"

// Opaque secrets that clients keep. Of each only the SHA-256 is stored: they are random, so nothing
// slower than that is needed, and whoever reads the database has none of them.
namespace parley::account {

// A refresh token is FAMILY.TURN, 256 random bits each. All tokens of one session share FAMILY.
struct RefreshToken {
  std::string text = {};
  store::Digest family = {};
  store::Digest digest = {};  // Of the whole text.

  static RefreshToken first(Random& random);
  RefreshToken next(Random& random) const;  // Of the same family.
  static std::optional<RefreshToken> parse(std::string_view text);

 private:
  static RefreshToken make(std::string_view family, std::string_view turn);
};

// "parley_" and 256 random bits, so that people and scanners of code know it when they see it.
struct ApiTokenSecret {
  std::string text = {};
  store::Digest digest = {};

  static ApiTokenSecret make(Random& random);
  static std::optional<ApiTokenSecret> parse(std::string_view text);
};

}  // namespace parley::account
