#include "sctp/packet/packet_view.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sctp/packet/big_endian.h"
#include "sctp/packet/crc32c.h"

namespace parley::sctp {

std::expected<PacketView, ParseError> PacketView::parse(Bytes datagram) {
  if (datagram.size() < kPacketHeaderSize + kChunkHeaderSize) {
    return std::unexpected(ParseError::kTruncated);
  }
  PacketView packet;
  packet.header_ = {.source_port = load_u16(datagram.data()),
                    .destination_port = load_u16(datagram.data() + 2),
                    .verification_tag = load_u32(datagram.data() + 4)};
  packet.checksum_ = load_u32(datagram.data() + 8);
  packet.datagram_ = datagram;
  for (std::size_t at = kPacketHeaderSize; at < datagram.size();) {
    const std::size_t left = datagram.size() - at;
    if (left < kChunkHeaderSize) return std::unexpected(ParseError::kBadLength);
    const std::size_t length = load_u16(datagram.data() + at + 2);
    if (length < kChunkHeaderSize || length > left) return std::unexpected(ParseError::kBadLength);
    at += std::min(padded(length), left);  // The last chunk may lack its padding.
  }
  return packet;
}

// Computed as if the field itself were zero.
bool PacketView::has_right_checksum() const {
  constexpr std::array<std::uint8_t, 4> kZeros{};
  const std::uint32_t head = crc32c(kZeros, crc32c(datagram_.first(8)));
  return __builtin_bswap32(crc32c(datagram_.subspan(kPacketHeaderSize), head)) == checksum_;
}

std::optional<ChunkView> PacketView::next_chunk(std::size_t& offset) const {
  const std::size_t at = std::max(offset, kPacketHeaderSize);
  if (at >= datagram_.size()) return std::nullopt;
  const std::uint8_t* const chunk = datagram_.data() + at;
  const std::size_t length = load_u16(chunk + 2);
  offset = at + padded(length);
  return ChunkView{.type = static_cast<ChunkType>(chunk[0]),
                   .flags = chunk[1],
                   .value = datagram_.subspan(at + kChunkHeaderSize, length - kChunkHeaderSize)};
}

std::string_view to_string(ParseError error) {
  switch (error) {
    case ParseError::kTruncated: return "truncated";
    case ParseError::kBadLength: return "bad length";
    case ParseError::kBadValue: return "bad value";
  }
  std::unreachable();
}

}  // namespace parley::sctp
