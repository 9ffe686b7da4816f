#include "meeting/bans.h"

#include <algorithm>

namespace parley::meeting {

void Bans::add(std::string_view sid, const Identity& identity, std::string_view address) {
  if (removed_.size() == kMax) removed_.pop_front();
  removed_.push_back({std::string(sid), identity.user, std::string(address)});
}

bool Bans::holds(std::string_view sid) const {
  return std::ranges::find(removed_, sid, &Removed::sid) != removed_.end();
}

bool Bans::suspects(const Identity& identity, std::string_view address) const {
  return std::ranges::any_of(removed_, [&](const Removed& removed) {
    return (identity.user && removed.user == identity.user) ||
           (!address.empty() && removed.address == address);
  });
}

}  // namespace parley::meeting
