#include "http/websocket/frame.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "http/websocket/test_frames.h"

namespace parley::http::websocket {
namespace {

std::string header_of(Opcode opcode, std::size_t size, bool compressed = false) {
  return std::string(as_text(OutgoingHeader(opcode, size, compressed).bytes()));
}

TEST(WebSocketFrame, WritesTheShortestHeader) {
  EXPECT_EQ(header_of(Opcode::kText, 5), "\x81\x05");
  EXPECT_EQ(header_of(Opcode::kBinary, 125), "\x82\x7D");
  EXPECT_EQ(header_of(Opcode::kBinary, 126), std::string("\x82\x7E\x00\x7E", 4));
  EXPECT_EQ(header_of(Opcode::kBinary, 65535), "\x82\x7E\xFF\xFF");
  EXPECT_EQ(header_of(Opcode::kBinary, 65536), std::string("\x82\x7F\0\0\0\0\0\x01\0\0", 10));
  EXPECT_EQ(header_of(Opcode::kText, 0, true), std::string("\xC1\0", 2));
  EXPECT_EQ(header_of(Opcode::kPong, 0), std::string("\x8A\0", 2));
}

TEST(WebSocketFrame, ReadsWhatAClientWrites) {
  for (const std::size_t size : {0u, 1u, 125u, 126u, 65535u, 65536u, 1000000u}) {
    const std::string frame = client_frame(0x02, std::string(size, 'x'));
    const std::size_t header_size = frame_header_size(static_cast<std::uint8_t>(frame[1]));
    EXPECT_EQ(header_size, frame.size() - size);
    const auto header = parse_frame_header(as_bytes(frame).first(header_size));
    ASSERT_TRUE(header.has_value()) << header.error();
    EXPECT_EQ(header->length, size);
    EXPECT_EQ(header->opcode, Opcode::kBinary);
    EXPECT_FALSE(header->fin);
    EXPECT_FALSE(header->compressed);
    EXPECT_EQ(as_text(header->mask), kTestMask);
  }
  EXPECT_TRUE(parse_frame_header(as_bytes(client_frame(0xC1, "")))->compressed);
}

// RFC 6455, 5.7: "Hello", masked.
TEST(WebSocketFrame, UnmasksTheExampleOfTheRfc) {
  const std::string masked = "\x7f\x9f\x4d\x51\x58";
  std::vector<std::uint8_t> plain(5);
  unmask(as_bytes(masked), plain, {0x37, 0xfa, 0x21, 0x3d}, 0);
  EXPECT_EQ(as_text(plain), "Hello");
}

TEST(WebSocketFrame, UnmasksFromAnyOffsetAndInPlace) {
  const std::string text = "a text that is longer than a few machine words, cut anywhere";
  const std::string masked = client_frame(0x81, text).substr(6);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    std::vector<std::uint8_t> plain(masked.begin(), masked.end());
    const std::span<std::uint8_t> front = std::span(plain).first(cut);
    const std::span<std::uint8_t> back = std::span(plain).subspan(cut);
    unmask(front, front, {0x37, 0xfa, 0x21, 0x3d}, 0);
    unmask(back, back, {0x37, 0xfa, 0x21, 0x3d}, cut);
    EXPECT_EQ(as_text(plain), text) << cut;
  }
}

TEST(WebSocketFrame, KnowsWhichCloseCodesTravel) {
  std::vector<std::uint16_t> travel;
  for (unsigned code = 0; code < 3000; ++code) {
    if (may_be_sent(static_cast<std::uint16_t>(code)))
      travel.push_back(static_cast<std::uint16_t>(code));
  }
  EXPECT_EQ(travel, (std::vector<std::uint16_t>{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010,
                                                1011, 1012, 1013, 1014}));
  EXPECT_TRUE(may_be_sent(3000) && may_be_sent(4999));
  EXPECT_FALSE(may_be_sent(5000) || may_be_sent(65535));
}

}  // namespace
}  // namespace parley::http::websocket
