#include "rtp/reorder_buffer.h"

#include <utility>

namespace parley::rtp {

void ReorderBuffer::insert(Time now, OrderedPacket packet) {
  if (next_ && packet.seq < *next_) {
    ++counters_.late;
    return;
  }
  packet.arrived = now;
  const SeqNo seq = packet.seq;
  if (packet.starts_key_frame && (!key_frame_ || seq > *key_frame_)) key_frame_ = seq;
  if (!packets_.emplace(seq, std::move(packet)).second) ++counters_.duplicate;
  overflowed_ = packets_.size() >= config_.capacity;
  if (packets_.size() > config_.capacity) {  // Nobody polls.
    packets_.erase(packets_.begin());
    ++counters_.lost;
  }
  const bool waits = !is_next(packets_.begin()->first);
  if (waits && key_frame_ && is_whole(*key_frame_)) no_gaps_before_ = key_frame_;
}

// From its first packet to the one with the marker.
bool ReorderBuffer::is_whole(SeqNo first) const {
  for (auto it = packets_.find(first); it != packets_.end() && it->first == first;
       ++it, first = first + 1) {
    if (it->second.marker) return true;
  }
  return false;
}

std::optional<OrderedPacket> ReorderBuffer::poll(Time now) {
  if (packets_.empty() || next_deadline() > now) return {};
  auto node = packets_.extract(packets_.begin());
  OrderedPacket packet = std::move(node.mapped());
  // Nobody knows what came before the first.
  packet.lost_before = !next_ || packet.seq != *next_;
  if (next_) counters_.lost += packet.seq - *next_;
  next_ = packet.seq + 1;
  overflowed_ = false;
  return packet;
}

Time ReorderBuffer::next_deadline() const {
  if (packets_.empty()) return kNever;
  const auto& [seq, packet] = *packets_.begin();
  if (is_next(seq) || overflowed_ || (no_gaps_before_ && seq <= *no_gaps_before_)) return kAtOnce;
  return packet.arrived + config_.patience;
}

}  // namespace parley::rtp
