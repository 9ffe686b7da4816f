#pragma once

#include <cstddef>
#include <unordered_map>

#include "account/access_tokens.h"
#include "base/time.h"
#include "store/records.h"

namespace parley::account {

// The sessions that ended while access tokens of theirs may still be about, each until the last of
// them has expired.
class Revocations {
 public:
  // Where more sessions end than can be kept, all access tokens of that time are refused: every
  // browser then has to refresh once, which those of ended sessions cannot.
  explicit Revocations(std::size_t max_sessions = 100'000) : max_sessions_(max_sessions) {}

  void revoke(store::SessionId session, UnixMillis now);
  bool contains(const Access& access, UnixMillis now) const;

  std::size_t size() const { return ended_.size(); }

 private:
  std::size_t max_sessions_;
  std::unordered_map<store::SessionId, UnixMillis> ended_;  // When; never more than max_sessions_.
  UnixMillis refused_up_to_ = UnixMillis::min();            // Tokens issued then or before.
};

}  // namespace parley::account
