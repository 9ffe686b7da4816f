#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "net/address.h"

namespace parley::turn {

struct Channel {
  std::uint16_t number = 0;
  net::SocketAddress peer = {};
  Time expires = kAtOnce;
};

// The channels of one allocation, found by number and by peer in constant time (RFC 8656, 12). A
// channel ends by its time alone; one that has ended is nobody's until room is needed.
class ChannelTable {
 public:
  enum class Bound : std::uint8_t { kYes, kConflict, kFull };

  // Null if there is none now.
  const Channel* find(Time now, std::uint16_t number) const;
  const Channel* find(Time now, const net::SocketAddress& peer) const;

  // What bind() would say. Forgets channels that ended, if it comes to their number.
  Bound can_bind(Time now, std::uint16_t number, const net::SocketAddress& peer, std::size_t limit);
  // Binds or refreshes. A conflict: the number has another peer, or the peer another number.
  // `limit`: as many as may be at once.
  Bound bind(Time now, std::uint16_t number, const net::SocketAddress& peer, Time expires,
             std::size_t limit);

  std::size_t size() const { return channels_.size(); }  // With those that ended.

 private:
  void drop_expired(Time now);
  void build_index();
  const Channel* alive(Time now, std::uint16_t slot) const;

  std::vector<Channel> channels_;
  // Open addressing with linear probing: positions in channels_ plus one, zero for none. Both are
  // as long, a power of two and at least twice as long as channels_, and empty while that is.
  std::vector<std::uint16_t> by_number_;
  std::vector<std::uint16_t> by_peer_;
};

}  // namespace parley::turn
