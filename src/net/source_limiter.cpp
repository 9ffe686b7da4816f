#include "net/source_limiter.h"

namespace parley::net {
namespace {

// Multiplies to 128 bits and folds them: every bit of both reaches every bit of the result.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Of source_of() what differs: all of IPv4, the upper half of IPv6.
std::uint64_t prefix_of(const IpAddress& source) {
  ByteReader reader(source.bytes());
  return source.is_v4() ? reader.u32() : reader.u64();
}

}  // namespace

std::uint64_t SourceKeys::of(const IpAddress& source) const {
  const std::uint64_t family = source.is_v4() ? 4 : 6;
  return fold(prefix_of(source) ^ secret_[0], secret_[1] ^ family);
}

}  // namespace parley::net
