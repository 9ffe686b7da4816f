#include "codec/vp9_frame.h"

#include <gtest/gtest.h>

#include <numeric>

namespace parley::codec {
namespace {

using Frame = std::vector<std::uint8_t>;

// Appends bits, the highest first.
struct BitWriter {
  void bits(std::uint32_t value, int count) {
    for (int i = count - 1; i >= 0; --i) {
      if (at % 8 == 0) bytes.push_back(0);
      bytes.back() = static_cast<std::uint8_t>(bytes.back() | (value >> i & 1) << (7 - at % 8));
      ++at;
    }
  }
  Frame bytes = {};
  int at = 0;
};

// Marker, profile 0, not shown again; inter?, shown?, resilient?
BitWriter header(bool inter, bool shown, bool resilient) {
  BitWriter writer;
  writer.bits(0b10'00'0, 5);
  writer.bits(inter, 1);
  writer.bits(shown, 1);
  writer.bits(resilient, 1);
  return writer;
}

void size(BitWriter& writer, std::uint32_t width, std::uint32_t height) {
  writer.bits(width - 1, 16);
  writer.bits(height - 1, 16);
}

Frame key_frame(std::uint32_t width, std::uint32_t height) {
  BitWriter writer = header(false, true, false);
  writer.bits(0x498342, 24);
  writer.bits(2, 3);
  writer.bits(0, 1);
  size(writer, width, height);
  return writer.bytes;
}

TEST(Vp9Frame, AKeyFrameTellsItsSize) {
  EXPECT_EQ(vp9_picture_size(key_frame(640, 360)), (PictureSize{640, 360}));
  EXPECT_EQ(vp9_picture_size(key_frame(7'680, 4'320)), (PictureSize{7'680, 4'320}));
  EXPECT_EQ(vp9_picture_size(key_frame(65'536, 360)), (PictureSize{65'535, 360}));
}

TEST(Vp9Frame, AnInterFrameTellsItWhereItIsAnother) {
  for (const bool resilient : {false, true}) {
    BitWriter writer = header(true, true, resilient);
    if (!resilient) writer.bits(0, 2);
    writer.bits(0xFF, 8);
    writer.bits(0, 12);
    BitWriter as_another = writer;
    as_another.bits(0b01, 2);
    EXPECT_FALSE(vp9_picture_size(as_another.bytes));
    writer.bits(0, 3);
    size(writer, 320, 180);
    EXPECT_EQ(vp9_picture_size(writer.bytes), (PictureSize{320, 180}));
  }
}

TEST(Vp9Frame, AnIntraFrameThatIsNotShownTellsIt) {
  BitWriter writer = header(true, false, false);
  writer.bits(1, 1);
  writer.bits(0, 2);
  writer.bits(0x498342, 24);
  writer.bits(1, 8);
  size(writer, 160, 90);
  EXPECT_EQ(vp9_picture_size(writer.bytes), (PictureSize{160, 90}));
}

TEST(Vp9Frame, TellsNothingOfWhatIsCutOrNoFrame) {
  const Frame whole = key_frame(640, 360);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(vp9_picture_size(Bytes(whole).first(length))) << length;
  }
  EXPECT_FALSE(vp9_picture_size(Frame{0xFF, 0xFF, 0xFF}));
  EXPECT_FALSE(vp9_picture_size(Frame{0x88, 0, 0}));  // One that is there, again.
}

TEST(Vp9Frame, SplitsWhatTheIndexJoins) {
  for (std::size_t count = 1; count <= kMaxVp9Frames; ++count) {
    std::vector<std::size_t> sizes(count);
    std::iota(sizes.begin(), sizes.end(), 300u);
    Frame chunk;
    for (std::size_t i = 0; i < count; ++i) {
      chunk.insert(chunk.end(), sizes[i], static_cast<std::uint8_t>(i));
    }
    append_vp9_index(chunk, sizes);
    const auto frames = split_vp9_superframe(chunk);
    ASSERT_TRUE(frames);
    ASSERT_EQ(frames->size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ((*frames)[i].size(), sizes[i]);
      EXPECT_EQ((*frames)[i].front(), i);
    }
  }
}

TEST(Vp9Frame, TakesAChunkWithoutAnIndexForOneFrame) {
  const Frame chunk(100, 0x55);
  const auto frames = split_vp9_superframe(chunk);
  ASSERT_TRUE(frames);
  ASSERT_EQ(frames->size(), 1u);
  EXPECT_EQ(frames->front().size(), 100u);
  EXPECT_FALSE(split_vp9_superframe({}));
}

TEST(Vp9Frame, RefusesAnIndexThatPromisesTooMuch) {
  Frame chunk(10, 1);
  const std::size_t sizes[] = {8, 8};
  append_vp9_index(chunk, sizes);
  EXPECT_FALSE(split_vp9_superframe(chunk));
}

}  // namespace
}  // namespace parley::codec
