#include "rtp/packet_history.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace parley::rtp {

PacketHistory::PacketHistory(Config config) : config_(config) {
  PARLEY_ASSERT(config_.capacity > 0);
}

void PacketHistory::add(Time now, SeqNo seq, SharedBytes packet) {
  const std::size_t place = seq.value % config_.capacity;
  if (ring_.size() <= place)
    ring_.resize(std::min(config_.capacity, std::max(place + 1, 2 * place)));
  ring_[place] = {.seq = seq, .added = now, .packet = std::move(packet)};
}

std::optional<SharedBytes> PacketHistory::find(Time now, SeqNo seq) const {
  const std::size_t place = seq.value % config_.capacity;
  if (place >= ring_.size()) return std::nullopt;
  const Entry& entry = ring_[place];
  const bool is_it = entry.seq == seq && !entry.packet.empty();
  if (!is_it || now - entry.added > config_.max_age) return std::nullopt;
  return entry.packet;
}

void PacketHistory::clear() {
  ring_.clear();
}

bool NackResponder::allow(Time now, SeqNo seq) {
  auto it = std::ranges::find(resends_, seq, &Resend::seq);
  if (it == resends_.end()) {
    if (resends_.size() < config_.memory) {
      it = resends_.insert(resends_.end(), Resend{});
    } else {
      it = resends_.begin() + static_cast<std::ptrdiff_t>(oldest_);
      oldest_ = (oldest_ + 1) % config_.memory;
    }
    *it = {.seq = seq, .last = now, .count = 1};
    return true;
  }
  const bool too_soon = now - it->last < std::max(rtt_, config_.min_interval);
  if (too_soon || it->count >= config_.max_resends) return false;
  it->last = now;
  ++it->count;
  return true;
}

}  // namespace parley::rtp
