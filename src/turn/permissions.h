#pragma once

#include <cstddef>
#include <vector>

#include "base/time.h"
#include "net/address.h"

namespace parley::turn {

// From which addresses an allocation takes packets, and to which it sends (RFC 8656, 2.3 and 9).
class Permissions {
 public:
  bool has(Time now, const net::IpAddress& ip) const;
  // Whether there is an entry, even one that has expired: to refresh it takes no further room.
  bool knows(const net::IpAddress& ip) const;
  void set(const net::IpAddress& ip, Time expires);
  // Lets go of those that have expired; returns how many.
  std::size_t drop_expired(Time now);
  std::size_t size() const { return permissions_.size(); }

 private:
  struct Permission {
    net::IpAddress ip = {};
    Time expires = kAtOnce;
  };

  std::vector<Permission>::const_iterator lower_bound(const net::IpAddress& ip) const;

  std::vector<Permission> permissions_;  // Sorted by address.
};

}  // namespace parley::turn
