#include "account/revocations.h"

namespace parley::account {

void Revocations::revoke(store::SessionId session, UnixMillis now) {
  if (ended_.size() >= max_sessions_) {
    std::erase_if(ended_, [&](const auto& entry) { return entry.second + kAccessLifetime <= now; });
  }
  if (ended_.size() >= max_sessions_) {
    ended_.clear();
    refused_up_to_ = now;
  }
  ended_.insert_or_assign(session, now);
}

bool Revocations::contains(const Access& access, UnixMillis now) const {
  if (access.issued <= refused_up_to_) return true;
  const auto it = ended_.find(access.session);
  return it != ended_.end() && it->second + kAccessLifetime > now;
}

}  // namespace parley::account
