#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "stun/stream_framer.h"

namespace parley::turn {

// Cuts the stream between a TURN client and its server into STUN messages and ChannelData, which
// comes padded to four bytes (RFC 8656, 12.5).
//
// Call append() with what arrived, then next() until it returns nothing. It holds memory only while
// a packet is incomplete or waits to be taken.
class StreamFramer {
 public:
  // A longer STUN message is an error, and so is longer ChannelData as the first packet: that is a
  // client of another protocol. Later only its header is handed out, whose payload is then missing
  // (ChannelData::is_cut), so that a stream that has an allocation goes on.
  explicit StreamFramer(std::size_t max_packet = 4096) : max_packet_(max_packet) {}

  void append(Bytes data);
  // The next whole packet, its padding included, valid until the next call of any function;
  // nothing if it is not complete yet. An error is for good: where the next would start is unknown.
  std::expected<std::optional<Bytes>, stun::FrameError> next();
  // What has come behind the packets that next() gave: the first bytes of a connection's data, once
  // ConnectionBind has been answered (RFC 6062, 5.4).
  std::vector<std::uint8_t> take_rest();

  std::size_t held() const { return buffer_.size() - taken_; }

 private:
  void drop_taken();

  std::size_t max_packet_;
  std::vector<std::uint8_t> buffer_;
  std::size_t skip_ = 0;  // Bytes of a payload that are still to come, and thrown away.
  bool has_spoken_ = false;
  std::size_t taken_ = 0;  // Bytes at the front of the buffer that next() has handed out.
};

}  // namespace parley::turn
