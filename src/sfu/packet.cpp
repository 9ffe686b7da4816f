#include "sfu/packet.h"

#include <algorithm>

#include "base/assert.h"

namespace parley::sfu {

void PacketRef::release() {
  packet_->pool_->take_back(std::exchange(packet_, nullptr));
}

PacketPool::~PacketPool() {
  PARLEY_ASSERT(in_use_ == 0);
}

std::optional<PacketPool::Fresh> PacketPool::make(Bytes rtp) {
  if (rtp.size() > Packet::kMaxSize) return std::nullopt;
  const bool small = rtp.size() <= kSmall;
  Packet*& free = free_list(small);
  if (free == nullptr && !grow(small)) return std::nullopt;
  Packet* const packet = std::exchange(free, free->next_free_);
  ++in_use_;
  std::ranges::copy(rtp, packet->memory_);
  packet->size_ = static_cast<std::uint16_t>(rtp.size());
  return Fresh{
      .ref = PacketRef(packet), .packet = packet, .bytes = Bytes(packet->memory_, rtp.size())};
}

bool PacketPool::grow(bool small) {
  if (allocated() + kSlab > config_.max_packets) return false;
  const std::size_t size = small ? kSmall : Packet::kMaxSize;
  Slab& slab = slabs_.emplace_back(
      Slab{.packets = std::make_unique<Packet[]>(kSlab),
           .memory = std::make_unique_for_overwrite<std::uint8_t[]>(kSlab * size)});
  allocated_bytes_ += kSlab * (sizeof(Packet) + size);
  for (std::size_t i = 0; i < kSlab; ++i) {
    Packet& packet = slab.packets[i];
    packet.pool_ = this;
    packet.small_ = small;
    packet.memory_ = &slab.memory[i * size];
    packet.next_free_ = std::exchange(free_list(small), &packet);
  }
  return true;
}

// The fields of the next use begin as those of a new packet.
void PacketPool::take_back(Packet* packet) {
  packet->seq = {};
  packet->timestamp = 0;
  packet->marker = false;
  packet->encoding = 0;
  packet->repaired = false;
  packet->frame = {};
  packet->audio_level = packet->video_orientation = packet->playout_delay = {};
  packet->dependency_descriptor = packet->absolute_capture_time = packet->payload = {};
  packet->next_free_ = std::exchange(free_list(packet->small_), packet);
  --in_use_;
}

}  // namespace parley::sfu
