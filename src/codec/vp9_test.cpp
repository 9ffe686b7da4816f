#include "codec/vp9.h"

#include <gtest/gtest.h>

#include <numeric>

namespace parley::codec {
namespace {

using Buffer = std::vector<std::uint8_t>;
using Layer = Vp9Descriptor::Layer;

Buffer write(const Vp9Descriptor& descriptor) {
  ByteWriter writer;
  descriptor.write_to(writer);
  return writer.take();
}

Vp9Descriptor read(Bytes bytes) {
  Vp9Descriptor descriptor = Vp9Descriptor::parse(bytes).value();
  EXPECT_EQ(descriptor.size, bytes.size());
  descriptor.size = 0;
  return descriptor;
}

// As Chromium sends L3T3: not flexible, with layer indices and, on key frames, the structure.
Vp9Descriptor key_frame() {
  Vp9Descriptor descriptor{.picture_id = 0x1234,
                           .layer = Layer{.temporal = 0, .spatial = 0, .tl0_picture_index = 7},
                           .starts_layer_frame = true};
  descriptor.structure = {.spatial_layers = 3,
                          .sizes = {PictureSize{320, 180}, {640, 360}, {1'280, 720}}};
  return descriptor;
}

Vp9Descriptor flexible() {
  return {.picture_id = 5,
          .short_picture_id = true,
          .inter_picture_predicted = true,
          .layer = Layer{.temporal = 2,
                         .spatial = 1,
                         .switching_up_point = true,
                         .depends_on_lower_spatial = true},
          .flexible = true,
          .reference_count = 3,
          .references = {1, 2, 127},
          .ends_layer_frame = true,
          .not_reference_for_upper_spatial = true};
}

TEST(Vp9, HasTheLayoutOfRfc9628) {
  EXPECT_EQ(write(key_frame()),
            (Buffer{0b1010'1010, 0x92, 0x34, 0x00, 0x07, 0b0101'0000, 0x01, 0x40, 0x00, 0xB4, 0x02,
                    0x80, 0x01, 0x68, 0x05, 0x00, 0x02, 0xD0}));
  EXPECT_EQ(write(flexible()), (Buffer{0b1111'0101, 0x05, 0b0101'0011, 0x03, 0x05, 0xFE}));
}

TEST(Vp9, ReadsWhatItWrites) {
  EXPECT_EQ(read(write(key_frame())), key_frame());
  EXPECT_EQ(read(write(flexible())), flexible());
  EXPECT_EQ(read(write({})), Vp9Descriptor{});
}

TEST(Vp9, RejectsEveryTruncation) {
  for (const Buffer& bytes : {write(key_frame()), write(flexible())}) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(Vp9Descriptor::parse(Bytes(bytes).first(size)).has_value()) << size;
    }
  }
}

TEST(Vp9, RejectsAFourthReference) {
  Buffer bytes = write(flexible());
  bytes.back() |= 0x01;
  bytes.push_back(0x02);
  EXPECT_FALSE(Vp9Descriptor::parse(bytes).has_value());
}

TEST(Vp9, SkipsPictureGroups) {
  const Buffer bytes = {0b0000'0010, 0b0000'1000, 2, 0b0000'1000, 1, 2, 0b0010'0000, 'p'};
  const auto descriptor = Vp9Descriptor::parse(bytes).value();
  EXPECT_EQ(descriptor.size, bytes.size() - 1);
  EXPECT_EQ(descriptor.structure->spatial_layers, 1);
}

TEST(Vp9, TellsAKeyFrameByItsLowestLayer) {
  EXPECT_TRUE(key_frame().starts_key_frame());
  Vp9Descriptor upper = key_frame();
  upper.layer->spatial = 1;
  EXPECT_FALSE(upper.starts_key_frame());
  Vp9Descriptor middle = key_frame();
  middle.starts_layer_frame = false;
  EXPECT_FALSE(middle.starts_key_frame());
  EXPECT_FALSE(flexible().starts_key_frame());
  EXPECT_TRUE((Vp9Descriptor{.starts_layer_frame = true}).starts_key_frame());
}

TEST(Vp9, CutsALayerFrameAndTellsTheStructureOnce) {
  Buffer frame(2'000);
  std::iota(frame.begin(), frame.end(), std::uint8_t{0});
  const auto payloads = packetize_vp9(frame, 900, key_frame(), true);
  ASSERT_EQ(payloads.size(), 3u);
  Buffer joined;
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    const Bytes bytes = payloads[i].bytes;
    EXPECT_LE(bytes.size(), 900u);
    const auto descriptor = Vp9Descriptor::parse(bytes).value();
    EXPECT_EQ(descriptor.starts_layer_frame, i == 0);
    EXPECT_EQ(descriptor.ends_layer_frame, i == 2);
    EXPECT_EQ(descriptor.structure.has_value(), i == 0);
    EXPECT_EQ(payloads[i].last_of_frame, i == 2);
    const Bytes part = bytes.subspan(descriptor.size);
    joined.insert(joined.end(), part.begin(), part.end());
  }
  EXPECT_EQ(joined, frame);
  EXPECT_FALSE(packetize_vp9(frame, 900, key_frame(), false).back().last_of_frame);
}

}  // namespace
}  // namespace parley::codec
