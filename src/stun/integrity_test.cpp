#include "stun/integrity.h"

#include <gtest/gtest.h>

#include "crypto/crc32.h"
#include "stun/message_builder.h"
#include "stun/test_vectors.h"

namespace parley::stun {
namespace {

constexpr TransactionId kId = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

MessageView parse(const vectors::Message& message) {
  return MessageView::parse(message).value();
}

TEST(StunIntegrity, VerifiesTheShortTermVectorsOfRfc5769) {
  for (const auto* vector :
       {&vectors::kRequest, &vectors::kIpv4Response, &vectors::kIpv6Response}) {
    EXPECT_EQ(check_integrity(parse(*vector), as_bytes(vectors::kPassword)), Check::kValid);
    EXPECT_EQ(check_integrity(parse(*vector), as_bytes("another")), Check::kInvalid);
    EXPECT_EQ(check_fingerprint(parse(*vector)), Check::kValid);
  }
}

TEST(StunIntegrity, VerifiesTheLongTermVectorOfRfc5769) {
  const auto key = long_term_key_md5(vectors::kLongTermUsername, vectors::kLongTermRealm,
                                     vectors::kLongTermPassword);
  EXPECT_EQ(check_integrity(parse(vectors::kLongTermRequest), key), Check::kValid);
  EXPECT_EQ(check_fingerprint(parse(vectors::kLongTermRequest)), Check::kAbsent);
}

TEST(StunIntegrity, VerifiesTheSha256VectorOfRfc8489) {
  const auto message = parse(vectors::kLongTermSha256Request);
  const auto key = long_term_key_sha256(vectors::kLongTermUsername, vectors::kLongTermRealm,
                                        vectors::kLongTermPassword);
  EXPECT_EQ(check_integrity_sha256(message, key), Check::kValid);
  EXPECT_EQ(check_integrity(message, key), Check::kAbsent);
  EXPECT_EQ(as_text(message.find(Attribute::kUserhash).value()),
            as_text(userhash(vectors::kLongTermUsername, vectors::kLongTermRealm)));
}

TEST(StunIntegrity, NoticesEveryChangedBit) {
  for (std::size_t i = 0; i < vectors::kRequest.size() - 8; ++i) {
    auto changed = vectors::kRequest;
    changed[i] ^= 0x01;
    const auto message = MessageView::parse(changed);
    if (!message) continue;
    EXPECT_NE(check_integrity(*message, as_bytes(vectors::kPassword)), Check::kValid) << i;
    EXPECT_NE(check_fingerprint(*message), Check::kValid) << i;
  }
}

TEST(StunIntegrity, IsAbsentWhereTheMessageHasNone) {
  const MessageBuilder builder(Class::kRequest, Method::kBinding, kId);
  const auto message = MessageView::parse(builder.view()).value();
  EXPECT_EQ(check_integrity(message, as_bytes("key")), Check::kAbsent);
  EXPECT_EQ(check_integrity_sha256(message, as_bytes("key")), Check::kAbsent);
  EXPECT_EQ(check_fingerprint(message), Check::kAbsent);
}

TEST(StunIntegrity, VerifiesBothHashesOfOneMessage) {
  MessageBuilder builder(Class::kRequest, Method::kBinding, kId);
  builder.add_text(Attribute::kUsername, "user");
  builder.add_integrity(as_bytes("key"));
  builder.add_integrity_sha256(as_bytes("key"));
  builder.add_fingerprint();
  const auto message = MessageView::parse(builder.view()).value();
  EXPECT_EQ(check_integrity(message, as_bytes("key")), Check::kValid);
  EXPECT_EQ(check_integrity_sha256(message, as_bytes("key")), Check::kValid);
  EXPECT_EQ(check_fingerprint(message), Check::kValid);
}

TEST(StunIntegrity, RefusesASha1HashOfAnotherSize) {
  MessageBuilder builder(Class::kRequest, Method::kBinding, kId);
  builder.add(Attribute::kMessageIntegrity, {});
  EXPECT_EQ(check_integrity(MessageView::parse(builder.view()).value(), as_bytes("key")),
            Check::kInvalid);
}

// What a sender that truncates the hash to `size` bytes puts on the wire.
std::vector<std::uint8_t> truncated_to(std::size_t size) {
  MessageBuilder builder(Class::kRequest, Method::kBinding, kId);
  builder.add_text(Attribute::kUsername, "user");
  const std::size_t offset = builder.size();
  builder.add(Attribute::kMessageIntegritySha256, std::vector<std::uint8_t>(size));
  auto message = builder.take();
  auto covered = message;
  covered.resize(offset);
  covered[3] = static_cast<std::uint8_t>(offset - kHeaderSize + 4 + size);
  const auto digest = crypto::hmac_sha256(as_bytes("key"), covered);
  std::copy_n(digest.begin(), std::min(size, digest.size()),
              message.begin() + static_cast<std::ptrdiff_t>(offset) + 4);
  return message;
}

// RFC 8489, 14.6: from 16 to 32 bytes, in steps of four.
TEST(StunIntegrity, TakesASha256HashTruncatedToNoLessThanSixteenBytes) {
  for (std::size_t size = 0; size <= 40; ++size) {
    const auto message = truncated_to(size);
    const bool fits = size >= 16 && size <= 32 && size % 4 == 0;
    EXPECT_EQ(check_integrity_sha256(parse(message), as_bytes("key")),
              fits ? Check::kValid : Check::kInvalid)
        << size;
  }
}

// Even one that was computed with what follows in mind.
TEST(StunIntegrity, RefusesAFingerprintThatIsNotTheLast) {
  MessageBuilder builder(Class::kRequest, Method::kBinding, kId);
  builder.add_u32(Attribute::kFingerprint, 0);
  builder.add_text(Attribute::kSoftware, "later");
  auto message = builder.take();
  std::uint32_t crc = crypto::crc32(Bytes(message).first(kHeaderSize)) ^ kFingerprintMask;
  for (std::size_t i = 4; i > 0; --i, crc >>= 8) {
    message[kHeaderSize + 3 + i] = static_cast<std::uint8_t>(crc);
  }
  EXPECT_EQ(check_fingerprint(parse(message)), Check::kInvalid);
}

TEST(StunIntegrity, RefusesAFingerprintOfAnotherSize) {
  MessageBuilder builder(Class::kRequest, Method::kBinding, kId);
  builder.add_u64(Attribute::kFingerprint, 0);
  EXPECT_EQ(check_fingerprint(MessageView::parse(builder.view()).value()), Check::kInvalid);
}

}  // namespace
}  // namespace parley::stun
