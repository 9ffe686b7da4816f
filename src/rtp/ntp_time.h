#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

#include "base/time.h"

namespace parley::rtp {

// A point of the sender's wall clock: seconds since 1900 as 32.32 fixed point (RFC 3550, 4). RTP
// cares for differences only, so we count it from our own `Time`, which need not know the year.
struct NtpTime {
  std::uint64_t value = 0;

  static constexpr NtpTime of(Time time) {
    const auto since = time.time_since_epoch().count();
    const auto micros = static_cast<std::uint64_t>(since < 0 ? 0 : since);
    return {micros / 1'000'000 << 32 | ((micros % 1'000'000 << 32) + 500'000) / 1'000'000};
  }

  // The middle 32 bits: 16.16 fixed point, what reports echo (LSR, LRR).
  constexpr std::uint32_t middle() const { return static_cast<std::uint32_t>(value >> 16); }

  friend auto operator<=>(NtpTime, NtpTime) = default;
};

// 16.16 fixed-point seconds, as reports write delays.
constexpr std::uint32_t to_fixed_16_16(Duration duration) {
  return static_cast<std::uint32_t>((duration.count() * 65'536 + 500'000) / 1'000'000);
}

constexpr Duration from_fixed_16_16(std::uint32_t fixed) {
  return Duration((std::int64_t{fixed} * 1'000'000 + 32'768) / 65'536);
}

static_assert(NtpTime::of(Time(std::chrono::milliseconds(1'500))).value == 0x1'8000'0000);
static_assert(from_fixed_16_16(to_fixed_16_16(std::chrono::milliseconds(250))) ==
              std::chrono::milliseconds(250));

}  // namespace parley::rtp
