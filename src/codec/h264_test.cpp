#include "codec/h264.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace parley::codec {
namespace {

using Buffer = std::vector<std::uint8_t>;

Buffer nal_unit(NalType type, std::size_t size, std::uint8_t reference = 0x60) {
  Buffer unit(size, 0xAA);
  unit[0] = static_cast<std::uint8_t>(reference | static_cast<std::uint8_t>(type));
  return unit;
}

Buffer annex_b(std::initializer_list<Buffer> units) {
  Buffer stream;
  for (const Buffer& unit : units) {
    stream.insert(stream.end(), {0, 0, 0, 1});
    stream.insert(stream.end(), unit.begin(), unit.end());
  }
  return stream;
}

Buffer together(const std::vector<Payload>& payloads) {
  H264Depacketizer depacketizer;
  for (const Payload& payload : payloads) EXPECT_TRUE(depacketizer.add(payload.bytes));
  return depacketizer.take();
}

TEST(H264, SplitsAByteStreamAtStartCodesOfBothLengths) {
  const Buffer stream = {0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 0, 0, 1, 0x65, 4};
  const auto units = split_annex_b(stream);
  ASSERT_EQ(units.size(), 3u);
  EXPECT_EQ(Buffer(units[0].begin(), units[0].end()), (Buffer{0x67, 1, 2}));
  EXPECT_EQ(Buffer(units[1].begin(), units[1].end()), (Buffer{0x68, 3}));
  EXPECT_EQ(Buffer(units[2].begin(), units[2].end()), (Buffer{0x65, 4}));
  EXPECT_TRUE(split_annex_b({}).empty());
  EXPECT_TRUE(split_annex_b(Buffer{1, 2, 3}).empty());
}

TEST(H264, SendsSmallNalUnitsTogether) {
  const Buffer unit = annex_b({nal_unit(NalType::kSps, 20), nal_unit(NalType::kPps, 6),
                               nal_unit(NalType::kIdr, 100, 0x40)});
  const auto payloads = packetize_h264(unit, 1'000);
  ASSERT_EQ(payloads.size(), 1u);
  EXPECT_EQ(payloads[0].bytes[0], 0x60 | 24);
  EXPECT_TRUE(payloads[0].last_of_frame);
  EXPECT_EQ(H264Payload::parse(payloads[0].bytes), (H264Payload{.has_idr = true, .has_sps = true}));
  EXPECT_EQ(together(payloads), unit);
}

TEST(H264, LeavesASingleNalUnitAsItIs) {
  const Buffer slice = nal_unit(NalType::kSlice, 500);
  const auto payloads = packetize_h264(annex_b({slice}), 1'000);
  ASSERT_EQ(payloads.size(), 1u);
  EXPECT_EQ(payloads[0].bytes, slice);
  EXPECT_FALSE(H264Payload::parse(slice)->starts_key_frame());
}

TEST(H264, CutsALargeNalUnitIntoFragments) {
  Buffer idr(5'000);
  std::iota(idr.begin(), idr.end(), std::uint8_t{0});
  std::ranges::replace(idr, std::uint8_t{0}, std::uint8_t{9});
  idr[0] = 0x65;
  const Buffer unit = annex_b({nal_unit(NalType::kSps, 20), idr});
  const auto payloads = packetize_h264(unit, 1'200);
  ASSERT_EQ(payloads.size(), 6u);
  for (std::size_t i = 1; i < payloads.size(); ++i) {
    EXPECT_LE(payloads[i].bytes.size(), 1'200u);
    const auto parsed = H264Payload::parse(payloads[i].bytes).value();
    EXPECT_TRUE(parsed.has_idr);
    EXPECT_EQ(parsed.starts_nal_unit, i == 1);
    EXPECT_EQ(parsed.ends_nal_unit, i == 5);
    EXPECT_EQ(parsed.starts_key_frame(), i == 1);
    EXPECT_EQ(payloads[i].last_of_frame, i == 5);
  }
  EXPECT_EQ(together(payloads), unit);
}

TEST(H264, FillsAPacketToTheLastByte) {
  for (std::size_t size = 1'190; size <= 1'205; ++size) {
    const Buffer unit = annex_b({nal_unit(NalType::kSlice, size), nal_unit(NalType::kSei, 3)});
    const auto payloads = packetize_h264(unit, 1'200);
    for (const Payload& payload : payloads) EXPECT_LE(payload.bytes.size(), 1'200u) << size;
    EXPECT_EQ(together(payloads), unit) << size;
  }
}

TEST(H264, LeavesOutDelimiters) {
  const Buffer slice = nal_unit(NalType::kSlice, 50);
  const auto payloads = packetize_h264(annex_b({nal_unit(NalType::kDelimiter, 2), slice}), 1'000);
  ASSERT_EQ(payloads.size(), 1u);
  EXPECT_EQ(payloads[0].bytes, slice);
  EXPECT_TRUE(packetize_h264({}, 1'000).empty());
}

TEST(H264, RejectsWhatDoesNotFit) {
  EXPECT_FALSE(H264Payload::parse({}).has_value());
  EXPECT_FALSE(H264Payload::parse(Buffer{0x78}).has_value());                // An empty STAP-A.
  EXPECT_FALSE(H264Payload::parse(Buffer{0x78, 0, 5, 0x67}).has_value());    // A length too long.
  EXPECT_FALSE(H264Payload::parse(Buffer{0x78, 0, 0}).has_value());          // An empty NAL unit.
  EXPECT_FALSE(H264Payload::parse(Buffer{0x7C, 0x85}).has_value());          // An empty fragment.
  EXPECT_FALSE(H264Payload::parse(Buffer{0x7C, 0xC5, 1}).has_value());       // First and last.
  EXPECT_FALSE(H264Payload::parse(Buffer{0x60 | 25, 0, 0, 1}).has_value());  // STAP-B.
  EXPECT_FALSE(H264Payload::parse(Buffer{0x60}).has_value());                // Type 0.
}

TEST(H264Depacketizer, RefusesFragmentsThatDoNotFollow) {
  const auto payloads = packetize_h264(annex_b({nal_unit(NalType::kIdr, 3'000)}), 1'200);
  ASSERT_EQ(payloads.size(), 3u);
  H264Depacketizer no_start;
  EXPECT_FALSE(no_start.add(payloads[1].bytes));
  H264Depacketizer two_starts;
  EXPECT_TRUE(two_starts.add(payloads[0].bytes));
  EXPECT_FALSE(two_starts.add(payloads[0].bytes));
  H264Depacketizer broken_off;
  EXPECT_TRUE(broken_off.add(payloads[0].bytes));
  EXPECT_FALSE(broken_off.add(nal_unit(NalType::kSlice, 9)));
  broken_off.take();
  EXPECT_TRUE(broken_off.add(nal_unit(NalType::kSlice, 9)));
}

}  // namespace
}  // namespace parley::codec
