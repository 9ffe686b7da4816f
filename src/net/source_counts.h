#pragma once

#include <cstddef>
#include <unordered_map>

#include "net/address.h"

namespace parley::net {

// What stands for one source: an IPv4 address, or the first address of an IPv6 /64, since a host
// may use all of its /64.
IpAddress source_of(const IpAddress& ip);

// How many of something, say connections, each source has now. Loopback is never counted: nobody
// can pretend to be there, and tests and proxies are. Memory for those that have any.
class SourceCounts {
 public:
  std::size_t of(const IpAddress& ip) const;
  void add(const IpAddress& ip);
  void remove(const IpAddress& ip);  // One that was added.
  void clear() { counts_.clear(); }

 private:
  std::unordered_map<IpAddress, std::size_t> counts_;  // By source_of(); none is zero.
};

}  // namespace parley::net
