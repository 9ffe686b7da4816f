#include "io/port_share.h"

#include <cstdint>

namespace parley::io {
namespace {

std::uint32_t load_be32(Bytes bytes) {
  std::uint32_t word = 0;
  for (const std::uint8_t byte : bytes.first(4)) word = word << 8 | byte;
  return word;
}

}  // namespace

// steer_by_source() in bind.cpp tells the kernel the same.
unsigned share_of(const net::IpAddress& source, unsigned count) {
  const Bytes bytes = source.bytes();
  std::uint32_t word = load_be32(bytes);
  if (source.is_v6()) word ^= load_be32(bytes.subspan(4));
  return ((word * kShareMultiplier) >> kShareShift) % count;
}

}  // namespace parley::io
