#include "socketio/engineio/packet.h"

#include <gtest/gtest.h>

#include <array>

namespace parley::engineio {
namespace {

// Each packet of a payload as "type:data", binary ones as "type#data"; "!" where it is malformed.
std::vector<std::string> read(std::string_view body) {
  std::vector<std::string> packets;
  PayloadReader reader(body);
  while (true) {
    const auto packet = reader.next();
    if (!packet) {
      if (packet.error() == PayloadReader::Stop::kMalformed) packets.emplace_back("!");
      return packets;
    }
    packets.push_back(std::to_string(std::to_underlying(packet->type)) +
                      (packet->binary ? '#' : ':') + std::string(as_text(packet->data)));
  }
}

TEST(EngineIoPacket, StandsAsTheDigitOfItsTypeBeforeItsText) {
  EXPECT_EQ(Packet::text(PacketType::kPing).frame.text(), "2");
  EXPECT_EQ(Packet::text(PacketType::kPong, "probe").frame.text(), "3probe");
  EXPECT_EQ(Packet::message("hello").frame.text(), "4hello");
}

TEST(EngineIoPacket, CarriesABinaryMessageAsItIs) {
  const std::array<std::uint8_t, 3> data{1, 2, 3};
  const Packet packet = Packet::message(Bytes(data));
  EXPECT_TRUE(packet.binary);
  EXPECT_EQ(as_text(packet.frame.bytes()), as_text(data));
}

TEST(EngineIoPacket, IsParsedFromATextFrame) {
  const auto packet = parse_packet("4hello");
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->type, PacketType::kMessage);
  EXPECT_FALSE(packet->binary);
  EXPECT_EQ(as_text(packet->data), "hello");
  EXPECT_EQ(parse_packet("6")->type, PacketType::kNoop);
}

TEST(EngineIoPacket, IsRefusedWithoutAKnownType) {
  for (const std::string_view text : {"", "7", "abc", "/", ":", "bAQID"}) {
    EXPECT_FALSE(parse_packet(text)) << text;
  }
}

TEST(EngineIoPayload, HoldsPacketsBetweenSeparators) {
  EXPECT_EQ(read("4test1\x1e\x34test2\x1e\x33"),
            (std::vector<std::string>{"4:test1", "4:test2", "3:"}));
}

TEST(EngineIoPayload, HoldsBinaryMessagesAsBase64) {
  EXPECT_EQ(read("4hello\x1e\x62Zm9v"), (std::vector<std::string>{"4:hello", "4#foo"}));
  EXPECT_EQ(read("b"), (std::vector<std::string>{"4#"}));
}

TEST(EngineIoPayload, IsMalformedFromThePacketThatIs) {
  EXPECT_EQ(read(""), (std::vector<std::string>{"!"}));
  EXPECT_EQ(read("abc"), (std::vector<std::string>{"!"}));
  EXPECT_EQ(read("b*"), (std::vector<std::string>{"!"}));
  EXPECT_EQ(read("4a\x1e"), (std::vector<std::string>{"4:a", "!"}));
  EXPECT_EQ(read("4a\x1ex\x1e\x34z"), (std::vector<std::string>{"4:a", "!"}));
}

TEST(EngineIoPayload, SharesTheBytesOfASinglePacket) {
  const Packet packet = Packet::message("hello");
  EXPECT_EQ(encode_payload({packet}).bytes().data(), packet.frame.bytes().data());
}

TEST(EngineIoPayload, JoinsSeveralPackets) {
  EXPECT_EQ(encode_payload({Packet::message("a"), Packet::text(PacketType::kPing)}).text(),
            "4a\x1e\x32");
}

TEST(EngineIoPayload, WritesABinaryMessageAsBase64EvenWhenItIsAlone) {
  EXPECT_EQ(encode_payload({Packet::message(as_bytes("foo"))}).text(), "bZm9v");
}

TEST(EngineIoPayload, BringsBackWhatWasWritten) {
  const SharedBytes body =
      encode_payload({Packet::message(""), Packet::message(as_bytes("\x1e\x00z")),
                      Packet::message("\xe2\x82\xac"), Packet::text(PacketType::kNoop)});
  EXPECT_EQ(read(body.text()), (std::vector<std::string>{"4:", "4#\x1e", "4:\xe2\x82\xac", "6:"}));
}

TEST(EngineIoPayload, SurvivesBeingCutAnywhere) {
  const std::string body = "4test1\x1e\x62Zm9vYg==\x1e\x32probe";
  for (std::size_t size = 0; size <= body.size(); ++size) {
    const auto packets = read(std::string_view(body).substr(0, size));
    EXPECT_LE(packets.size(), 3u);
    EXPECT_FALSE(packets.empty());
  }
}

}  // namespace
}  // namespace parley::engineio
