#include "socketio/packet.h"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

Json parsed(std::string_view text) {
  return *Json::parse(text);
}

std::string text_of(const Packet& packet) {
  return std::string(encode(packet).text.frame.text());
}

// The examples of the protocol's document, each behind the "4" of an Engine.IO message.
TEST(SocketIoPacket, StandsAsTheProtocolWritesIt) {
  EXPECT_EQ(text_of({.type = PacketType::kConnect}), "40");
  EXPECT_EQ(
      text_of({.type = PacketType::kConnect, .data = parsed(R"({"sid":"oSO0OpakMV_3jnilAAAA"})")}),
      R"(40{"sid":"oSO0OpakMV_3jnilAAAA"})");
  EXPECT_EQ(text_of({.type = PacketType::kConnect, .nsp = "/admin", .data = parsed(R"({"a":1})")}),
            R"(40/admin,{"a":1})");
  EXPECT_EQ(text_of({.type = PacketType::kDisconnect, .nsp = "/admin"}), "41/admin,");
  EXPECT_EQ(text_of({.type = PacketType::kConnectError,
                     .nsp = "/x",
                     .data = parsed(R"({"message":"Not authorized"})")}),
            R"(44/x,{"message":"Not authorized"})");
  EXPECT_EQ(text_of({.nsp = "/admin", .id = 456, .data = parsed(R"(["project:delete",123])")}),
            R"(42/admin,456["project:delete",123])");
  EXPECT_EQ(text_of({.type = PacketType::kAck, .id = 13, .data = parsed("[]")}), "4313[]");
}

TEST(SocketIoPacket, SendsBinaryBesideTheText) {
  const Encoded encoded =
      encode({.nsp = "/admin", .id = 456, .data = Json::Array{"hello", Json::Binary{1, 2, 3}, 7}});
  EXPECT_EQ(encoded.text.frame.text(),
            R"(451-/admin,456["hello",{"_placeholder":true,"num":0},7])");
  ASSERT_EQ(encoded.attachments.size(), 1u);
  EXPECT_TRUE(encoded.attachments[0].binary);
  EXPECT_EQ(as_text(encoded.attachments[0].frame.bytes()), "\x01\x02\x03");
  EXPECT_EQ(encoded.size(), encoded.text.frame.size() + 3);
}

TEST(SocketIoPacket, FindsBinaryHoweverDeepInOrder) {
  Json inner;
  inner.set("a", Json::Array{Json::Binary{1}, Json()});
  inner.set("b\"", Json::Binary{2, 2});
  const Encoded encoded =
      encode({.type = PacketType::kAck, .id = 1, .data = Json::Array{inner, Json::Binary{}}});
  EXPECT_EQ(encoded.text.frame.text(),
            R"(463-1[{"a":[{"_placeholder":true,"num":0},null],)"
            R"("b\"":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":2}])");
  ASSERT_EQ(encoded.attachments.size(), 3u);
  EXPECT_EQ(encoded.attachments[1].frame.size(), 2u);
  EXPECT_EQ(encoded.attachments[2].frame.size(), 0u);
}

TEST(SocketIoPacket, OfAnEventNeedsNoPacketMadeFirst) {
  const auto text = [](const Encoded& encoded) { return std::string(encoded.text.frame.text()); };
  EXPECT_EQ(text(encode_event("/", "a \"b\"", {})), R"(42["a \"b\""])");
  EXPECT_EQ(text(encode_event("/n", "e", {1, "x", nullptr}, 5)), R"(42/n,5["e",1,"x",null])");
  EXPECT_EQ(text(encode_event("/", "e", {Json::Binary{1}})),
            R"(451-["e",{"_placeholder":true,"num":0}])");
}

}  // namespace
}  // namespace parley::socketio
