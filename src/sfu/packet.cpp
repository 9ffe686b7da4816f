#include "sfu/packet.h"

#include <algorithm>

#include "base/assert.h"

namespace parley::sfu {

void PacketRef::release() {
  packet_->pool_->take_back(std::exchange(packet_, nullptr));
}

PacketHolder::PacketHolder(PacketHolder&& other) noexcept {
  PARLEY_ASSERT(other.places_[0].held == 0 && other.places_[1].held == 0);
}

PacketHolder::~PacketHolder() {
  leave(false);
  leave(true);
}

// Into the list of those who hold as many now.
void PacketHolder::move(PacketPool& pool, bool small) {
  leave(small);
  Place& place = places_[small ? 1 : 0];
  if (place.held == 0) return;
  place.list = &pool.size_of(small).holders[static_cast<std::size_t>(std::bit_width(place.held))];
  place.next = std::exchange(*place.list, this);
  if (place.next != nullptr) place.next->places_[small ? 1 : 0].before = this;
}

void PacketHolder::leave(bool small) {
  Place& place = places_[small ? 1 : 0];
  if (place.list == nullptr) return;
  PacketHolder*& from_before =
      place.before == nullptr ? *place.list : place.before->places_[small ? 1 : 0].next;
  from_before = place.next;
  if (place.next != nullptr) place.next->places_[small ? 1 : 0].before = place.before;
  place.list = nullptr;
  place.before = place.next = nullptr;
}

PacketPool::PacketPool(Config config) {
  constexpr std::size_t kShareOfSound = 16;
  size_of(false).max = config.max_packets / kSlab * kSlab;
  size_of(true).max = config.max_packets / 2 / kSlab * kSlab;
  for (Size& size : sizes_) size.for_sound = size.max / kShareOfSound;
}

PacketPool::~PacketPool() {
  PARLEY_ASSERT(in_use() == 0);
}

std::optional<PacketPool::Fresh> PacketPool::make(Bytes rtp, Use use) {
  if (rtp.size() > Packet::kMaxSize) return std::nullopt;
  const bool small = rtp.size() <= kSmall;
  Size& size = size_of(small);
  const std::size_t others = use == Use::kSound ? 0 : size.for_sound;
  if (size.in_use + others >= size.max && !make_room(small)) return std::nullopt;
  if (size.free == nullptr) grow(small);
  Packet* const packet = std::exchange(size.free, size.free->next_free_);
  ++size.in_use;
  std::ranges::copy(rtp, packet->memory_);
  packet->size_ = static_cast<std::uint16_t>(rtp.size());
  return Fresh{
      .ref = PacketRef(packet), .packet = packet, .bytes = Bytes(packet->memory_, rtp.size())};
}

// Whether a packet of that size has come back. What is given up may be of the other, or still on
// its way to somebody.
bool PacketPool::make_room(bool small) {
  constexpr int kMost = 64;
  const std::size_t before = size_of(small).in_use;
  for (int i = 0; i < kMost; ++i) {
    PacketHolder* const holder = holds_most(small);
    if (holder == nullptr) return false;
    holder->give_up_oldest();
    ++given_up_;
    if (size_of(small).in_use < before) return true;
  }
  return false;
}

// To a factor of two.
PacketHolder* PacketPool::holds_most(bool small) {
  const auto& holders = size_of(small).holders;
  const auto it = std::ranges::find_if(holders.rbegin(), holders.rend(),
                                       [](const PacketHolder* first) { return first != nullptr; });
  return it == holders.rend() ? nullptr : *it;
}

void PacketPool::grow(bool small) {
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
    packet.next_free_ = std::exchange(size_of(small).free, &packet);
  }
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
  Size& size = size_of(packet->small_);
  packet->next_free_ = std::exchange(size.free, packet);
  --size.in_use;
}

}  // namespace parley::sfu
