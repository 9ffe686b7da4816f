#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/random.h"
#include "base/time.h"
#include "net/address.h"
#include "net/rate_table.h"

namespace parley::net {

// Makes the keys of a RateTable out of addresses: one for each IPv4 address and for each IPv6 /64,
// since a host may use all of its /64. `random` keys them, so that nobody can aim at a row.
class SourceKeys {
 public:
  explicit SourceKeys(Random& random) : secret_{random.u64() | 1, random.u64()} {}

  std::uint64_t of(const IpAddress& source) const;

 private:
  std::array<std::uint64_t, 2> secret_;
};

// Limits how often one source may have something: a token bucket for each (SourceKeys).
//
// It remembers a fixed number of sources, whoever they say they are (RateTable). Loopback is never
// limited: nobody can pretend to be there.
class SourceLimiter {
 public:
  struct Config {
    double per_second = 200;      // Steady rate of one source. An office shares one address.
    double burst = 1000;          // What a source may take at once after a rest.
    std::size_t sources = 16384;  // Remembered, at 16 bytes each. Rounded up to a power of two.
  };

  SourceLimiter(Config config, Random& random)
      : keys_(random),
        buckets_({.per_second = config.per_second, .burst = config.burst, .keys = config.sources}) {
  }

  // Takes a token for `source`; false if it has none left.
  bool allow(Time now, const IpAddress& source) {
    return source.is_loopback() || buckets_.take(now, keys_.of(source));
  }

 private:
  SourceKeys keys_;
  RateTable buckets_;
};

}  // namespace parley::net
