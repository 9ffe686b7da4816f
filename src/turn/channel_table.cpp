#include "turn/channel_table.h"

#include <algorithm>
#include <bit>

namespace parley::turn {
namespace {

std::size_t hash_of(std::uint16_t number) {
  return number;  // Clients count them up.
}

// Whoever binds channels chooses the peers, and harms only their own table by a bad choice.
std::size_t hash_of(const net::SocketAddress& peer) {
  ByteReader reader(peer.ip.bytes());
  std::uint64_t hash = peer.port;
  while (reader.remaining() > 0) hash = (hash ^ reader.u32()) * 0x9E3779B97F4A7C15u;
  return hash >> 40;
}

template <class Matches>
std::uint16_t probe(const std::vector<std::uint16_t>& index, std::size_t hash, Matches matches) {
  if (index.empty()) return 0;
  const std::size_t mask = index.size() - 1;
  for (std::size_t at = hash & mask; index[at] != 0; at = (at + 1) & mask) {
    if (matches(index[at])) return index[at];
  }
  return 0;
}

void insert(std::vector<std::uint16_t>& index, std::size_t hash, std::size_t slot) {
  const std::size_t mask = index.size() - 1;
  std::size_t at = hash & mask;
  while (index[at] != 0) at = (at + 1) & mask;
  index[at] = static_cast<std::uint16_t>(slot);
}

}  // namespace

const Channel* ChannelTable::find(Time now, std::uint16_t number) const {
  return alive(now, probe(by_number_, hash_of(number), [&](std::uint16_t slot) {
                 return channels_[slot - 1u].number == number;
               }));
}

const Channel* ChannelTable::find(Time now, const net::SocketAddress& peer) const {
  return alive(now, probe(by_peer_, hash_of(peer),
                          [&](std::uint16_t slot) { return channels_[slot - 1u].peer == peer; }));
}

const Channel* ChannelTable::alive(Time now, std::uint16_t slot) const {
  if (slot == 0) return nullptr;
  const Channel& channel = channels_[slot - 1u];
  return channel.expires > now ? &channel : nullptr;
}

ChannelTable::Bound ChannelTable::can_bind(Time now, std::uint16_t number,
                                           const net::SocketAddress& peer, std::size_t limit) {
  const Channel* const by_number = find(now, number);
  if (by_number != find(now, peer)) return Bound::kConflict;
  if (by_number != nullptr) return Bound::kYes;
  drop_expired(now);
  return channels_.size() < limit ? Bound::kYes : Bound::kFull;
}

ChannelTable::Bound ChannelTable::bind(Time now, std::uint16_t number,
                                       const net::SocketAddress& peer, Time expires,
                                       std::size_t limit) {
  const Bound bound = can_bind(now, number, peer, limit);
  if (bound != Bound::kYes) return bound;
  if (const Channel* const channel = find(now, number)) {
    channels_[static_cast<std::size_t>(channel - channels_.data())].expires = expires;
    return Bound::kYes;
  }
  channels_.push_back({number, peer, expires});
  build_index();
  return Bound::kYes;
}

void ChannelTable::drop_expired(Time now) {
  if (std::erase_if(channels_, [&](const Channel& c) { return c.expires <= now; }) > 0) {
    build_index();
  }
}

void ChannelTable::build_index() {
  const std::size_t size = channels_.empty() ? 0 : std::bit_ceil(channels_.size() * 2);
  by_number_.assign(size, 0);
  by_peer_.assign(size, 0);
  for (std::size_t slot = 1; slot <= channels_.size(); ++slot) {
    insert(by_number_, hash_of(channels_[slot - 1].number), slot);
    insert(by_peer_, hash_of(channels_[slot - 1].peer), slot);
  }
}

}  // namespace parley::turn
