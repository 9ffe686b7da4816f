#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace parley::sfu {

// Adds each field of `more`, all of which are counts, std::uint64_t.
template <class Counters>
void add_counts(Counters& sum, const Counters& more) {
  using Counts = std::array<std::uint64_t, sizeof(Counters) / sizeof(std::uint64_t)>;
  auto counts = std::bit_cast<Counts>(sum);
  const auto others = std::bit_cast<Counts>(more);
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += others[i];
  sum = std::bit_cast<Counters>(counts);
}

}  // namespace parley::sfu
