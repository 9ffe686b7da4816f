#include "sfu/packet_header_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rtp/extension_values.h"
#include "rtp/packet.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;
using rtp::Extension;
using Bytes8 = std::vector<std::uint8_t>;

constexpr Time kNow{1h};
constexpr rtp::Header kHeader{.marker = true,
                              .payload_type = rtp::PayloadType{96},
                              .sequence_number = 0x1234,
                              .timestamp = 0x56789ABC,
                              .ssrc = rtp::Ssrc{0xDEADBEEF}};

rtp::ExtensionMap map_of(std::initializer_list<std::pair<Extension, std::uint8_t>> entries) {
  rtp::ExtensionMap map;
  for (const auto& [extension, id] : entries) map.set(extension, id);
  return map;
}

Bytes8 write(const PacketHeaderWriter& writer, const Packet* packet,
             const PacketHeaderWriter::Stamp& stamp) {
  Bytes8 out(writer.size(packet, stamp.mid), 0xEE);
  writer.write(kHeader, packet, stamp, out);
  return out;
}

std::optional<Bytes8> find(const Bytes8& header, std::uint8_t id) {
  const auto view = rtp::PacketView::parse_header(header);
  if (!view) return std::nullopt;
  const auto value = view->find_extension(id);
  if (!value) return std::nullopt;
  return Bytes8(value->begin(), value->end());
}

TEST(PacketHeaderWriter, WritesAPlainHeaderWhereNothingWasAgreed) {
  const PacketHeaderWriter writer({}, "1");
  EXPECT_FALSE(writer.has_mid());
  EXPECT_FALSE(writer.has_transport_sequence_number());
  const Bytes8 header = write(writer, nullptr, {.now = kNow});
  EXPECT_EQ(header,
            (Bytes8{0x80, 0xE0, 0x12, 0x34, 0x56, 0x78, 0x9A, 0xBC, 0xDE, 0xAD, 0xBE, 0xEF}));
}

TEST(PacketHeaderWriter, NumbersPacketsForFeedback) {
  const PacketHeaderWriter writer(
      map_of({{Extension::kTransportSequenceNumber, 3}, {Extension::kAbsoluteSendTime, 4}}), "1");
  const Bytes8 header = write(writer, nullptr, {.transport_sequence_number = 0xABCD, .now = kNow});
  EXPECT_EQ(header.size(), 20u);
  EXPECT_EQ(find(header, 3), (Bytes8{0xAB, 0xCD}));
  EXPECT_FALSE(find(header, 4)) << "one of them is enough";
}

TEST(PacketHeaderWriter, TellsWhenItLeavesWhereNumbersAreNotAgreed) {
  const PacketHeaderWriter writer(map_of({{Extension::kAbsoluteSendTime, 4}}), "1");
  const auto value = rtp::encode(rtp::AbsoluteSendTime::of(kNow));
  EXPECT_EQ(find(write(writer, nullptr, {.now = kNow}), 4), Bytes8(value.begin(), value.end()));
}

TEST(PacketHeaderWriter, SaysTheMidWhereAsked) {
  const PacketHeaderWriter writer(map_of({{Extension::kMid, 1}}), "video-7");
  ASSERT_TRUE(writer.has_mid());
  EXPECT_EQ(find(write(writer, nullptr, {.now = kNow, .mid = true}), 1),
            (Bytes8{'v', 'i', 'd', 'e', 'o', '-', '7'}));
  EXPECT_EQ(write(writer, nullptr, {.now = kNow}).size(), 12u);
}

TEST(PacketHeaderWriter, PassesOnWhatTheReceiverKnows) {
  const PacketHeaderWriter writer(map_of({{Extension::kAudioLevel, 5},
                                          {Extension::kVideoOrientation, 6},
                                          {Extension::kPlayoutDelay, 7},
                                          {Extension::kAbsoluteCaptureTime, 8}}),
                                  "1");
  const Bytes8 level{0x85}, orientation{1}, delay{1, 2, 3}, captured(16, 9), descriptor{1, 2, 3};
  Packet packet;
  packet.audio_level = level;
  packet.video_orientation = orientation;
  packet.playout_delay = delay;
  packet.absolute_capture_time = captured;
  packet.dependency_descriptor = descriptor;
  const Bytes8 header = write(writer, &packet, {.now = kNow});
  EXPECT_EQ(header[12], 0xBE);
  EXPECT_EQ(find(header, 5), level);
  EXPECT_EQ(find(header, 6), orientation);
  EXPECT_EQ(find(header, 7), delay);
  EXPECT_EQ(find(header, 8), captured);
  EXPECT_EQ(header.size(), 12u + 4 + 28);
}

TEST(PacketHeaderWriter, TakesTheTwoByteFormForALongDescriptor) {
  const PacketHeaderWriter writer(
      map_of({{Extension::kTransportSequenceNumber, 3}, {Extension::kDependencyDescriptor, 12}}),
      "1");
  const Bytes8 descriptor(40, 7);
  Packet packet;
  packet.dependency_descriptor = descriptor;
  const Bytes8 header = write(writer, &packet, {.transport_sequence_number = 9, .now = kNow});
  EXPECT_EQ(header[12], 0x10);
  EXPECT_EQ(find(header, 3), (Bytes8{0, 9}));
  EXPECT_EQ(find(header, 12), descriptor);
}

TEST(PacketHeaderWriter, TakesTheTwoByteFormForAHighId) {
  const PacketHeaderWriter writer(map_of({{Extension::kTransportSequenceNumber, 20}}), "1");
  const Bytes8 header = write(writer, nullptr, {.transport_sequence_number = 9, .now = kNow});
  EXPECT_EQ(header[12], 0x10);
  EXPECT_EQ(find(header, 20), (Bytes8{0, 9}));
}

TEST(PacketHeaderWriter, GivesTheDescriptorTheReceiversFrameNumber) {
  const PacketHeaderWriter writer(map_of({{Extension::kDependencyDescriptor, 12}}), "1");
  Packet packet;
  for (const std::size_t size : {3u, 4u, 5u, 30u}) {
    Bytes8 descriptor(size, 7);
    packet.dependency_descriptor = descriptor;
    const Bytes8 header = write(writer, &packet, {.now = kNow, .frame_number = 0x0102});
    descriptor[1] = 1;
    descriptor[2] = 2;
    EXPECT_EQ(find(header, 12), descriptor);
  }
  const Bytes8 too_short(2, 7);
  packet.dependency_descriptor = too_short;
  EXPECT_EQ(find(write(writer, &packet, {.now = kNow, .frame_number = 0x0102}), 12), too_short);
}

// What the packets of a frame differ in must not make their headers differ in size.
TEST(PacketHeaderWriter, WritesHeadersOfOneSizeForPacketsOfOneFrame) {
  const PacketHeaderWriter writer(
      map_of({{Extension::kTransportSequenceNumber, 3}, {Extension::kVideoOrientation, 6}}), "1");
  Packet packet;
  const std::size_t size = writer.size(&packet, false);
  EXPECT_EQ(size, 20u);
  EXPECT_EQ(writer.size(nullptr, false), size);
}

}  // namespace
}  // namespace parley::sfu
