#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>

namespace parley::rtp {

// Makes numbers that wrap into numbers that do not: each is taken for the one nearest to the newest
// so far (RFC 3550, 3 "extended"; RFC 1982). What comes first starts in the second round, so that
// what is a little older still has a place below it.
//
//   Extender<std::uint16_t> sequence;   Extender<std::uint32_t> timestamp;
template <std::unsigned_integral Wire>
requires(sizeof(Wire) < sizeof(std::uint64_t)) class Extender {
 public:
  std::uint64_t extend(Wire value) {
    const std::uint64_t extended = peek(value);
    if (!newest_ || extended > *newest_) newest_ = extended;
    return extended;
  }

  // The same, and nothing is remembered.
  std::uint64_t peek(Wire value) const {
    if (!newest_) return kRound + value;
    const Wire ahead = static_cast<Wire>(value - static_cast<Wire>(*newest_));
    if (ahead < kRound / 2) return *newest_ + ahead;
    const std::uint64_t behind = kRound - ahead;
    return *newest_ >= behind ? *newest_ - behind : *newest_ + ahead;
  }

 private:
  static constexpr std::uint64_t kRound = std::uint64_t{std::numeric_limits<Wire>::max()} + 1;

  std::optional<std::uint64_t> newest_;
};

}  // namespace parley::rtp
