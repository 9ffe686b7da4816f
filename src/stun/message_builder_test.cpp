#include "stun/message_builder.h"

#include <gtest/gtest.h>

#include "stun/integrity.h"
#include "stun/test_vectors.h"

namespace parley::stun {
namespace {

constexpr TransactionId kId = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
const TransactionId kRfc5769Id = {0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34,
                                  0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae};

// RFC 5769 pads with blanks, we with zeros: the length of SOFTWARE is changed to cover its padding,
// so what was hashed is the same.
TEST(StunMessageBuilder, WritesTheRequestOfRfc5769) {
  MessageBuilder builder(Class::kRequest, Method::kBinding, kRfc5769Id);
  builder.add_text(Attribute::kSoftware, "STUN test client");
  builder.add_u32(Attribute::kPriority, 0x6e0001ff);
  builder.add_u64(Attribute::kIceControlled, 0x932ff9b151263b36);
  builder.add_text(Attribute::kUsername, "evtj:h6vY");
  const std::size_t common = builder.size() - 3;
  EXPECT_EQ(as_text(builder.view().subspan(4).first(common - 4)),
            as_text(Bytes(vectors::kRequest).subspan(4).first(common - 4)));
  builder.add_integrity(as_bytes(vectors::kPassword));
  builder.add_fingerprint();
  EXPECT_EQ(builder.size(), vectors::kRequest.size());
  const auto message = MessageView::parse(builder.view()).value();
  EXPECT_EQ(check_integrity(message, as_bytes(vectors::kPassword)), Check::kValid);
  EXPECT_EQ(check_fingerprint(message), Check::kValid);
}

TEST(StunMessageBuilder, WritesTheLongTermVectorsToTheByte) {
  const auto original = MessageView::parse(vectors::kLongTermRequest).value();
  MessageBuilder builder(Class::kRequest, original);
  builder.add_text(Attribute::kUsername, vectors::kLongTermUsername);
  builder.add_text(Attribute::kNonce, "f//499k954d6OL34oL9FSTvy64sA");
  builder.add_text(Attribute::kRealm, vectors::kLongTermRealm);
  builder.add_integrity(long_term_key_md5(vectors::kLongTermUsername, vectors::kLongTermRealm,
                                          vectors::kLongTermPassword));
  EXPECT_EQ(builder.take(), vectors::kLongTermRequest);
}

TEST(StunMessageBuilder, WritesTheSha256VectorToTheByte) {
  const auto original = MessageView::parse(vectors::kLongTermSha256Request).value();
  MessageBuilder builder(Class::kRequest, original);
  builder.add(Attribute::kUserhash, userhash(vectors::kLongTermUsername, vectors::kLongTermRealm));
  builder.add_text(Attribute::kNonce, "obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA");
  builder.add_text(Attribute::kRealm, vectors::kLongTermRealm);
  builder.add_u32(Attribute::kPasswordAlgorithm, 0x0002'0000);
  builder.add_integrity_sha256(long_term_key_sha256(
      vectors::kLongTermUsername, vectors::kLongTermRealm, vectors::kLongTermPassword));
  EXPECT_EQ(builder.take(), vectors::kLongTermSha256Request);
}

TEST(StunMessageBuilder, ReadsBackEveryClassAndMethod) {
  for (const Class message_class :
       {Class::kRequest, Class::kIndication, Class::kSuccess, Class::kError}) {
    for (std::uint16_t method = 0; method <= 0xFFF; ++method) {
      const MessageBuilder builder(message_class, Method{method}, kId);
      const auto message = MessageView::parse(builder.view()).value();
      ASSERT_EQ(message.message_class(), message_class);
      ASSERT_EQ(message.method(), Method{method});
      ASSERT_EQ(message.transaction_id(), kId);
    }
  }
}

TEST(StunMessageBuilder, PadsEveryLengthToFourBytes) {
  for (std::size_t size = 0; size < 70; ++size) {
    const std::string text(size, 'x');
    MessageBuilder builder(Class::kRequest, Method::kBinding, kId);
    builder.add_text(Attribute::kUsername, text);
    builder.add_flag(Attribute::kUseCandidate);
    EXPECT_EQ(builder.size() % 4, 0u);
    const auto message = MessageView::parse(builder.view()).value();
    EXPECT_EQ(as_text(message.find(Attribute::kUsername).value()), text);
    EXPECT_TRUE(message.has(Attribute::kUseCandidate));
  }
}

TEST(StunMessageBuilder, AnswersInTheTransactionOfTheRequest) {
  const auto request = MessageView::parse(vectors::kRequest).value();
  const MessageBuilder builder(Class::kError, request);
  const auto answer = MessageView::parse(builder.view()).value();
  EXPECT_EQ(answer.message_class(), Class::kError);
  EXPECT_EQ(answer.method(), request.method());
  EXPECT_EQ(answer.transaction_id(), request.transaction_id());
}

TEST(StunMessageBuilder, ListsUnknownAttributes) {
  MessageBuilder builder(Class::kError, Method::kBinding, kId);
  builder.add_unknown_attributes(std::array{Attribute{0x7F01}, Attribute{0x0003}, Attribute{2}});
  const auto message = MessageView::parse(builder.view()).value();
  const Bytes value = message.find(Attribute::kUnknownAttributes).value();
  EXPECT_EQ((std::vector<std::uint8_t>(value.begin(), value.end())),
            (std::vector<std::uint8_t>{0x7F, 0x01, 0x00, 0x03, 0x00, 0x02}));
}

}  // namespace
}  // namespace parley::stun
