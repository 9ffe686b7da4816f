#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <vector>

#include "sctp/types.h"

namespace parley::sctp {

// Puts whole messages into the order of their streams (RFC 9260, 6.6).
class OrderedStreams {
 public:
  // Bytes that one waiting message counts besides its payload, so that many small ones count too.
  static constexpr std::size_t kOverhead = 64;

  // Appends to `delivered` what is in order now: nothing, this message, or it and its successors.
  // One that is older than what was delivered is dropped.
  void add(std::uint16_t ssn, Message message, std::deque<Message>& delivered);
  // The sender gave up what has come until `ssn` and is not there (RFC 3758, 3.6).
  void skip(StreamId stream, std::uint16_t ssn, std::deque<Message>& delivered);
  // The next message of these is the number zero again. None means all.
  void reset(std::span<const StreamId> streams);

  std::size_t held_bytes() const { return held_bytes_; }

 private:
  struct Stream {
    std::uint64_t next = 0x1'0000;  // Extended, from its second round on.
    std::map<std::uint64_t, Message> waiting = {};
  };

  void deliver_in_order(Stream& stream, std::deque<Message>& delivered);
  void reset(Stream& stream);

  std::map<StreamId, Stream> streams_;  // Those that were ever used.
  std::size_t held_bytes_ = 0;
};

}  // namespace parley::sctp
