#include "net/address.h"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <concepts>

namespace parley::net {
namespace {

// ::ffff:0:0/96, the block of IPv4-mapped addresses (RFC 4291, 2.5.5.2).
constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// The whole of `text` as a decimal number. No sign, no blanks.
template <std::unsigned_integral Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Whether the first `bits` of both are the same.
bool same_prefix(Bytes a, Bytes b, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::ranges::equal(a.first(whole), b.first(whole))) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

bool in_any(const IpAddress& ip, std::initializer_list<Network> networks) {
  return std::ranges::any_of(networks, [&](const Network& n) { return n.contains(ip); });
}

}  // namespace

IpAddress IpAddress::v4(std::array<std::uint8_t, 4> bytes) {
  IpAddress ip;
  std::ranges::copy(bytes, ip.bytes_.begin());
  return ip;
}

IpAddress IpAddress::v6(std::array<std::uint8_t, 16> bytes) {
  if (same_prefix(bytes, kMappedPrefix, 96)) {
    return v4({bytes[12], bytes[13], bytes[14], bytes[15]});
  }
  IpAddress ip;
  ip.is_v4_ = false;
  ip.bytes_ = bytes;
  return ip;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  std::array<std::uint8_t, 4> four;
  if (inet_pton(AF_INET, terminated.c_str(), four.data()) == 1) return v4(four);
  std::array<std::uint8_t, 16> sixteen;
  if (inet_pton(AF_INET6, terminated.c_str(), sixteen.data()) == 1) return v6(sixteen);
  return std::nullopt;
}

bool IpAddress::is_any() const {
  return std::ranges::all_of(bytes(), [](std::uint8_t byte) { return byte == 0; });
}

bool IpAddress::is_loopback() const {
  if (is_v4_) return bytes_[0] == 127;
  return bytes_[15] == 1 && std::ranges::count(bytes_, 0) == 15;
}

bool IpAddress::is_private() const {
  static const std::initializer_list<Network> kPrivate = {
      {v4({10, 0, 0, 0}), 8},     {v4({172, 16, 0, 0}), 12}, {v4({192, 168, 0, 0}), 16},
      {v4({169, 254, 0, 0}), 16}, {v6({0xfc}), 7},           {v6({0xfe, 0x80}), 10},
  };
  return in_any(*this, kPrivate);
}

// RFC 5952: lower case, the longest run of zeros shortened.
std::string IpAddress::to_string() const {
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(is_v4_ ? AF_INET : AF_INET6, bytes_.data(), text, sizeof text);
}

std::optional<Network> Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto ip = IpAddress::parse(text.substr(0, slash));
  if (!ip) return std::nullopt;
  const auto bits = static_cast<unsigned>(ip->bytes().size() * 8);
  if (slash == std::string_view::npos) return Network{*ip, bits};
  const auto prefix = parse_number<unsigned>(text.substr(slash + 1));
  if (!prefix || *prefix > bits) return std::nullopt;
  return Network{*ip, *prefix};
}

bool Network::contains(const IpAddress& other) const {
  return other.is_v4() == address.is_v4() && same_prefix(address.bytes(), other.bytes(), prefix);
}

std::string Network::to_string() const {
  return fmt::format("{}/{}", address.to_string(), prefix);
}

std::optional<SocketAddress> SocketAddress::parse(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() >= 2 && host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  // An IPv6 address needs its brackets: "::1:80" could mean either.
  if (bracketed != host.contains(':')) return std::nullopt;
  const auto ip = IpAddress::parse(host);
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
  if (!ip || !port) return std::nullopt;
  return SocketAddress{*ip, *port};
}

std::string SocketAddress::to_string() const {
  return fmt::format(fmt::runtime(ip.is_v6() ? "[{}]:{}" : "{}:{}"), ip.to_string(), port);
}

}  // namespace parley::net
