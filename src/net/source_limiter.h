#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "net/address.h"

namespace parley::net {

// Limits how often one source may have something: a token bucket for each IPv4 address, and for
// each IPv6 /64, since a host may use all of its /64.
//
// It remembers a fixed number of sources, whoever they say they are. Where room is short the source
// that used least of its allowance is forgotten first, so a flood of made-up sources does not free
// one that has used up its own. Loopback is never limited: nobody can pretend to be there.
class SourceLimiter {
 public:
  struct Config {
    double per_second = 200;      // Steady rate of one source. An office shares one address.
    double burst = 1000;          // What a source may take at once after a rest.
    std::size_t sources = 16384;  // Remembered, at 16 bytes each. Rounded up to a power of two.
  };

  // `random` keys the table, so that nobody can aim at one of its rows.
  SourceLimiter(Config config, Random& random);

  // Takes a token for `source`; false if it has none left.
  bool allow(Time now, const IpAddress& source);

 private:
  struct Bucket {
    std::uint64_t key = 0;        // Zero: free.
    float tokens = 0;             // As of `filled_at`.
    std::uint32_t filled_at = 0;  // In milliseconds, modulo 2^32.
  };
  static constexpr std::size_t kWays = 4;
  using Row = std::array<Bucket, kWays>;

  std::uint64_t key_of(const IpAddress& source) const;
  float tokens_at(const Bucket& bucket, std::uint32_t now) const;
  Bucket& bucket_of(std::uint64_t key, std::uint32_t now);

  Config config_;
  std::array<std::uint64_t, 2> secret_;
  std::vector<Row> rows_;  // A source lives in the row that its key names.
};

}  // namespace parley::net
