#include "codec/av1.h"

#include <gtest/gtest.h>

#include <random>

#include "codec/leb128.h"

namespace parley::codec {
namespace {

using Buffer = std::vector<std::uint8_t>;

Buffer obu(ObuType type, Bytes content, bool extension = false) {
  ByteWriter writer;
  writer.u8(static_cast<std::uint8_t>(static_cast<int>(type) << 3 | (extension ? 0x04 : 0) | 0x02));
  if (extension) writer.u8(0x28);
  write_leb128(writer, content.size());
  writer.bytes(content);
  return writer.take();
}

Buffer content(std::size_t size) {
  Buffer bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
  return bytes;
}

Buffer joined(std::initializer_list<Buffer> parts) {
  Buffer all;
  for (const Buffer& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

const Buffer kDelimiter = {0x12, 0x00};

Buffer key_frame(std::size_t size) {
  return joined({kDelimiter, obu(ObuType::kSequenceHeader, content(11)),
                 obu(ObuType::kFrame, content(size), true)});
}

Buffer together(const std::vector<Payload>& payloads) {
  Av1Depacketizer depacketizer;
  for (const Payload& payload : payloads) EXPECT_TRUE(depacketizer.add(payload.bytes));
  return depacketizer.take();
}

TEST(Leb128, TakesSevenBitsAnOctetLeastFirst) {
  for (const std::size_t value : {0u, 1u, 127u, 128u, 16'383u, 16'384u, 0xFFFFFFFFu}) {
    ByteWriter writer;
    write_leb128(writer, value);
    EXPECT_EQ(writer.size(), leb128_size(value));
    ByteReader reader(writer.view());
    EXPECT_EQ(read_leb128(reader), value);
    EXPECT_TRUE(reader.ok() && reader.at_end());
  }
}

TEST(Leb128, RefusesWhatIsTooLongOrTooLarge) {
  for (const Buffer& bytes :
       {Buffer{0x80}, Buffer(9, 0x80), Buffer{0xFF, 0xFF, 0xFF, 0xFF, 0x7F}}) {
    ByteReader reader(bytes);
    read_leb128(reader);
    EXPECT_FALSE(reader.ok());
  }
}

TEST(Av1, SendsASmallTemporalUnitInOnePacket) {
  const auto payloads = packetize_av1(key_frame(50), 1'000).value();
  ASSERT_EQ(payloads.size(), 1u);
  EXPECT_TRUE(payloads[0].last_of_frame);
  EXPECT_EQ(payloads[0].bytes[0], 0x28);  // Two elements; a new coded video sequence.
  const auto parsed = Av1Payload::parse(payloads[0].bytes).value();
  EXPECT_TRUE(parsed.new_coded_video_sequence);
  ASSERT_EQ(parsed.elements.size(), 2u);
  EXPECT_EQ(parsed.elements[0].size(), 12u);
  EXPECT_EQ(parsed.elements[1].size(), 52u);
}

TEST(Av1, PutsTogetherWhatItCut) {
  for (const std::size_t size : {1u, 50u, 900u, 1'000u, 1'500u, 20'000u}) {
    const Buffer unit = key_frame(size);
    const auto payloads = packetize_av1(unit, 1'000).value();
    for (const Payload& payload : payloads) EXPECT_LE(payload.bytes.size(), 1'000u);
    EXPECT_EQ(together(payloads), unit) << size;
  }
}

TEST(Av1, PutsTogetherAnyMix) {
  std::mt19937 random{1};
  for (int run = 0; run < 500; ++run) {
    Buffer unit = kDelimiter;
    for (std::size_t obus = 1 + random() % 8; obus > 0; --obus) {
      const Buffer one = obu(ObuType::kTileGroup, content(random() % 400), random() % 2 == 0);
      unit.insert(unit.end(), one.begin(), one.end());
    }
    const std::size_t max_size = 4 + random() % 300;
    const auto payloads = packetize_av1(unit, max_size).value();
    for (const Payload& payload : payloads) ASSERT_LE(payload.bytes.size(), max_size);
    ASSERT_EQ(together(payloads), unit) << "run " << run;
  }
}

TEST(Av1, TellsANewSequenceOnceAndOnlyAtItsStart) {
  const auto key = packetize_av1(key_frame(5'000), 1'000).value();
  for (std::size_t i = 0; i < key.size(); ++i) {
    EXPECT_EQ(Av1Payload::parse(key[i].bytes)->new_coded_video_sequence, i == 0);
  }
  const auto delta = packetize_av1(obu(ObuType::kFrame, content(50)), 1'000).value();
  EXPECT_FALSE(Av1Payload::parse(delta[0].bytes)->new_coded_video_sequence);
}

TEST(Av1, RefusesAUnitThatIsNotWellFormed) {
  Buffer truncated = key_frame(50);
  truncated.pop_back();
  EXPECT_FALSE(packetize_av1(truncated, 1'000).has_value());
  EXPECT_FALSE(packetize_av1(Buffer{0x92, 0x00}, 1'000).has_value());  // The forbidden bit.
  EXPECT_TRUE(packetize_av1({}, 1'000)->empty());
}

TEST(Av1, RejectsPayloadsThatDoNotFit) {
  EXPECT_FALSE(Av1Payload::parse({}).has_value());
  EXPECT_FALSE(Av1Payload::parse(Buffer{0x10}).has_value());           // One element, not there.
  EXPECT_FALSE(Av1Payload::parse(Buffer{0x20, 1, 0x30}).has_value());  // Two, one there.
  EXPECT_FALSE(Av1Payload::parse(Buffer{0x00, 5, 0x30}).has_value());  // A length too long.
  EXPECT_FALSE(Av1Payload::parse(Buffer{0x00, 0}).has_value());        // An empty element.
  EXPECT_FALSE(Av1Payload::parse(Buffer{0x98, 0x30, 1}).has_value());  // Z and N at once.
  EXPECT_TRUE(Av1Payload::parse(Buffer{0x00, 1, 0x30, 1, 0x30}).has_value());
}

TEST(Av1Depacketizer, RefusesFragmentsThatDoNotFollow) {
  const auto payloads = packetize_av1(key_frame(3'000), 1'000).value();
  Av1Depacketizer no_start;
  EXPECT_FALSE(no_start.add(payloads[1].bytes));
  Av1Depacketizer unfinished;
  EXPECT_TRUE(unfinished.add(payloads[0].bytes));
  EXPECT_TRUE(unfinished.take().empty());
  EXPECT_TRUE(unfinished.add(payloads[0].bytes));
}

}  // namespace
}  // namespace parley::codec
