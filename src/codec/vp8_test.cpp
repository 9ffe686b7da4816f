#include "codec/vp8.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

namespace parley::codec {
namespace {

using Buffer = std::vector<std::uint8_t>;

Buffer write(const Vp8Descriptor& descriptor) {
  ByteWriter writer;
  descriptor.write_to(writer);
  return writer.take();
}

// What parse() makes of it, but for the size, which a descriptor that is to be written has not.
Vp8Descriptor read(Bytes bytes) {
  Vp8Descriptor descriptor = Vp8Descriptor::parse(bytes).value();
  EXPECT_EQ(descriptor.size, bytes.size());
  descriptor.size = 0;
  return descriptor;
}

constexpr Vp8Descriptor kFull{.non_reference = true,
                              .start_of_partition = true,
                              .partition = 3,
                              .picture_id = 0x1234,
                              .short_picture_id = false,
                              .tl0_picture_index = 0xAB,
                              .temporal = Vp8Descriptor::Temporal{.layer = 2, .sync = true},
                              .key_index = 17};

TEST(Vp8, HasTheLayoutOfRfc7741) {
  EXPECT_EQ(write(kFull), (Buffer{0xB3, 0xF0, 0x92, 0x34, 0xAB, 0xB1}));
  EXPECT_EQ(write({.start_of_partition = true}), Buffer{0x10});
}

TEST(Vp8, ReadsWhatItWrites) {
  EXPECT_EQ(read(write(kFull)), kFull);
  EXPECT_EQ(read(write({})), Vp8Descriptor{});
  for (const Vp8Descriptor& one : {
           Vp8Descriptor{.picture_id = 0x7F, .short_picture_id = true},
           Vp8Descriptor{.picture_id = 0x7FFF},
           Vp8Descriptor{.tl0_picture_index = 0},
           Vp8Descriptor{.temporal = Vp8Descriptor::Temporal{.layer = 3}},
           Vp8Descriptor{.key_index = 31},
       }) {
    EXPECT_EQ(read(write(one)), one);
  }
}

TEST(Vp8, RejectsEveryTruncation) {
  const Buffer bytes = write(kFull);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(Vp8Descriptor::parse(Bytes(bytes).first(size)).has_value()) << size;
  }
}

TEST(Vp8, RewritesPictureIdsInPlace) {
  Buffer bytes = write(kFull);
  kFull.rewrite(bytes, 0x7FFF, 9);
  Vp8Descriptor expected = kFull;
  expected.picture_id = 0x7FFF;
  expected.tl0_picture_index = 9;
  EXPECT_EQ(read(bytes), expected);

  const Vp8Descriptor narrow{.picture_id = 5, .short_picture_id = true, .tl0_picture_index = 1};
  bytes = write(narrow);
  narrow.rewrite(bytes, 0x1FF, 9);
  EXPECT_EQ(read(bytes).picture_id, 0x7F);
  EXPECT_EQ(read(bytes).tl0_picture_index, 9);

  bytes = write({.start_of_partition = true});
  Vp8Descriptor{.start_of_partition = true}.rewrite(bytes, 1, 1);
  EXPECT_EQ(bytes, Buffer{0x10});
}

// The first ten bytes of a 640x360 key frame, and of a delta frame.
const Buffer kKeyFrame = {0x50, 0x42, 0x00, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0x68, 0x41};
const Buffer kDeltaFrame = {0x31, 0x01, 0x00, 0x01};

TEST(Vp8, TellsAKeyFrameAndItsSize) {
  EXPECT_TRUE(is_vp8_key_frame(kKeyFrame));
  EXPECT_FALSE(is_vp8_key_frame(kDeltaFrame));
  EXPECT_FALSE(is_vp8_key_frame({}));
  EXPECT_EQ(vp8_picture_size(kKeyFrame), (PictureSize{.width = 640, .height = 360}));
  EXPECT_FALSE(vp8_picture_size(kDeltaFrame).has_value());
  for (std::size_t size = 0; size < kKeyFrame.size(); ++size) {
    EXPECT_FALSE(vp8_picture_size(Bytes(kKeyFrame).first(size)).has_value()) << size;
  }
}

TEST(Vp8, CutsAFrameIntoEvenParts) {
  Buffer frame(2'500);
  std::iota(frame.begin(), frame.end(), std::uint8_t{0});
  const auto payloads = packetize_vp8(frame, 1'000, {.picture_id = 7, .temporal = {{.layer = 1}}});
  ASSERT_EQ(payloads.size(), 3u);
  Buffer joined;
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    const Bytes bytes = payloads[i].bytes;
    EXPECT_LE(bytes.size(), 1'000u);
    EXPECT_GE(bytes.size(), 2'500u / 3);
    const auto descriptor = Vp8Descriptor::parse(bytes).value();
    EXPECT_EQ(descriptor.starts_frame(), i == 0);
    EXPECT_EQ(descriptor.picture_id, 7);
    EXPECT_EQ(payloads[i].last_of_frame, i == 2);
    const Bytes part = bytes.subspan(descriptor.size);
    joined.insert(joined.end(), part.begin(), part.end());
  }
  EXPECT_EQ(joined, frame);
}

}  // namespace
}  // namespace parley::codec
