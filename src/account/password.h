#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace parley::account {

inline constexpr std::int64_t kMinPasswordBytes = 8;
inline constexpr std::int64_t kMaxPasswordBytes = 72;  // bcrypt reads no further.

// Why this can be no password, as the end of a sentence. Any bytes will do but NUL, at which bcrypt
// would stop reading. No normal form is made of them: browsers send NFC, which is all that one
// person's keyboards differ in.
std::optional<std::string> problem_with_password(std::string_view password);

// bcrypt ($2b$), by libxcrypt. At the cost of 12 one run takes a quarter of a second, so it runs on
// a thread that has time. May be used from several threads at once, if `random` may.
class PasswordHasher {
 public:
  static constexpr int kCost = 12;

  explicit PasswordHasher(Random& random, int cost = kCost);

  std::string hash(std::string_view password) const;

  // Whether that is the password. Where there is no hash, because there is no such user, the same
  // work is done for a made-up one: how long it takes tells nobody who has an account here.
  bool check(std::string_view password, const std::optional<std::string>& hash) const;

  std::uint64_t runs() const { return runs_; }  // Of bcrypt, so far.

 private:
  std::string setting() const;
  std::string run(std::string_view password, const std::string& setting) const;

  Random& random_;
  int cost_;
  std::string nobody_;  // A hash of no password.
  mutable std::atomic<std::uint64_t> runs_ = 0;
};

}  // namespace parley::account
