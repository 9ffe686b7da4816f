#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace parley::net {

// An IPv4 or IPv6 address. An IPv4-mapped IPv6 address (::ffff:1.2.3.4) is kept as the IPv4 address
// that it is, so that one peer has one address whichever socket it came through.
class IpAddress {
 public:
  IpAddress() = default;  // 0.0.0.0

  static IpAddress v4(std::array<std::uint8_t, 4> bytes);
  static IpAddress v6(std::array<std::uint8_t, 16> bytes);
  // "192.0.2.1", "2001:db8::1". No brackets, no zone, no host names.
  static std::optional<IpAddress> parse(std::string_view text);

  bool is_v4() const { return is_v4_; }
  bool is_v6() const { return !is_v4_; }
  bool is_any() const;
  bool is_loopback() const;
  bool is_private() const;  // RFC 1918, RFC 4193 and link-local: not reachable from the internet.
  Bytes bytes() const { return {bytes_.data(), is_v4_ ? 4u : 16u}; }

  std::string to_string() const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  bool is_v4_ = true;
  std::array<std::uint8_t, 16> bytes_ = {};  // The first four for IPv4; the rest is then zero.
};

// A block of addresses: "10.0.0.0/8", "2001:db8::/32", or one address without a slash.
struct Network {
  IpAddress address = {};
  unsigned prefix = 32;  // In bits.

  static std::optional<Network> parse(std::string_view text);

  bool contains(const IpAddress& other) const;

  std::string to_string() const;

  friend bool operator==(const Network&, const Network&) = default;
};

struct SocketAddress {
  IpAddress ip = {};
  std::uint16_t port = 0;

  // "127.0.0.1:8080", "[::1]:8080".
  static std::optional<SocketAddress> parse(std::string_view text);

  std::string to_string() const;

  friend auto operator<=>(const SocketAddress&, const SocketAddress&) = default;
};

}  // namespace parley::net

template <>
struct std::hash<parley::net::IpAddress> {
  std::size_t operator()(const parley::net::IpAddress& ip) const noexcept {
    return std::hash<std::string_view>{}(parley::as_text(ip.bytes()));
  }
};

template <>
struct std::hash<parley::net::SocketAddress> {
  std::size_t operator()(const parley::net::SocketAddress& address) const noexcept {
    return std::hash<parley::net::IpAddress>{}(address.ip) * 31 + address.port;
  }
};
