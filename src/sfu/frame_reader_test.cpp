#include "sfu/frame_reader.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/h264.h"
#include "codec/opus.h"
#include "codec/vp9.h"

namespace parley::sfu {
namespace {

using Buffer = std::vector<std::uint8_t>;

std::vector<sdp::Codec> codecs() {
  const auto video = [](std::uint8_t type, std::string name) {
    return sdp::Codec{.payload_type = type, .name = std::move(name), .clock_rate = 90'000};
  };
  return {{.payload_type = 111, .name = "opus", .clock_rate = 48'000, .channels = 2},
          {.payload_type = 63, .name = "red", .clock_rate = 48'000, .channels = 2},
          {.payload_type = 13, .name = "CN", .clock_rate = 8'000},
          video(96, "VP8"),
          video(98, "VP9"),
          video(102, "H264"),
          video(45, "av1"),
          video(97, "rtx"),
          video(116, "red")};
}

// "01 1": the bits in a row, padded with zeros.
Buffer bits(std::string_view text) {
  Buffer bytes;
  std::size_t count = 0;
  for (const char c : text) {
    if (c == ' ') continue;
    if (count % 8 == 0) bytes.push_back(0);
    bytes.back() |= static_cast<std::uint8_t>((c == '1' ? 1 : 0) << (7 - count % 8));
    ++count;
  }
  return bytes;
}

class FrameReaderTest : public testing::Test {
 protected:
  // Reads a packet that stands behind the one read before it.
  bool read(std::uint8_t type, Buffer payload, bool marker = false, Buffer dependencies = {}) {
    previous = std::move(packet);
    packet = std::make_unique<Packet>();
    memory.push_back(std::move(payload));
    packet->payload = memory.back();
    memory.push_back(std::move(dependencies));
    packet->dependency_descriptor = memory.back();
    packet->payload_type = rtp::PayloadType{type};
    packet->marker = marker;
    packet->timestamp = timestamp;
    packet->seq = {++sequence};
    return reader.read(*packet, lost ? nullptr : previous.get());
  }
  void next_frame() { timestamp += 3'000; }
  const FrameInfo& frame() const { return packet->frame; }

  FrameReader reader{codecs()};
  std::deque<Buffer> memory;
  std::unique_ptr<Packet> packet;
  std::unique_ptr<Packet> previous;
  std::uint64_t timestamp = 90'000;
  std::uint64_t sequence = 70'000;
  bool lost = false;  // The packet before has not come.
};

TEST_F(FrameReaderTest, KnowsWhatCarriesMedia) {
  for (const int type : {111, 63, 96, 98, 102, 45}) {
    EXPECT_TRUE(reader.knows(static_cast<rtp::PayloadType>(type))) << type;
  }
  for (const int type : {13, 97, 116, 0, 127}) {
    EXPECT_FALSE(reader.knows(static_cast<rtp::PayloadType>(type))) << type;
  }
}

TEST_F(FrameReaderTest, TakesPaddingForNoFrame) {
  EXPECT_TRUE(read(96, {}, true));
  EXPECT_EQ(frame(), FrameInfo{});
}

TEST_F(FrameReaderTest, TakesEachPacketOfSoundForAFrame) {
  EXPECT_TRUE(read(111, {0x78, 1, 2}));
  EXPECT_EQ(frame(), (FrameInfo{.starts_frame = true, .ends_frame = true, .key_frame = true}));
}

TEST_F(FrameReaderTest, ChecksTheBlocksOfRed) {
  ByteWriter writer;
  const Buffer older{1, 2, 3}, newer{4};
  codec::write_red(writer, std::vector<codec::RedBlock>{
                               {.payload_type = 111, .timestamp_offset = 960, .payload = older},
                               {.payload_type = 111, .payload = newer}});
  const Buffer red = writer.take();
  EXPECT_TRUE(read(63, red));
  EXPECT_TRUE(frame().key_frame);
  EXPECT_FALSE(read(63, {red.begin(), red.begin() + 6}));
  EXPECT_FALSE(read(63, {0x80 | 111, 0}));
  EXPECT_TRUE(read(63, {111, 1, 2}));
}

TEST_F(FrameReaderTest, RefusesATornVp8Descriptor) {
  EXPECT_FALSE(read(96, {0x80}));
  EXPECT_FALSE(read(96, {0x90, 0xF0, 0x80}));
}

class Vp9Test : public FrameReaderTest {
 protected:
  // One packet that is a whole frame of a spatial layer.
  bool layer(std::uint8_t spatial, std::uint8_t temporal, bool predicted, bool last,
             bool structure = false, bool up = false) {
    codec::Vp9Descriptor descriptor{
        .picture_id = 7,
        .inter_picture_predicted = predicted,
        .layer = codec::Vp9Descriptor::Layer{.temporal = temporal,
                                             .spatial = spatial,
                                             .switching_up_point = up,
                                             .depends_on_lower_spatial = spatial > 0,
                                             .tl0_picture_index = 3},
        .starts_layer_frame = true,
        .ends_layer_frame = true};
    if (structure) {
      descriptor.structure = codec::Vp9Descriptor::ScalabilityStructure{
          .spatial_layers = 2,
          .sizes = {codec::PictureSize{.width = 320, .height = 180},
                    codec::PictureSize{.width = 640, .height = 360}}};
    }
    ByteWriter writer;
    descriptor.write_to(writer);
    writer.zeros(20);
    return read(98, writer.take(), last);
  }
};

TEST_F(Vp9Test, TellsTheLayersOfAPicture) {
  EXPECT_TRUE(layer(0, 0, false, false, true));
  EXPECT_TRUE(frame().key_frame && frame().starts_frame && frame().ends_layer);
  EXPECT_EQ(frame().picture_id, std::nullopt);  // Only VP8's is rewritten.
  EXPECT_TRUE(layer(1, 0, false, true));
  EXPECT_TRUE(frame().key_frame);
  EXPECT_EQ(frame().spatial, 1);
  EXPECT_EQ(reader.size(0).width, 320);
  EXPECT_EQ(reader.size(1).height, 360);
  next_frame();
  EXPECT_TRUE(layer(0, 2, true, false, false, true));
  EXPECT_FALSE(frame().key_frame);
  EXPECT_TRUE(frame().switch_up);
  EXPECT_EQ(frame().temporal, 2);
  EXPECT_TRUE(layer(1, 2, true, true));
  EXPECT_FALSE(frame().switch_up);
}

TEST_F(Vp9Test, TakesAnUpperLayerAloneForNoKeyFrame) {
  EXPECT_TRUE(layer(1, 0, false, true));
  EXPECT_FALSE(frame().key_frame);
}

TEST_F(Vp9Test, RefusesMoreLayersThanThereAre) {
  EXPECT_FALSE(layer(4, 0, true, true));
  EXPECT_FALSE(layer(0, 4, true, true));
}

TEST_F(FrameReaderTest, BeginsAnH264KeyFrameWithItsParameters) {
  const Buffer sps{0x67, 1, 2, 3}, idr{0x65, 1, 2, 3}, slice{0x41, 1, 2, 3};
  EXPECT_TRUE(read(102, sps));
  EXPECT_TRUE(frame().starts_frame && frame().key_frame);
  EXPECT_TRUE(read(102, idr));
  EXPECT_FALSE(frame().starts_frame);
  EXPECT_TRUE(frame().key_frame);
  EXPECT_TRUE(read(102, slice, true));  // Whatever it is: it is of the same picture.
  EXPECT_TRUE(frame().key_frame && frame().ends_frame && frame().ends_layer);
  next_frame();
  EXPECT_TRUE(read(102, slice));
  EXPECT_TRUE(frame().starts_frame);
  EXPECT_FALSE(frame().key_frame || frame().ends_frame);
  next_frame();
  lost = true;
  EXPECT_TRUE(read(102, idr));
  EXPECT_TRUE(frame().key_frame);
  EXPECT_FALSE(frame().starts_frame);  // The lost one may have had its parameters.
  EXPECT_FALSE(read(102, {0x7C}));
}

TEST_F(FrameReaderTest, ReadsTheAggregationHeaderOfAv1) {
  EXPECT_TRUE(read(45, {0x18, 0x0A, 1}));  // N: a new sequence.
  EXPECT_TRUE(frame().starts_frame && frame().key_frame);
  EXPECT_TRUE(read(45, {0x90, 1, 2}, true));  // Z: goes on.
  EXPECT_TRUE(frame().key_frame && frame().ends_frame);
  EXPECT_FALSE(frame().starts_frame);
  next_frame();
  EXPECT_TRUE(read(45, {0x10, 0x32, 1}, true));
  EXPECT_TRUE(frame().starts_frame && frame().ends_frame);
  EXPECT_FALSE(frame().key_frame);
  EXPECT_FALSE(read(45, {0x98, 1}));  // What goes on begins nothing.
}

TEST_F(FrameReaderTest, TellsTheSizeOfH264) {
  const Buffer sps{0x67, 0x42, 0xC0, 0x1F, 0xDA, 0x01, 0x40, 0x16, 0xEC, 0x04, 0x40, 0x00,
                   0x00, 0x03, 0x00, 0x40, 0x00, 0x00, 0x0C, 0x83, 0xC6, 0x0C, 0xA8};
  EXPECT_TRUE(read(102, sps));
  EXPECT_EQ(reader.size(0), (codec::PictureSize{.width = 1280, .height = 720}));
}

// Two temporal layers, two decode targets: T0 key, T0, T1.
const Buffer kStructure = bits(
    "1 1 000110 0000000000000111"
    "1 0 0 0 0"
    "000110 00001"
    "00 01 11"                               // Three templates: T0, T0, T1.
    "10 10"                                  // S S
    "10 11"                                  // S R
    "00 01"                                  // - D
    "0"                                      // No frames before it.
    "1 0001 0"                               // 2 back.
    "1 0000 0"                               // 1 back.
    "0"                                      // No chains: ns(3).
    "1 0000001001111111 0000000101100111");  // 640 x 360.

TEST_F(FrameReaderTest, TellsLayersByTheDependencyDescriptor) {
  EXPECT_TRUE(read(45, {0x18, 0x0A, 1}, true, kStructure));
  EXPECT_TRUE(frame().starts_frame && frame().ends_frame && frame().key_frame);
  EXPECT_EQ(reader.size(0), (codec::PictureSize{.width = 640, .height = 360}));
  next_frame();
  EXPECT_TRUE(read(45, {0x10, 0x32, 1}, true, bits("1 0 001000 0000000000001000")));
  EXPECT_EQ(frame().temporal, 1);
  EXPECT_TRUE(frame().non_reference && frame().starts_frame);
  EXPECT_FALSE(frame().ends_frame || frame().key_frame || frame().switch_up);
  next_frame();
  EXPECT_TRUE(read(45, {0x10, 0x32, 1}, true, bits("1 1 000111 0000000000001001")));
  EXPECT_EQ(frame().temporal, 0);
  EXPECT_FALSE(frame().non_reference || frame().key_frame);
  EXPECT_TRUE(frame().ends_layer);
}

TEST_F(FrameReaderTest, ReadsOnWithoutAStructureThatHasNotCome) {
  EXPECT_TRUE(read(102, {0x41, 1}, true, bits("1 0 001000 0000000000001000")));
  EXPECT_EQ(frame().temporal, 0);
  EXPECT_TRUE(read(102, {0x41, 1}, true, {0xFF, 0xFF, 0xFF, 0xFF}));
}

TEST_F(FrameReaderTest, LeavesTheStructureToTheNewestPacket) {
  EXPECT_TRUE(read(45, {0x18, 0x0A, 1}, true, kStructure));
  sequence -= 10;  // Late, with another structure: its ids begin at 0.
  Buffer other = kStructure;
  other[0] = 0xC0;
  other[3] &= 0x80;
  other[4] = static_cast<std::uint8_t>(other[4] & 0x1F);
  EXPECT_TRUE(read(45, {0x18, 0x0A, 1}, true, other));
  sequence += 20;
  next_frame();
  EXPECT_TRUE(read(45, {0x10, 0x32, 1}, true, bits("1 0 001000 0000000000001000")));
  EXPECT_EQ(frame().temporal, 1);
}

}  // namespace
}  // namespace parley::sfu
