#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/data_rate.h"

namespace parley::sfu {

// What the links of those who watch a mix can carry of it, counted: so a thousand of them are told
// by as much as one, and what several nodes tell is added up.
class ViewerBudgets {
 public:
  static constexpr std::size_t kEncodings = 3;
  static constexpr std::size_t kSteps = 48;  // From 60 kbit/s on, each a tenth more than the last.

  // The least that a budget of that step is.
  static constexpr DataRate rate(std::size_t step) { return kRates[step]; }

  // Of one who shows encoding `largest` as large as it is, or smaller: larger ones are of no use.
  constexpr void add(std::size_t largest, DataRate budget) {
    std::size_t step = 0;
    while (step + 1 < kSteps && kRates[step + 1] <= budget) ++step;
    ++viewers_[std::min(largest, kEncodings - 1)][step];
  }
  constexpr void add(const ViewerBudgets& others) {
    for (std::size_t i = 0; i < kEncodings; ++i) {
      for (std::size_t step = 0; step < kSteps; ++step) {
        viewers_[i][step] += others.viewers_[i][step];
      }
    }
  }
  constexpr std::uint32_t count(std::size_t largest, std::size_t step) const {
    return viewers_[largest][step];
  }
  bool empty() const { return *this == ViewerBudgets{}; }

  friend bool operator==(const ViewerBudgets&, const ViewerBudgets&) = default;

 private:
  static constexpr std::array<DataRate, kSteps> kRates = [] {
    std::array<DataRate, kSteps> rates = {};
    rates[0] = DataRate::kbps(60);
    for (std::size_t i = 1; i < kSteps; ++i)
      rates[i] = DataRate::bps(rates[i - 1].in_bps() * 11 / 10);
    return rates;
  }();

  std::array<std::array<std::uint32_t, kSteps>, kEncodings> viewers_ = {};
};

}  // namespace parley::sfu
