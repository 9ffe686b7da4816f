#include "net/source_counts.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/assert.h"

namespace parley::net {

IpAddress source_of(const IpAddress& ip) {
  if (ip.is_v4()) return ip;
  std::array<std::uint8_t, 16> bytes = {};
  std::ranges::copy(ip.bytes().first(8), bytes.begin());
  return IpAddress::v6(bytes);
}

std::size_t SourceCounts::of(const IpAddress& ip) const {
  const auto it = counts_.find(source_of(ip));
  return it == counts_.end() ? 0 : it->second;
}

void SourceCounts::add(const IpAddress& ip) {
  if (!ip.is_loopback()) ++counts_[source_of(ip)];
}

void SourceCounts::remove(const IpAddress& ip) {
  if (ip.is_loopback()) return;
  const auto it = counts_.find(source_of(ip));
  PARLEY_ASSERT(it != counts_.end());
  if (--it->second == 0) counts_.erase(it);
}

}  // namespace parley::net
