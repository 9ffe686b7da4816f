#include "turn/permissions.h"

#include <algorithm>

namespace parley::turn {

std::vector<Permissions::Permission>::const_iterator Permissions::lower_bound(
    const net::IpAddress& ip) const {
  return std::ranges::lower_bound(permissions_, ip, {}, &Permission::ip);
}

bool Permissions::has(Time now, const net::IpAddress& ip) const {
  const auto it = lower_bound(ip);
  return it != permissions_.end() && it->ip == ip && it->expires > now;
}

bool Permissions::knows(const net::IpAddress& ip) const {
  const auto it = lower_bound(ip);
  return it != permissions_.end() && it->ip == ip;
}

void Permissions::set(const net::IpAddress& ip, Time expires) {
  const auto it = permissions_.begin() + (lower_bound(ip) - permissions_.cbegin());
  if (it != permissions_.end() && it->ip == ip) {
    it->expires = expires;
  } else {
    permissions_.insert(it, {ip, expires});
  }
}

std::size_t Permissions::drop_expired(Time now) {
  return std::erase_if(permissions_, [&](const Permission& p) { return p.expires <= now; });
}

}  // namespace parley::turn
