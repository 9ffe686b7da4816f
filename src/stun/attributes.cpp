#include "stun/attributes.h"

#include <algorithm>
#include <array>

namespace parley::stun {
namespace {

constexpr std::uint8_t kFamilyIpv4 = 0x01;
constexpr std::uint8_t kFamilyIpv6 = 0x02;

template <std::size_t kSize>
std::array<std::uint8_t, kSize> take(ByteReader& reader) {
  std::array<std::uint8_t, kSize> bytes = {};
  std::ranges::copy(reader.bytes(kSize), bytes.begin());
  return bytes;
}

// The magic cookie and the transaction id, which addresses are XORed with.
std::array<std::uint8_t, 16> mask_of(const TransactionId& id) {
  std::array<std::uint8_t, 16> mask = {0x21, 0x12, 0xA4, 0x42};
  std::ranges::copy(id, mask.begin() + 4);
  return mask;
}

std::optional<net::SocketAddress> read_masked(Bytes value, std::array<std::uint8_t, 16> mask) {
  ByteReader reader(value);
  reader.u8();  // Reserved.
  const std::uint8_t family = reader.u8();
  const auto port = static_cast<std::uint16_t>(reader.u16() ^ (mask[0] << 8 | mask[1]));
  const auto unmask = [&](auto bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] ^= mask[i];
    return bytes;
  };
  net::IpAddress ip;
  if (family == kFamilyIpv4) {
    ip = net::IpAddress::v4(unmask(take<4>(reader)));
  } else if (family == kFamilyIpv6) {
    ip = net::IpAddress::v6(unmask(take<16>(reader)));
  } else {
    return std::nullopt;
  }
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return net::SocketAddress{ip, port};
}

}  // namespace

std::optional<net::SocketAddress> read_address(Bytes value) {
  return read_masked(value, {});
}

std::optional<net::SocketAddress> read_xor_address(Bytes value, const TransactionId& id) {
  return read_masked(value, mask_of(id));
}

std::optional<ErrorValue> read_error(Bytes value) {
  ByteReader reader(value);
  reader.u16();  // Reserved.
  const int hundreds = reader.u8() & 0b111;
  const int rest = reader.u8();
  if (!reader.ok() || hundreds < 3 || hundreds > 6 || rest > 99) return std::nullopt;
  return ErrorValue{.code = static_cast<ErrorCode>(hundreds * 100 + rest),
                    .reason = as_text(reader.bytes(reader.remaining()))};
}

std::optional<std::string_view> read_domain(Bytes value) {
  const std::string_view text = as_text(value);
  return is_domain(text) ? std::optional(text) : std::nullopt;
}

bool is_domain(std::string_view text) {
  constexpr std::size_t kMaxDomain = 255;
  constexpr std::size_t kMaxLabel = 63;
  if (text.empty() || text.size() > kMaxDomain) return false;
  std::size_t label = 0;
  char last = '.';
  for (const char c : text) {
    const bool is_alphanumeric =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    // No label is empty, or begins or ends with a hyphen.
    if (c == '.' && (last == '.' || last == '-')) return false;
    if (c == '-' && last == '.') return false;
    if (!is_alphanumeric && c != '.' && c != '-') return false;
    label = c == '.' ? 0 : label + 1;
    if (label > kMaxLabel) return false;
    last = c;
  }
  return last != '-' && last != '.';
}

}  // namespace parley::stun
