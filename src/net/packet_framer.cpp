#include "net/packet_framer.h"

#include "base/assert.h"

namespace parley::net {

namespace {
constexpr std::size_t kHeader = 2;
}

std::array<std::uint8_t, 2> PacketFramer::header(std::size_t packet_size) {
  PARLEY_ASSERT(packet_size <= kMaxPacket);
  return {static_cast<std::uint8_t>(packet_size >> 8), static_cast<std::uint8_t>(packet_size)};
}

void PacketFramer::append(Bytes data) {
  drop_taken();
  buffer_.insert(buffer_.end(), data.begin(), data.end());
}

std::optional<std::span<std::uint8_t>> PacketFramer::next() {
  while (held() >= kHeader) {
    const std::span rest = std::span(buffer_).subspan(taken_);
    const std::size_t size = ByteReader(rest).u16();
    if (rest.size() < kHeader + size) return std::nullopt;
    taken_ += kHeader + size;
    if (size > 0) return rest.subspan(kHeader, size);
  }
  if (held() == 0) drop_taken();
  return std::nullopt;
}

void PacketFramer::drop_taken() {
  if (held() == 0) {
    buffer_ = {};  // An idle stream holds no memory.
  } else {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(taken_));
  }
  taken_ = 0;
}

}  // namespace parley::net
