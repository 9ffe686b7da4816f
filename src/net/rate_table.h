#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace parley::net {

// Token buckets by key, in a fixed amount of memory whoever the keys say they are. Where room is
// short the key that used least of its allowance is forgotten first, so a flood of made-up keys
// does not free one that has used up its own.
class RateTable {
 public:
  struct Config {
    double per_second = 200;   // Steady rate of one key.
    double burst = 1000;       // What a key may take at once after a rest.
    std::size_t keys = 16384;  // Remembered, at 16 bytes each. Rounded up to a power of two.
  };

  explicit RateTable(Config config);

  // Takes a token of `key`; false if it has none left. Keys are spread by whoever makes them, with
  // a secret: else somebody could aim at one row of the table.
  bool take(Time now, std::uint64_t key);
  void give_back(Time now, std::uint64_t key);

  // How long until `key` has a token again; zero if it has one.
  Duration wait(Time now, std::uint64_t key) const;

 private:
  struct Bucket {
    std::uint64_t key = 0;        // Zero: free.
    float tokens = 0;             // As of `filled_at`.
    std::uint32_t filled_at = 0;  // In milliseconds, modulo 2^32.
  };
  static constexpr std::size_t kWays = 4;
  using Row = std::array<Bucket, kWays>;

  float tokens_at(const Bucket& bucket, std::uint32_t now) const;
  Bucket& bucket_of(std::uint64_t key, std::uint32_t now);

  Config config_;
  std::vector<Row> rows_;  // A key lives in the row that it names.
};

}  // namespace parley::net
