#include "rtp/packet.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "rtp/packet_writer.h"

namespace parley::rtp {
namespace {

using Packet = std::vector<std::uint8_t>;

constexpr Header kHeader{.marker = true,
                         .payload_type = PayloadType{96},
                         .sequence_number = 0x1234,
                         .timestamp = 0x89ABCDEF,
                         .ssrc = Ssrc{0xCAFEBABE}};

std::string text(Bytes bytes) {
  return std::string(as_text(bytes));
}

Packet simple() {
  PacketWriter writer(kHeader);
  writer.add_extension(3, as_bytes("mid"));
  writer.add_extension(5, as_bytes("x"));
  writer.set_payload(as_bytes("payload"));
  return writer.take();
}

// From RFC 8285, 4.2: one-byte elements with padding in between and at the end.
const Packet kOneByteSample = {
    0x90, 0x60, 0x00, 0x01, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x03,  // Fixed header.
    0xBE, 0xDE, 0x00, 0x03,                                                  //
    0x10, 0xAA,                                                              // Id 1, one byte.
    0x21, 0xBB, 0xCC,                                                        // Id 2, two bytes.
    0x00, 0x00,                                                              // Padding.
    0x33, 0x01, 0x02, 0x03, 0x04,                                            // Id 3, four bytes.
    'p',
};

TEST(RtpPacket, ReadsTheFixedHeader) {
  const Packet bytes = simple();
  const auto packet = PacketView::parse(bytes);
  ASSERT_TRUE(packet.has_value()) << to_string(packet.error());
  EXPECT_TRUE(packet->marker());
  EXPECT_EQ(packet->payload_type(), PayloadType{96});
  EXPECT_EQ(packet->sequence_number(), 0x1234);
  EXPECT_EQ(packet->timestamp(), 0x89ABCDEF);
  EXPECT_EQ(packet->ssrc(), Ssrc{0xCAFEBABE});
  EXPECT_EQ(text(packet->payload()), "payload");
  EXPECT_EQ(packet->padding_size(), 0u);
  EXPECT_EQ(packet->csrc_count(), 0u);
}

TEST(RtpPacket, FindsOneByteExtensions) {
  const auto packet = PacketView::parse(kOneByteSample).value();
  EXPECT_EQ(packet.find_extension(1).value()[0], 0xAA);
  EXPECT_EQ(packet.find_extension(2).value().size(), 2u);
  EXPECT_EQ(packet.find_extension(3).value()[3], 0x04);
  EXPECT_FALSE(packet.find_extension(4).has_value());
  EXPECT_EQ(text(packet.payload()), "p");
}

TEST(RtpPacket, ShowsExtensionsInTheirOrder) {
  std::vector<int> ids;
  PacketView::parse(kOneByteSample)->for_each_extension([&](const ExtensionElement& element) {
    ids.push_back(element.id);
  });
  EXPECT_EQ(ids, (std::vector<int>{1, 2, 3}));
}

TEST(RtpPacket, StopsAtTheElementFifteen) {
  Packet bytes = kOneByteSample;
  bytes[18] = 0xF1;  // Where id 2 was: from here on nothing may be read (RFC 8285, 4.2).
  const auto packet = PacketView::parse(bytes).value();
  EXPECT_TRUE(packet.find_extension(1).has_value());
  EXPECT_FALSE(packet.find_extension(3).has_value());
}

TEST(RtpPacket, TakesTheTwoByteFormForLongOrEmptyValuesAndHighIds) {
  const std::string long_value(17, 'v');
  PacketWriter writer(kHeader);
  writer.add_extension(1, as_bytes("narrow"));
  writer.add_extension(2, as_bytes(long_value));
  writer.add_extension(200, {});
  writer.set_payload(as_bytes("p"));
  const Packet bytes = writer.take();
  const auto packet = PacketView::parse(bytes).value();
  EXPECT_EQ(text(packet.find_extension(1).value()), "narrow");
  EXPECT_EQ(text(packet.find_extension(2).value()), long_value);
  EXPECT_TRUE(packet.find_extension(200).value().empty());
  EXPECT_EQ(text(packet.payload()), "p");
}

TEST(RtpPacket, LeavesOutExtensionsOfAnotherProfile) {
  Packet bytes = kOneByteSample;
  bytes[12] = 0xAB;
  const auto packet = PacketView::parse(bytes).value();
  EXPECT_FALSE(packet.find_extension(1).has_value());
  EXPECT_EQ(text(packet.payload()), "p");
}

TEST(RtpPacket, ReadsContributingSources) {
  const std::array csrcs{Ssrc{7}, Ssrc{8}};
  PacketWriter writer(kHeader, csrcs);
  writer.set_payload(as_bytes("p"));
  const Packet bytes = writer.take();
  const auto packet = PacketView::parse(bytes).value();
  ASSERT_EQ(packet.csrc_count(), 2u);
  EXPECT_EQ(packet.csrc(0), Ssrc{7});
  EXPECT_EQ(packet.csrc(1), Ssrc{8});
  EXPECT_EQ(text(packet.payload()), "p");
}

TEST(RtpPacket, TakesPaddingOffThePayload) {
  PacketWriter writer(kHeader);
  writer.set_payload(as_bytes("pay"));
  writer.set_padding(5);
  const Packet bytes = writer.take();
  const auto packet = PacketView::parse(bytes).value();
  EXPECT_EQ(text(packet.payload()), "pay");
  EXPECT_EQ(packet.padding_size(), 5u);
  EXPECT_EQ(PacketView::parse_header(bytes)->payload().size(), 8u);
}

TEST(RtpPacket, RejectsPaddingThatIsNoneOrMoreThanThePayload) {
  PacketWriter writer(kHeader);
  writer.set_payload(as_bytes("pay"));
  writer.set_padding(1);
  Packet bytes = writer.take();
  bytes.back() = 0;
  EXPECT_EQ(PacketView::parse(bytes).error(), ParseError::kBadPadding);
  bytes.back() = 5;
  EXPECT_EQ(PacketView::parse(bytes).error(), ParseError::kBadPadding);
  bytes.back() = 4;
  EXPECT_TRUE(PacketView::parse(bytes)->payload().empty());
}

TEST(RtpPacket, RejectsAPaddingBitWithNoPayload) {
  PacketWriter writer(kHeader);
  Packet bytes = writer.take();
  bytes[0] |= 0x20;
  EXPECT_EQ(PacketView::parse(bytes).error(), ParseError::kBadPadding);
}

TEST(RtpPacket, RejectsEveryTruncationOfTheHeader) {
  const Packet bytes = simple();
  const std::size_t header = PacketView::parse(bytes)->header().size();
  for (std::size_t size = 0; size < header; ++size) {
    EXPECT_EQ(PacketView::parse(Bytes(bytes).first(size)).error(), ParseError::kTruncated)
        << size << " bytes";
  }
  EXPECT_TRUE(PacketView::parse(Bytes(bytes).first(header)).has_value());
}

TEST(RtpPacket, RejectsAnExtensionLongerThanItsBlock) {
  Packet bytes = kOneByteSample;
  bytes[23] = 0x3F;  // Id 3 claims 16 bytes where 4 are left.
  EXPECT_EQ(PacketView::parse(bytes).error(), ParseError::kBadExtension);
}

TEST(RtpPacket, RejectsOtherVersionsAndRtcp) {
  Packet bytes = simple();
  bytes[0] ^= 0xC0;
  EXPECT_EQ(PacketView::parse(bytes).error(), ParseError::kNotRtp);
  bytes = simple();
  for (const int type : {192, 200, 223}) {
    bytes[1] = static_cast<std::uint8_t>(type);
    EXPECT_EQ(PacketView::parse(bytes).error(), ParseError::kNotRtp) << type;
  }
  for (const int type : {191, 224}) {
    bytes[1] = static_cast<std::uint8_t>(type);
    EXPECT_TRUE(PacketView::parse(bytes).has_value()) << type;
  }
}

TEST(RtpPacket, RewritesFieldsInPlace) {
  Packet bytes = simple();
  set_marker(bytes, false);
  set_payload_type(bytes, PayloadType{111});
  set_sequence_number(bytes, 7);
  set_timestamp(bytes, 8);
  set_ssrc(bytes, Ssrc{9});
  const auto packet = PacketView::parse(bytes).value();
  EXPECT_FALSE(packet.marker());
  EXPECT_EQ(packet.payload_type(), PayloadType{111});
  EXPECT_EQ(packet.sequence_number(), 7);
  EXPECT_EQ(packet.timestamp(), 8u);
  EXPECT_EQ(packet.ssrc(), Ssrc{9});
  set_marker(bytes, true);
  EXPECT_EQ(PacketView::parse(bytes)->payload_type(), PayloadType{111});
  EXPECT_TRUE(PacketView::parse(bytes)->marker());
}

}  // namespace
}  // namespace parley::rtp
