#include "dtls/record_layer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace parley::dtls {
namespace {

using Datagram = std::vector<std::uint8_t>;

constexpr AeadCipher kCiphers[] = {AeadCipher::kAes128Gcm, AeadCipher::kAes256Gcm,
                                   AeadCipher::kChaCha20Poly1305};

RecordKey key(std::uint8_t seed) {
  RecordKey key;
  key.key.fill(seed);
  key.iv.fill(static_cast<std::uint8_t>(seed + 1));
  return key;
}

// Both ends of a connection.
struct Ends {
  explicit Ends(AeadCipher cipher = AeadCipher::kAes128Gcm)
      : ada({.cipher = cipher, .ours = key(1), .theirs = key(3), .next_sequence_number = 1}),
        bob({.cipher = cipher, .ours = key(3), .theirs = key(1), .next_sequence_number = 1}) {}

  RecordLayer ada;
  RecordLayer bob;
};

Record only_record(const Datagram& datagram) {
  Bytes rest = datagram;
  const auto record = take_record(rest);
  EXPECT_TRUE(record.has_value() && rest.empty());
  return record.value_or(Record());
}

bool opens(RecordLayer& layer, const Datagram& datagram) {
  return layer.open(only_record(datagram)).has_value();
}

TEST(RecordLayer, CarriesWhatIsSealed) {
  for (const AeadCipher cipher : kCiphers) {
    SCOPED_TRACE(static_cast<int>(cipher));
    Ends ends(cipher);
    for (const std::size_t size : {0u, 1u, 1'000u, 1u << 14}) {
      const Datagram content(size, 7);
      const Datagram sealed = ends.ada.seal(ContentType::kApplicationData, content);
      const Record record = only_record(sealed);
      EXPECT_EQ(record.type, ContentType::kApplicationData);
      EXPECT_EQ(record.epoch, 1);
      EXPECT_EQ(ends.bob.open(record), content);
    }
  }
}

TEST(RecordLayer, OpensEachRecordOnceInAnyOrder) {
  Ends ends;
  std::vector<Datagram> sealed;
  for (int i = 0; i < 300; ++i) sealed.push_back(ends.ada.seal(ContentType::kApplicationData, {}));
  for (const std::size_t i : {10u, 63u, 0u, 64u, 20u, 127u}) {
    EXPECT_TRUE(opens(ends.bob, sealed[i])) << i;
    EXPECT_FALSE(opens(ends.bob, sealed[i])) << i;
  }
  EXPECT_TRUE(opens(ends.bob, sealed[65]));   // 62 behind the latest.
  EXPECT_FALSE(opens(ends.bob, sealed[63]));  // 64 behind: it might have come.
  EXPECT_FALSE(opens(ends.bob, sealed[1]));
  EXPECT_TRUE(opens(ends.bob, sealed[299]));  // Far ahead: all before is forgotten.
  EXPECT_FALSE(opens(ends.bob, sealed[128]));
  EXPECT_TRUE(opens(ends.bob, sealed[298]));
  EXPECT_FALSE(opens(ends.bob, sealed[299]));
  EXPECT_FALSE(opens(ends.bob, sealed[298]));
}

TEST(RecordLayer, OpensNothingThatWasForged) {
  for (const AeadCipher cipher : kCiphers) {
    SCOPED_TRACE(static_cast<int>(cipher));
    Ends ends(cipher);
    const Datagram sealed = ends.ada.seal(ContentType::kApplicationData, as_bytes("a secret"));
    for (std::size_t i = 0; i < sealed.size() * 8; ++i) {
      Datagram forged = sealed;
      forged[i / 8] ^= static_cast<std::uint8_t>(1 << i % 8);
      Bytes rest = forged;
      if (const auto record = take_record(rest)) {
        EXPECT_FALSE(ends.bob.open(*record)) << i;
      }
    }
    EXPECT_FALSE(opens(ends.ada, sealed));  // Nor what it sent itself.
    EXPECT_TRUE(opens(ends.bob, sealed));
  }
}

TEST(RecordLayer, OpensNothingThatIsTooShortOrTooLong) {
  Ends ends;
  for (const std::size_t size : {0u, 8u, 23u, (1u << 14) + 25}) {
    const Datagram body(size);
    EXPECT_FALSE(ends.bob.open({.type = ContentType::kApplicationData,
                                .version = kDtls12,
                                .epoch = 1,
                                .sequence_number = 1,
                                .body = body}));
  }
}

// A nonce that comes twice under one key gives both contents away, and the key with them.
TEST(RecordLayer, GoesOnWithTheNumbersOfTheHandshake) {
  RecordLayer layer({.cipher = AeadCipher::kAes128Gcm,
                     .ours = key(1),
                     .theirs = key(3),
                     .next_sequence_number = 5,
                     .next_explicit_nonce = ~std::uint64_t{0}});
  std::set<std::uint64_t> nonces;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Datagram sealed = layer.seal(ContentType::kAlert, as_bytes("xy"));
    const Record record = only_record(sealed);
    EXPECT_EQ(record.sequence_number, 5 + i);
    EXPECT_TRUE(nonces.insert(ByteReader(record.body).u64()).second);
  }
  EXPECT_TRUE(nonces.contains(~std::uint64_t{0}));
  EXPECT_TRUE(nonces.contains(0));
}

TEST(RecordLayer, RepeatsTheLastFlightUnderNewNumbers) {
  for (const AeadCipher cipher : kCiphers) {
    SCOPED_TRACE(static_cast<int>(cipher));
    Ends ends(cipher);
    RecordState state{.cipher = cipher,
                      .ours = key(1),
                      .theirs = key(3),
                      .next_sequence_number = 9,
                      .next_plain_sequence_number = 6,
                      .next_explicit_nonce = 700};
    state.finished = ends.ada.seal(ContentType::kHandshake, as_bytes("finished"));
    RecordLayer layer(state);
    for (std::uint64_t round = 0; round < 3; ++round) {
      const Datagram flight = layer.seal_last_flight();
      Bytes rest = flight;
      const auto change = take_record(rest);
      const auto finished = take_record(rest);
      ASSERT_TRUE(change && finished && rest.empty());
      EXPECT_EQ(change->type, ContentType::kChangeCipherSpec);
      EXPECT_EQ(change->epoch, 0);
      EXPECT_EQ(change->sequence_number, 6 + round);
      EXPECT_TRUE(std::ranges::equal(change->body, Datagram{1}));
      EXPECT_EQ(finished->type, ContentType::kHandshake);
      EXPECT_EQ(finished->sequence_number, 9 + round);
      const auto message = ends.bob.open(*finished);
      ASSERT_TRUE(message.has_value());
      EXPECT_EQ(as_text(*message), "finished");
    }
  }
}

TEST(TakeRecord, TakesWholeOnesAlone) {
  Ends ends;
  Datagram two = ends.ada.seal(ContentType::kApplicationData, as_bytes("one"));
  const std::size_t first = two.size();
  const Datagram second = ends.ada.seal(ContentType::kAlert, as_bytes("two"));
  two.insert(two.end(), second.begin(), second.end());
  for (std::size_t size = 0; size <= two.size(); ++size) {
    Bytes rest = Bytes(two).first(size);
    std::size_t records = 0;
    while (take_record(rest)) ++records;
    EXPECT_EQ(records, size < first ? 0u : size < two.size() ? 1u : 2u);
  }
}

}  // namespace
}  // namespace parley::dtls
