#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sfu/packet.h"

namespace parley::sfu {

// Packets of one stream as a publication hands them on, made by hand, for tests of what comes
// after: any codec, any layers.
class TestPackets {
 public:
  TestPackets(PacketPool& pool, rtp::PayloadType payload_type, std::uint8_t encoding = 0)
      : pool_(pool), payload_type_(payload_type), encoding_(encoding) {}

  // The next packet, of the picture at hand.
  PacketRef packet(Time now, FrameInfo frame, bool marker, std::vector<std::uint8_t> payload = {1},
                   std::vector<std::uint8_t> dependency_descriptor = {}) {
    const std::size_t size = payload.size();
    payload.insert(payload.end(), dependency_descriptor.begin(), dependency_descriptor.end());
    auto fresh = pool_.make(payload);
    Packet& made = *fresh->packet;
    made.seq = {next_seq++};
    made.timestamp = timestamp;
    made.arrived = now;
    made.payload_type = payload_type_;
    made.marker = marker;
    made.encoding = encoding_;
    made.frame = frame;
    made.payload = fresh->bytes.first(size);
    made.dependency_descriptor = fresh->bytes.subspan(size);
    return std::move(fresh->ref);
  }
  void next_picture() { timestamp += 3'000; }

  std::uint64_t next_seq = 70'000;
  std::uint64_t timestamp = 5'000'000'000;

 private:
  PacketPool& pool_;
  rtp::PayloadType payload_type_;
  std::uint8_t encoding_;
};

}  // namespace parley::sfu
