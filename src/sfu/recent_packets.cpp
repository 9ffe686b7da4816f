#include "sfu/recent_packets.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace parley::sfu {
namespace {

constexpr std::size_t kSmallest = 64;

}  // namespace

void RecentPackets::add(Time now, const PacketRef& packet) {
  expire(now);
  const rtp::SeqNo seq = packet->seq;
  if (first_ == end_) {
    first_ = seq;
    end_ = seq + 1;
  } else if (seq < first_) {
    if (end_ - seq > max_) return;
    first_ = seq;
  } else if (seq >= end_) {
    end_ = seq + 1;
    while (end_ - first_ > max_) drop_oldest();
  }
  if (end_ - first_ > ring_.size()) grow(end_ - first_);
  if (!place(seq)) {
    ++size_;
    note_taken(*packet);
    place(seq) = packet;
  }
  newest_arrived_ = now;
  const bool is_key = packet->frame.key_frame && packet->frame.starts_frame;
  if (is_key && packet->frame.spatial == 0 && (!key_frame_ || seq > *key_frame_)) key_frame_ = seq;
}

void RecentPackets::expire(Time now) {
  while (first_ < end_ && (!place(first_) || now - place(first_)->arrived > keep_)) drop_oldest();
  if (size_ == 0 && now - newest_arrived_ > keep_) ring_ = {};
}

void RecentPackets::clear() {
  while (first_ < end_) drop_oldest();
  ring_ = {};
  key_frame_.reset();
}

Time RecentPackets::next_deadline() const {
  return ring_.empty() ? kNever : newest_arrived_ + keep_ + std::chrono::milliseconds{1};
}

PacketRef RecentPackets::find(Time now, rtp::SeqNo seq) const {
  if (seq < first_ || seq >= end_ || !place(seq) || now - place(seq)->arrived > keep_) return {};
  return place(seq);
}

const Packet* RecentPackets::peek(rtp::SeqNo seq) const {
  return seq < first_ || seq >= end_ || !place(seq) ? nullptr : &*place(seq);
}

std::vector<PacketRef> RecentPackets::since_key_frame(Time now) const {
  std::vector<PacketRef> packets;
  if (!key_frame_ || *key_frame_ < first_ || *key_frame_ >= end_) return packets;
  packets.reserve(end_ - *key_frame_);
  for (rtp::SeqNo seq = *key_frame_; seq < end_; seq = seq + 1) {
    packets.push_back(find(now, seq));
    if (!packets.back()) return {};
  }
  return packets;
}

// Each packet finds its new place by its number.
void RecentPackets::grow(std::size_t span) {
  const std::size_t size = std::min(std::max(std::bit_ceil(span), kSmallest), max_);
  std::vector<PacketRef> before = std::exchange(ring_, std::vector<PacketRef>(size));
  for (PacketRef& packet : before) {
    if (!packet) continue;
    PacketRef& target = place(packet->seq);
    target = std::move(packet);
  }
}

void RecentPackets::drop_oldest() {
  if (PacketRef& oldest = place(first_)) {
    --size_;
    note_dropped(*oldest);
    oldest = {};
  }
  first_ = first_ + 1;
}

void RecentPackets::give_up_oldest() {
  while (first_ < end_ && !place(first_)) drop_oldest();
  if (first_ < end_) drop_oldest();
}

}  // namespace parley::sfu
