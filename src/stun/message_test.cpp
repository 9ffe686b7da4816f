#include "stun/message.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "stun/message_builder.h"
#include "stun/test_vectors.h"

namespace parley::stun {
namespace {

constexpr TransactionId kId = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

std::vector<Attribute> types_of(const MessageView& message) {
  std::vector<Attribute> types;
  for (const AttributeView& attribute : message.attributes()) types.push_back(attribute.type);
  return types;
}

MessageView view(const MessageBuilder& builder) {
  return MessageView::parse(builder.view()).value();
}

TEST(StunMessage, ParsesTheRfc5769Request) {
  const auto message = MessageView::parse(vectors::kRequest);
  ASSERT_TRUE(message.has_value()) << to_string(message.error());
  EXPECT_EQ(message->message_class(), Class::kRequest);
  EXPECT_EQ(message->method(), Method::kBinding);
  EXPECT_EQ(message->transaction_id().front(), 0xb7);
  EXPECT_EQ(message->transaction_id().back(), 0xae);
  EXPECT_EQ(as_text(message->find(Attribute::kUsername).value()), "evtj:h6vY");
  EXPECT_EQ(message->find_u32(Attribute::kPriority), 0x6e0001ffu);
  EXPECT_EQ(message->find_u64(Attribute::kIceControlled), 0x932ff9b151263b36u);
  EXPECT_FALSE(message->has(Attribute::kUseCandidate));
}

TEST(StunMessage, WalksItsAttributesInTheirOrder) {
  const auto message = MessageView::parse(vectors::kRequest).value();
  EXPECT_EQ(
      types_of(message),
      (std::vector{Attribute::kSoftware, Attribute::kPriority, Attribute::kIceControlled,
                   Attribute::kUsername, Attribute::kMessageIntegrity, Attribute::kFingerprint}));
  EXPECT_EQ(message.find_attribute(Attribute::kSoftware)->offset, 20u);
  EXPECT_EQ(message.find_attribute(Attribute::kFingerprint)->offset, vectors::kRequest.size() - 8);
}

TEST(StunMessage, RejectsEveryTruncation) {
  for (const auto* vector : {&vectors::kRequest, &vectors::kLongTermSha256Request}) {
    for (std::size_t size = 0; size < vector->size(); ++size) {
      const auto message = MessageView::parse(Bytes(*vector).first(size));
      EXPECT_EQ(message.error(), ParseError::kTruncated) << size << " bytes";
    }
  }
}

TEST(StunMessage, RejectsWhatOnlyLooksLikeStun) {
  for (const std::size_t header_byte : {0u, 4u, 7u}) {  // The two leading zero bits; the cookie.
    for (const std::uint8_t bit : std::initializer_list<std::uint8_t>{0x80, 0x40}) {
      auto datagram = vectors::kRequest;
      datagram[header_byte] ^= bit;
      EXPECT_EQ(MessageView::parse(datagram).error(), ParseError::kNotStun);
    }
  }
}

TEST(StunMessage, RejectsAnAttributeLongerThanTheMessage) {
  auto datagram = vectors::kRequest;
  datagram[23] = 0xF0;  // The length of SOFTWARE.
  EXPECT_EQ(MessageView::parse(datagram).error(), ParseError::kBadLength);
}

TEST(StunMessage, RejectsAnAttributeWithoutItsPadding) {
  MessageBuilder builder(Class::kRequest, Method::kBinding, kId);
  builder.add_text(Attribute::kUsername, "abc");
  auto datagram = builder.take();
  datagram.pop_back();
  --datagram[3];
  EXPECT_EQ(MessageView::parse(datagram).error(), ParseError::kBadLength);
}

TEST(StunMessage, RejectsBytesAfterTheMessage) {
  auto datagram = vectors::kRequest;
  datagram.push_back(0);
  EXPECT_EQ(MessageView::parse(datagram).error(), ParseError::kBadLength);
}

TEST(StunMessage, ParsesAMessageWithoutAttributes) {
  const MessageBuilder builder(Class::kIndication, Method::kBinding, kId);
  EXPECT_EQ(builder.size(), kHeaderSize);
  EXPECT_EQ(types_of(view(builder)), std::vector<Attribute>{});
}

TEST(StunMessage, FindsTheFirstOfSeveralAttributesOfAType) {
  MessageBuilder builder(Class::kRequest, Method::kBinding, kId);
  builder.add_text(Attribute::kUsername, "first");
  builder.add_text(Attribute::kUsername, "second");
  EXPECT_EQ(as_text(*view(builder).find(Attribute::kUsername)), "first");
}

TEST(StunMessage, FindsNoNumberOfAnotherSize) {
  MessageBuilder builder(Class::kRequest, Method::kBinding, kId);
  builder.add_text(Attribute::kPriority, "abc");
  builder.add_u32(Attribute::kIceControlling, 1);
  EXPECT_EQ(view(builder).find_u32(Attribute::kPriority), std::nullopt);
  EXPECT_EQ(view(builder).find_u64(Attribute::kIceControlling), std::nullopt);
  EXPECT_EQ(view(builder).find_u32(Attribute::kIceControlling), 1u);
  EXPECT_EQ(view(builder).find_u32(Attribute::kLifetime), std::nullopt);
}

// RFC 8489, 14.5: whoever tampers with a message on its way can append to it.
TEST(StunMessage, LeavesOutWhatStandsBehindMessageIntegrity) {
  MessageBuilder builder(Class::kRequest, Method::kBinding, kId);
  builder.add_integrity(as_bytes("key"));
  builder.add_text(Attribute::kUsername, "forged");
  builder.add_integrity_sha256(as_bytes("key"));
  builder.add_text(Attribute::kRealm, "forged");
  builder.add_fingerprint();
  EXPECT_EQ(types_of(view(builder)),
            (std::vector{Attribute::kMessageIntegrity, Attribute::kMessageIntegritySha256,
                         Attribute::kFingerprint}));
}

// RFC 8489, 14.6.
TEST(StunMessage, LeavesOutWhatStandsBehindMessageIntegritySha256) {
  MessageBuilder builder(Class::kRequest, Method::kBinding, kId);
  builder.add_integrity_sha256(as_bytes("key"));
  builder.add_integrity(as_bytes("key"));
  builder.add_flag(Attribute::kUseCandidate);
  builder.add_fingerprint();
  EXPECT_EQ(types_of(view(builder)),
            (std::vector{Attribute::kMessageIntegritySha256, Attribute::kFingerprint}));
}

TEST(StunMessage, NamesWhatMustBeUnderstoodAndIsNot) {
  MessageBuilder builder(Class::kRequest, Method::kBinding, kId);
  builder.add_flag(Attribute{0x7FFF});
  builder.add_flag(Attribute{0x8000});  // May be ignored.
  builder.add_flag(Attribute::kUseCandidate);
  builder.add_text(Attribute::kUsername, "known");
  builder.add_flag(Attribute{0x7FFF});
  constexpr std::array kUnderstood = {Attribute::kUsername};
  EXPECT_EQ(view(builder).unknown_attributes(kUnderstood),
            (std::vector{Attribute{0x7FFF}, Attribute::kUseCandidate}));
}

TEST(StunMessage, TakesEachTransactionIdFromItsOwnersRandomness) {
  SeededRandom random(1);
  std::set<TransactionId> ids;
  for (int i = 0; i < 100; ++i) ids.insert(make_transaction_id(random));
  EXPECT_EQ(ids.size(), 100u);
}

}  // namespace
}  // namespace parley::stun
