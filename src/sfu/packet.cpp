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
  if (free_ == nullptr) {
    if (allocated() + kSlab > config_.max_packets) return std::nullopt;
    slabs_.push_back(std::make_unique<Packet[]>(kSlab));
    for (std::size_t i = 0; i < kSlab; ++i) {
      Packet& packet = slabs_.back()[i];
      packet.next_free_ = std::exchange(free_, &packet);
    }
  }
  Packet* const packet = std::exchange(free_, free_->next_free_);
  packet->pool_ = this;
  ++in_use_;
  std::ranges::copy(rtp, packet->bytes_.begin());
  return Fresh{.ref = PacketRef(packet),
               .packet = packet,
               .bytes = Bytes(packet->bytes_.data(), rtp.size())};
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
  packet->next_free_ = std::exchange(free_, packet);
  --in_use_;
}

}  // namespace parley::sfu
