#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "codec/vp8.h"
#include "rtp/extension_map.h"
#include "rtp/extension_values.h"
#include "rtp/packet_writer.h"
#include "sdp/codec.h"
#include "sfu/publication.h"

// What a browser sends, for tests: packets of VP8 with temporal layers, and of Opus.
namespace parley::sfu {

inline constexpr rtp::PayloadType kVp8{96};
inline constexpr rtp::PayloadType kRtx{97};
inline constexpr rtp::PayloadType kOpus{111};

inline std::vector<sdp::Codec> test_video_codecs() {
  return {{.payload_type = 96,
           .name = "VP8",
           .clock_rate = 90'000,
           .feedback = {"transport-cc", "ccm fir", "nack", "nack pli"}},
          {.payload_type = 97, .name = "rtx", .clock_rate = 90'000, .parameters = {{"apt", "96"}}}};
}

inline std::vector<sdp::Codec> test_audio_codecs() {
  return {{.payload_type = 111, .name = "opus", .clock_rate = 48'000, .channels = 2}};
}

inline rtp::ExtensionMap test_extensions() {
  rtp::ExtensionMap map;
  map.set(rtp::Extension::kMid, 1);
  map.set(rtp::Extension::kRid, 2);
  map.set(rtp::Extension::kRepairedRid, 3);
  map.set(rtp::Extension::kTransportSequenceNumber, 4);
  map.set(rtp::Extension::kAudioLevel, 5);
  map.set(rtp::Extension::kVideoOrientation, 6);
  map.set(rtp::Extension::kDependencyDescriptor, 7);
  return map;
}

// One stream of a publisher. Fields may be set to whatever a test wants to send next.
struct TestStream {
  struct Frame {
    bool key = false;
    std::uint8_t temporal = 0;
    bool sync = false;
    int packets = 1;
    std::size_t size = 200;  // Of each payload, behind the descriptor.
  };

  rtp::Ssrc ssrc{1'000};
  rtp::PayloadType payload_type = kVp8;
  std::uint16_t sequence_number = 65'530;
  std::uint32_t timestamp = 0xFFFF'F000;
  std::uint16_t picture_id = 0x7FF0;
  std::uint8_t tl0_picture_index = 250;
  codec::PictureSize size = {.width = 640, .height = 360};
  std::string_view mid = {};  // The extensions, where not empty.
  std::string_view rid = {};
  std::string_view repaired_rid = {};
  std::optional<std::uint16_t> transport_sequence_number = {};

  std::vector<std::uint8_t> packet(Bytes payload, bool marker) {
    rtp::PacketWriter writer({.marker = marker,
                              .payload_type = payload_type,
                              .sequence_number = sequence_number++,
                              .timestamp = timestamp,
                              .ssrc = ssrc});
    if (!mid.empty()) writer.add_extension(1, as_bytes(mid));
    if (!rid.empty()) writer.add_extension(2, as_bytes(rid));
    if (!repaired_rid.empty()) writer.add_extension(3, as_bytes(repaired_rid));
    if (transport_sequence_number) {
      const auto value = rtp::encode_transport_sequence_number((*transport_sequence_number)++);
      writer.add_extension(4, value);
    }
    writer.set_payload(payload);
    return writer.take();
  }

  // The packets of one frame; the timestamp goes on by 1/30 s.
  std::vector<std::vector<std::uint8_t>> frame(const Frame& frame) {
    std::vector<std::vector<std::uint8_t>> packets;
    if (frame.temporal == 0) ++tl0_picture_index;
    for (int i = 0; i < frame.packets; ++i) {
      ByteWriter writer;
      codec::Vp8Descriptor{
          .start_of_partition = i == 0,
          .picture_id = picture_id,
          .tl0_picture_index = tl0_picture_index,
          .temporal = codec::Vp8Descriptor::Temporal{.layer = frame.temporal, .sync = frame.sync}}
          .write_to(writer);
      if (i == 0) write_frame_header(writer, frame.key);
      writer.zeros(frame.size);
      packets.push_back(packet(writer.view(), i + 1 == frame.packets));
    }
    picture_id = (picture_id + 1) & 0x7FFF;
    timestamp += 3'000;
    return packets;
  }

  // A packet of Opus, 20 ms.
  std::vector<std::uint8_t> sound(std::size_t payload_size = 80) {
    const auto made = packet(std::vector<std::uint8_t>(payload_size, 0x78), false);
    timestamp += 960;
    return made;
  }

 private:
  void write_frame_header(ByteWriter& writer, bool key) const {
    writer.u8(key ? 0x10 : 0x11);
    writer.u16(0);
    if (!key) return;
    for (const int octet : {0x9D, 0x01, 0x2A, size.width & 0xFF, size.width >> 8,
                            size.height & 0xFF, size.height >> 8}) {
      writer.u8(static_cast<std::uint8_t>(octet));
    }
  }
};

}  // namespace parley::sfu
