#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "rtp/packet_writer.h"
#include "sfu/test_raw_room.h"

namespace parley::sfu {

// For tests and benches: the camera of the first who joined a RawRoom. Frames of VP8, of `frame`
// packets each; the first is a key frame.
class RawSource {
 public:
  RawSource(RawRoom& room, std::size_t frame)
      : room_(room), client_(*room.clients[0]), frame_(frame) {}

  // The datagram that brings the next packet.
  std::vector<std::uint8_t> next() {
    const peer::Agreement& camera = client_.sending(Source::kCamera);
    const std::size_t in_frame = sequence_ % frame_;
    rtp::PacketWriter writer({.marker = in_frame + 1 == frame_,
                              .payload_type = rtp::PayloadType{camera.send_codecs[0].payload_type},
                              .sequence_number = static_cast<std::uint16_t>(sequence_),
                              .timestamp = static_cast<std::uint32_t>(sequence_ / frame_ * 3'600),
                              .ssrc = rtp::Ssrc{77}});
    writer.add_extension(*camera.send_extensions.id_of(rtp::Extension::kMid), as_bytes(camera.mid));
    std::vector<std::uint8_t> payload(1'160, 0x55);
    const bool key = sequence_ < frame_;
    const auto picture = static_cast<std::uint16_t>(0x8000 | (sequence_ / frame_ & 0x7fff));
    const std::uint8_t head[] = {static_cast<std::uint8_t>(in_frame == 0 ? 0x90 : 0x80),
                                 0x80,
                                 static_cast<std::uint8_t>(picture >> 8),
                                 static_cast<std::uint8_t>(picture),
                                 static_cast<std::uint8_t>(key ? 0x10 : 0x11),
                                 2,
                                 0,
                                 0x9d,
                                 1,
                                 0x2a,
                                 0x80,
                                 2,
                                 0x68,
                                 1};
    std::copy(std::begin(head), std::end(head), payload.begin());
    writer.set_payload(payload);
    ++sequence_;
    client_.transport.send_rtp(writer.take());
    std::vector<std::uint8_t> datagram;
    client_.drain(room_.now, [&](peer::Transport::Transmit& event) { datagram = event.payload; });
    return datagram;
  }

 private:
  RawRoom& room_;
  RawClient& client_;
  std::size_t frame_;
  std::uint64_t sequence_ = 0;
};

}  // namespace parley::sfu
