#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"

namespace parley::net {

// Packets on a TCP stream, each after its length in two bytes (RFC 4571, 2): cuts what comes.
//
// Call append() with what arrived, then next() until it returns nothing. It holds memory only while
// a packet is incomplete or waits to be taken: one of 65,535 bytes beside what append() was given.
class PacketFramer {
 public:
  static constexpr std::size_t kMaxPacket = 65'535;

  // What stands before a packet of this size, kMaxPacket at most.
  static std::array<std::uint8_t, 2> header(std::size_t packet_size);

  void append(Bytes data);

  // The next whole packet, to be changed in place, valid until the next call of either function;
  // nothing if it is not complete yet. Empty packets mean nothing, and are skipped.
  std::optional<std::span<std::uint8_t>> next();

  std::size_t held() const { return buffer_.size() - taken_; }

 private:
  void drop_taken();

  std::vector<std::uint8_t> buffer_;
  std::size_t taken_ = 0;  // Bytes at the front of the buffer that next() has handed out.
};

}  // namespace parley::net
