#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

#include "base/time.h"

// How much, and how much in a time: bytes and bits a second that cannot be mixed up. What leaves
// the range of ±10^15 stays at its end, so no arithmetic on them overflows.
namespace parley {
namespace data_units {

inline constexpr std::int64_t kLimit = 1'000'000'000'000'000;

constexpr std::int64_t clamped(double value) {
  constexpr auto kEnd = static_cast<double>(kLimit);
  if (!(value > -kEnd)) return -kLimit;  // Not a number, too.
  return value < kEnd ? static_cast<std::int64_t>(value) : kLimit;
}
constexpr std::int64_t clamped(std::int64_t value) {
  return std::clamp(value, -kLimit, kLimit);
}

}  // namespace data_units

// A number of bytes. It may be negative: a debt.
class DataSize {
 public:
  constexpr DataSize() = default;
  static constexpr DataSize bytes(std::int64_t n) { return DataSize(data_units::clamped(n)); }
  static constexpr DataSize bytes(std::size_t n) {
    return bytes(static_cast<std::int64_t>(std::min<std::size_t>(n, data_units::kLimit)));
  }
  static constexpr DataSize bytes(int n) { return bytes(std::int64_t{n}); }

  constexpr std::int64_t in_bytes() const { return bytes_; }

  friend constexpr auto operator<=>(DataSize, DataSize) = default;
  friend constexpr DataSize operator+(DataSize a, DataSize b) { return bytes(a.bytes_ + b.bytes_); }
  friend constexpr DataSize operator-(DataSize a, DataSize b) { return bytes(a.bytes_ - b.bytes_); }
  friend constexpr DataSize operator*(DataSize a, double factor) {
    return bytes(data_units::clamped(static_cast<double>(a.bytes_) * factor));
  }
  constexpr DataSize& operator+=(DataSize b) { return *this = *this + b; }
  constexpr DataSize& operator-=(DataSize b) { return *this = *this - b; }

 private:
  explicit constexpr DataSize(std::int64_t bytes) : bytes_(bytes) {}

  std::int64_t bytes_ = 0;
};

// Bits a second.
class DataRate {
 public:
  constexpr DataRate() = default;
  static constexpr DataRate bps(std::int64_t n) { return DataRate(data_units::clamped(n)); }
  static constexpr DataRate kbps(std::int64_t n) {
    return DataRate(data_units::clamped(1e3 * static_cast<double>(n)));
  }
  static constexpr DataRate mbps(std::int64_t n) {
    return DataRate(data_units::clamped(1e6 * static_cast<double>(n)));
  }
  // No limit. The same as any other rate too large to tell.
  static constexpr DataRate infinite() { return DataRate(data_units::kLimit); }

  constexpr std::int64_t in_bps() const { return bps_; }
  constexpr double in_kbps() const { return static_cast<double>(bps_) / 1e3; }
  constexpr bool is_infinite() const { return bps_ == data_units::kLimit; }

  friend constexpr auto operator<=>(DataRate, DataRate) = default;
  friend constexpr DataRate operator+(DataRate a, DataRate b) { return bps(a.bps_ + b.bps_); }
  friend constexpr DataRate operator-(DataRate a, DataRate b) { return bps(a.bps_ - b.bps_); }
  friend constexpr DataRate operator*(DataRate a, double factor) {
    return bps(data_units::clamped(static_cast<double>(a.bps_) * factor));
  }
  friend constexpr double operator/(DataRate a, DataRate b) {
    return static_cast<double>(a.bps_) / static_cast<double>(b.bps_);
  }

 private:
  explicit constexpr DataRate(std::int64_t bps) : bps_(bps) {}

  std::int64_t bps_ = 0;
};

constexpr DataSize operator*(DataRate rate, Duration time) {
  const auto bits_e6 = static_cast<double>(rate.in_bps()) * static_cast<double>(time.count());
  return DataSize::bytes(data_units::clamped(bits_e6 / 8e6));
}

// The time must not be zero.
constexpr DataRate operator/(DataSize size, Duration time) {
  const auto bits_e6 = static_cast<double>(size.in_bytes()) * 8e6;
  return DataRate::bps(data_units::clamped(bits_e6 / static_cast<double>(time.count())));
}

// How long the size takes at the rate, rounded up: by then it is through. The rate must not be
// zero.
constexpr Duration operator/(DataSize size, DataRate rate) {
  const auto bits_e6 = static_cast<double>(size.in_bytes()) * 8e6;
  const std::int64_t us = data_units::clamped(bits_e6 / static_cast<double>(rate.in_bps()));
  return Duration{us + (bits_e6 > static_cast<double>(us) * static_cast<double>(rate.in_bps()))};
}

}  // namespace parley
