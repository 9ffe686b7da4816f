#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/time.h"
#include "rtp/seq_no.h"
#include "sfu/packet.h"

namespace parley::sfu {

// The newest packets of one stream, by number: what may be sent again. Bounded by time and by
// count; one that is idle holds nothing, once expire() has been called at next_deadline(). Where
// its pool is full, the longest becomes shorter.
class RecentPackets : public PacketHolder {
 public:
  // `max`: a power of two.
  RecentPackets(Duration keep, std::size_t max) : keep_(keep), max_(max) {}

  void add(Time now, const PacketRef& packet);
  void expire(Time now);
  void clear();
  // When what is there has become too old, if nothing more comes.
  Time next_deadline() const;

  // Nothing: it never came, or is too old.
  PacketRef find(Time now, rtp::SeqNo seq) const;
  // The same, whatever its age; null.
  const Packet* peek(rtp::SeqNo seq) const;
  // The newest key frame and all behind it, if all of that is there; empty otherwise.
  std::vector<PacketRef> since_key_frame(Time now) const;

  std::size_t size() const { return size_; }

 private:
  PacketRef& place(rtp::SeqNo seq) { return ring_[seq.value & (ring_.size() - 1)]; }
  const PacketRef& place(rtp::SeqNo seq) const { return ring_[seq.value & (ring_.size() - 1)]; }
  void grow(std::size_t span);
  void drop_oldest();
  void give_up_oldest() override;

  Duration keep_;
  std::size_t max_;
  std::vector<PacketRef> ring_;  // Its size is a power of two, at most `max_`; empty while idle.
  rtp::SeqNo first_ = {};        // [first_, end_) is what may have a place.
  rtp::SeqNo end_ = {};
  std::size_t size_ = 0;
  Time newest_arrived_ = {};
  std::optional<rtp::SeqNo> key_frame_;  // Where the newest begins.
};

}  // namespace parley::sfu
