#include "socketio/decoder.h"

#include <gtest/gtest.h>

#include <array>

namespace parley::socketio {
namespace {

constexpr std::array<std::uint8_t, 3> kData{1, 2, 3};

Json parsed(std::string_view text) {
  return *Json::parse(text);
}

Decoder::Result decode(std::string_view text) {
  Decoder decoder;
  return decoder.add_text(text, {});
}

DecodeError error_of(std::string_view text) {
  const auto result = decode(text);
  EXPECT_FALSE(result) << text;
  return result ? DecodeError{255} : result.error();
}

// What the engine took the "4" off.
std::string_view wire(const Encoded& encoded) {
  return encoded.text.frame.text().substr(1);
}

TEST(Decoder, ReadsThePacketsOfTheProtocolsDocument) {
  EXPECT_EQ(**decode("0"), (Packet{.type = PacketType::kConnect}));
  EXPECT_EQ(**decode(R"(0/admin,{"token":"123"})"), (Packet{.type = PacketType::kConnect,
                                                            .nsp = "/admin",
                                                            .data = parsed(R"({"token":"123"})")}));
  EXPECT_EQ(**decode("0/admin"), (Packet{.type = PacketType::kConnect, .nsp = "/admin"}));
  EXPECT_EQ(**decode("1/admin,"), (Packet{.type = PacketType::kDisconnect, .nsp = "/admin"}));
  EXPECT_EQ(**decode(R"(2["hello",1])"), (Packet{.data = parsed(R"(["hello",1])")}));
  EXPECT_EQ(**decode(R"(2/admin,456["project:delete",123])"),
            (Packet{.nsp = "/admin", .id = 456, .data = parsed(R"(["project:delete",123])")}));
  EXPECT_EQ(**decode("3/admin,456[]"),
            (Packet{.type = PacketType::kAck, .nsp = "/admin", .id = 456, .data = parsed("[]")}));
}

TEST(Decoder, PutsAttachmentsWhereTheirPlaceholdersStand) {
  Decoder decoder;
  auto result = decoder.add_text(
      R"(52-7["e",{"_placeholder":true,"num":1},{"a":[{"_placeholder":true,"num":0}]}])", {});
  ASSERT_TRUE(result);
  EXPECT_FALSE(*result);
  result = decoder.add_binary(kData, {});
  ASSERT_TRUE(result);
  EXPECT_FALSE(*result);
  result = decoder.add_binary(Bytes(kData).first(1), {});
  ASSERT_TRUE(result && *result);
  Json inner;
  inner.set("a", Json::Array{Json::Binary{1, 2, 3}});
  EXPECT_EQ(**result, (Packet{.id = 7, .data = Json::Array{"e", Json::Binary{1}, inner}}));
}

TEST(Decoder, IsReadyForTheNextPacketAfterAnAttachment) {
  Decoder decoder;
  ASSERT_TRUE(decoder.add_text(R"(51-["e",{"_placeholder":true,"num":0}])", {}));
  ASSERT_TRUE(*decoder.add_binary(kData, {}));
  EXPECT_EQ((**decoder.add_text(R"(2["f"])", {})).data, parsed(R"(["f"])"));
}

TEST(Decoder, BringsBackWhatWasEncoded) {
  Json object;
  object.set("deep", Json::Array{Json::Binary{9}, 1.5, true, nullptr, "\xe2\x82\xac"});
  const Packet packet{.nsp = "/chat", .id = 12, .data = Json::Array{"e", object, Json::Binary{}}};
  const Encoded encoded = encode(packet);
  Decoder decoder;
  auto result = decoder.add_text(wire(encoded), {});
  for (const auto& attachment : encoded.attachments) {
    result = decoder.add_binary(attachment.frame.bytes(), {});
  }
  ASSERT_TRUE(result && *result);
  EXPECT_EQ(**result, packet);
}

TEST(Decoder, SaysWhatIsWrong) {
  EXPECT_EQ(error_of(""), DecodeError::kUnknownType);
  EXPECT_EQ(error_of("7"), DecodeError::kUnknownType);
  EXPECT_EQ(error_of("abc"), DecodeError::kUnknownType);
  EXPECT_EQ(error_of(R"(4{"message":"x"})"), DecodeError::kUnknownType);
  EXPECT_EQ(error_of(R"(5["e"])"), DecodeError::kBadAttachmentCount);
  EXPECT_EQ(error_of(R"(5-["e"])"), DecodeError::kBadAttachmentCount);
  EXPECT_EQ(error_of(R"(51["e"])"), DecodeError::kBadAttachmentCount);
  EXPECT_EQ(error_of(R"(511-["e"])"), DecodeError::kTooManyAttachments);
  EXPECT_EQ(error_of(R"(599999999999999-["e"])"), DecodeError::kTooManyAttachments);
  EXPECT_EQ(error_of(R"(21234567890123456["e"])"), DecodeError::kBadId);
  EXPECT_EQ(error_of("3[]"), DecodeError::kBadId);
  EXPECT_EQ(error_of(R"(2abc["e"])"), DecodeError::kBadJson);
  EXPECT_EQ(error_of(R"(2["e")"), DecodeError::kBadJson);
  EXPECT_EQ(error_of(R"(2["e"]x)"), DecodeError::kBadJson);
}

TEST(Decoder, RefusesAPayloadThatIsNotOfThePacketsKind) {
  for (const std::string_view text : {"2", "2{}", "2[]", "2[1]", "2[null]", "2null", "2\"e\"",
                                      "0[]", "0\"x\"", "0null", "1{}", "1[]", "31", "31{}"}) {
    EXPECT_EQ(error_of(text), DecodeError::kBadPayload) << text;
  }
}

TEST(Decoder, RefusesEventsThatOnlyTheLibraryMayRaise) {
  EXPECT_EQ(error_of(R"(2["connect"])"), DecodeError::kReservedEvent);
  EXPECT_EQ(error_of(R"(2["disconnect",1])"), DecodeError::kReservedEvent);
  EXPECT_EQ(error_of(R"(51-["connect_error"])"), DecodeError::kReservedEvent);
}

TEST(Decoder, RefusesTextWhereAnAttachmentIsDueAndTheReverse) {
  Decoder decoder;
  EXPECT_EQ(decoder.add_binary(kData, {}).error(), DecodeError::kUnexpectedBinary);
  ASSERT_TRUE(decoder.add_text(R"(51-["e",{"_placeholder":true,"num":0}])", {}));
  EXPECT_EQ(decoder.add_text("2[\"e\"]", {}).error(), DecodeError::kMissingBinary);
}

TEST(Decoder, RefusesAPlaceholderThatNamesNoAttachment) {
  for (const std::string_view number : {"1", "-1", "\"0\"", "0.5", "null"}) {
    Decoder decoder;
    const std::string text = R"(51-["e",{"_placeholder":true,"num":)" + std::string(number) + "}]";
    ASSERT_TRUE(decoder.add_text(text, {}));
    EXPECT_EQ(decoder.add_binary(kData, {}).error(), DecodeError::kBadPlaceholder) << number;
  }
}

TEST(Decoder, GivesEachAttachmentOnePlaceOnly) {
  Decoder decoder;
  ASSERT_TRUE(decoder.add_text(
      R"(51-["e",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}])", {}));
  EXPECT_EQ(decoder.add_binary(kData, {}).error(), DecodeError::kBadPlaceholder);
}

TEST(Decoder, TakesForAPlaceholderOnlyWhatSaysSo) {
  Decoder decoder;
  ASSERT_TRUE(decoder.add_text(R"(51-["e",{"_placeholder":false,"num":0},{"num":5}])", {}));
  EXPECT_TRUE(*decoder.add_binary(kData, {}));
}

TEST(Decoder, BoundsWhatAttachmentsHold) {
  const DecoderLimits limits{.attachments = 2, .attachment_bytes = 5};
  Decoder decoder;
  EXPECT_EQ(decoder.add_text(R"(53-["e"])", limits).error(), DecodeError::kTooManyAttachments);
  ASSERT_TRUE(decoder.add_text(R"(52-["e"])", limits));
  ASSERT_TRUE(decoder.add_binary(kData, limits));
  EXPECT_EQ(decoder.add_binary(kData, limits).error(), DecodeError::kTooLarge);
}

TEST(Decoder, SurvivesBeingCutAnywhere) {
  const std::string whole = R"(51-/admin,456["project:delete",{"_placeholder":true,"num":0}])";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode(std::string_view(whole).substr(0, size))) << size;
  }
  EXPECT_TRUE(decode(whole));
}

TEST(Decoder, HasAWordForEveryError) {
  for (int i = 0; i <= std::to_underlying(DecodeError::kMissingBinary); ++i) {
    EXPECT_NE(to_string(static_cast<DecodeError>(i)), "");
  }
}

}  // namespace
}  // namespace parley::socketio
