#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "sctp/packet/chunk.h"
#include "sctp/packet/packet_view.h"

namespace parley::sctp {

enum class Checksum : std::uint8_t { kCrc32c, kZero };

// Fills one packet with chunks, up to `mtu` bytes.
class PacketWriter {
 public:
  PacketWriter(const PacketHeader& header, std::size_t mtu);

  bool empty() const { return packet_.size() == kPacketHeaderSize; }
  // How long the value of one more chunk can be; whole chunks are padded, and so is the packet.
  std::size_t room() const {
    const std::size_t used = packet_.size() + kChunkHeaderSize;
    return used < limit_ ? limit_ - used : 0;
  }

  // Appends a chunk whose value is `head`, then `body`. What does not fit makes the packet longer
  // than the MTU: look at room() before.
  void add(ChunkType type, std::uint8_t flags, Bytes head, Bytes body = {});

  std::vector<std::uint8_t> finish(Checksum checksum);

 private:
  std::size_t limit_;
  std::vector<std::uint8_t> packet_;
};

}  // namespace parley::sctp
