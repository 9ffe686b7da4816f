#pragma once

#include <compare>
#include <concepts>
#include <cstdint>

namespace parley::sctp {

// A number of the wire, which wraps, as the 64-bit number nearest to `near`, which does not
// (RFC 1982). `near` is at least one round of the wire's number.
template <std::unsigned_integral Wire>
constexpr std::uint64_t extend(std::uint64_t near, Wire wire) {
  constexpr std::uint64_t kRound = std::uint64_t{static_cast<Wire>(-1)} + 1;
  const Wire ahead = static_cast<Wire>(wire - static_cast<Wire>(near));
  return ahead < kRound / 2 ? near + ahead : near + ahead - kRound;
}

// The first number of a series, in its second round: so what is a little older has a place below
// it.
template <std::unsigned_integral Wire>
constexpr std::uint64_t begin_series(Wire wire) {
  return std::uint64_t{static_cast<Wire>(-1)} + 1 + wire;
}

// A Transmission Sequence Number extended to 64 bits: it never wraps, so plain comparison is right.
struct Tsn {
  std::uint64_t value = 0;

  static constexpr Tsn first(std::uint32_t wire) { return {begin_series(wire)}; }
  // What `wire` means beside a number that is near to it.
  static constexpr Tsn near(Tsn known, std::uint32_t wire) { return {extend(known.value, wire)}; }

  constexpr std::uint32_t wire() const { return static_cast<std::uint32_t>(value); }

  friend constexpr auto operator<=>(Tsn, Tsn) = default;
  friend constexpr Tsn operator+(Tsn tsn, std::uint64_t n) { return {tsn.value + n}; }
  friend constexpr Tsn operator-(Tsn tsn, std::uint64_t n) { return {tsn.value - n}; }
  friend constexpr std::uint64_t operator-(Tsn a, Tsn b) { return a.value - b.value; }
};

static_assert(Tsn::near(Tsn::first(0xFFFF'FFFF), 0) == Tsn::first(0xFFFF'FFFF) + 1);
static_assert(Tsn::near(Tsn::first(0), 0xFFFF'FFFF) == Tsn::first(0) - 1);

}  // namespace parley::sctp
