#include "base/bytes.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace parley {
namespace {

const std::vector<std::uint8_t> kFifteen = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

TEST(ByteReader, ReadsBigEndianFieldsInOrder) {
  ByteReader reader(kFifteen);
  EXPECT_EQ(reader.u8(), 0x01);
  EXPECT_EQ(reader.u16(), 0x0203);
  EXPECT_EQ(reader.u32(), 0x04050607u);
  EXPECT_EQ(reader.u64(), 0x08090A0B0C0D0E0Fu);
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.at_end());
}

TEST(ByteReader, BorrowsBytesWithoutCopying) {
  ByteReader reader(kFifteen);
  reader.u8();
  const Bytes three = reader.bytes(3);
  EXPECT_EQ(three.data(), kFifteen.data() + 1);
  EXPECT_EQ(three.size(), 3u);
  EXPECT_EQ(reader.remaining(), 11u);
}

TEST(ByteReader, ReadsNothingFromNothing) {
  ByteReader reader({});
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.at_end());
  EXPECT_TRUE(reader.bytes(0).empty());
  EXPECT_TRUE(reader.ok());
}

TEST(ByteReader, StaysBadOnceItRanOffTheEnd) {
  ByteReader reader(Bytes(kFifteen).first(3));
  EXPECT_EQ(reader.u32(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_TRUE(reader.at_end());
  EXPECT_EQ(reader.u8(), 0);
  EXPECT_TRUE(reader.bytes(0).empty());
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, FailsAtEveryTruncation) {
  for (std::size_t size = 0; size < kFifteen.size(); ++size) {
    ByteReader reader(Bytes(kFifteen).first(size));
    reader.u8(), reader.u16(), reader.u32(), reader.u64();
    EXPECT_FALSE(reader.ok()) << size << " bytes";
  }
}

TEST(ByteReader, RefusesALengthThatNoMemoryHolds) {
  ByteReader reader(kFifteen);
  EXPECT_TRUE(reader.bytes(std::numeric_limits<std::size_t>::max()).empty());
  EXPECT_FALSE(reader.ok());
}

TEST(ByteWriter, WritesWhatTheReaderReads) {
  ByteWriter writer;
  writer.u8(0xFE);
  writer.u16(0xFEDC);
  writer.u32(0xFEDCBA98);
  writer.u64(0xFEDCBA9876543210);
  writer.text("hello");
  writer.zeros(2);
  ByteReader reader(writer.view());
  EXPECT_EQ(reader.u8(), 0xFE);
  EXPECT_EQ(reader.u16(), 0xFEDC);
  EXPECT_EQ(reader.u32(), 0xFEDCBA98u);
  EXPECT_EQ(reader.u64(), 0xFEDCBA9876543210u);
  EXPECT_EQ(as_text(reader.bytes(5)), "hello");
  EXPECT_EQ(reader.u16(), 0);
  EXPECT_TRUE(reader.ok() && reader.at_end());
}

TEST(ByteWriter, PatchesALengthThatWasWrittenTooEarly) {
  ByteWriter writer;
  writer.u8(7);
  writer.u16(0);
  writer.bytes(kFifteen);
  writer.patch_u16(1, static_cast<std::uint16_t>(writer.size() + 0x1200));
  const std::vector<std::uint8_t> bytes = writer.take();
  EXPECT_EQ(bytes[0], 7);
  EXPECT_EQ(bytes[1], 0x12);
  EXPECT_EQ(bytes[2], 18);
  EXPECT_EQ(bytes[3], 1);
}

TEST(ByteWriter, RefusesToPatchWhatWasNotWritten) {
  ByteWriter writer;
  writer.u8(7);
  EXPECT_THROW(writer.patch_u16(0, 1), std::out_of_range);
}

TEST(Bytes, ViewsTextAsBytesAndBack) {
  const std::string text = "gr\xC3\xBC\xC3\x9F\0dich";
  EXPECT_EQ(as_text(as_bytes(text)), text);
  EXPECT_EQ(as_bytes("\xFF").front(), 0xFF);
  EXPECT_TRUE(as_text({}).empty());
}

}  // namespace
}  // namespace parley
