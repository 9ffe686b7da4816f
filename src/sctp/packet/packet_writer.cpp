#include "sctp/packet/packet_writer.h"

#include <array>
#include <cstring>

#include "sctp/packet/big_endian.h"
#include "sctp/packet/crc32c.h"

namespace parley::sctp {

PacketWriter::PacketWriter(const PacketHeader& header, std::size_t mtu)
    : limit_(mtu & ~std::size_t{3}), packet_(kPacketHeaderSize) {
  store_u16(packet_.data(), header.source_port);
  store_u16(packet_.data() + 2, header.destination_port);
  store_u32(packet_.data() + 4, header.verification_tag);
}

void PacketWriter::add(ChunkType type, std::uint8_t flags, Bytes head, Bytes body) {
  const std::size_t length = kChunkHeaderSize + head.size() + body.size();
  // One allocation a packet: short packets are exact, one that carries much may be filled up.
  if (packet_.capacity() < packet_.size() + padded(length)) {
    packet_.reserve(body.empty() ? packet_.size() + padded(length)
                                 : std::max(limit_, packet_.size() + padded(length)));
  }
  std::array<std::uint8_t, kChunkHeaderSize> header;
  header[0] = static_cast<std::uint8_t>(type);
  header[1] = flags;
  store_u16(header.data() + 2, static_cast<std::uint16_t>(length));
  packet_.insert(packet_.end(), header.begin(), header.end());
  packet_.insert(packet_.end(), head.begin(), head.end());
  packet_.insert(packet_.end(), body.begin(), body.end());
  packet_.resize(packet_.size() + padded(length) - length);
}

std::vector<std::uint8_t> PacketWriter::finish(Checksum checksum) {
  if (checksum == Checksum::kCrc32c) {
    store_u32(packet_.data() + 8, __builtin_bswap32(crc32c(packet_)));
  }
  return std::move(packet_);
}

}  // namespace parley::sctp
