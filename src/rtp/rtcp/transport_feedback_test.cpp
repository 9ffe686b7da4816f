#include "rtp/rtcp/transport_feedback.h"

#include <gtest/gtest.h>

#include <random>

namespace parley::rtp::rtcp {
namespace {

using Deltas = std::vector<std::optional<std::int16_t>>;
using Body = std::vector<std::uint8_t>;

Body write(const TransportFeedback& feedback) {
  ByteWriter writer;
  write_transport_feedback(writer, feedback);
  return writer.take();
}

TransportFeedback of(Deltas deltas) {
  return {.base_sequence = 1, .reference_time = 5, .deltas = std::move(deltas)};
}

constexpr std::size_t kFixed = 8;

TEST(TransportFeedback, TellsARunInOneChunk) {
  const TransportFeedback feedback = of(Deltas(1'000, std::int16_t{4}));
  const Body body = write(feedback);
  EXPECT_EQ(body.size(), (kFixed + 2 + 1'000 + 3) / 4 * 4);
  EXPECT_EQ(parse_transport_feedback(body), feedback);
}

TEST(TransportFeedback, TellsFourteenPacketsInAOneBitChunk) {
  Deltas deltas;
  for (int i = 0; i < 14; ++i)
    deltas.push_back(i % 2 ? std::nullopt : std::optional<std::int16_t>(1));
  const Body body = write(of(deltas));
  EXPECT_EQ(body[kFixed], 0x80 | 0b10'1010);
  EXPECT_EQ(body[kFixed + 1], 0b1010'1010);
  EXPECT_EQ(body.size(), (kFixed + 2 + 7 + 3) / 4 * 4);
  EXPECT_EQ(parse_transport_feedback(body), of(deltas));
}

TEST(TransportFeedback, TellsLargeAndNegativeDeltasInTwoBits) {
  const Deltas deltas = {0, 256, -1, std::nullopt, 32'767, -32'768, 255};
  const Body body = write(of(deltas));
  EXPECT_EQ(body[kFixed] & 0xC0, 0xC0);
  EXPECT_EQ(parse_transport_feedback(body), of(deltas));
}

TEST(TransportFeedback, KeepsTheSignOfTheReferenceTime) {
  TransportFeedback feedback = of({1});
  feedback.reference_time = -0x800000;
  EXPECT_EQ(parse_transport_feedback(write(feedback)), feedback);
  feedback.reference_time = 0x7FFFFF;
  EXPECT_EQ(parse_transport_feedback(write(feedback)), feedback);
}

TEST(TransportFeedback, ReadsAnyMixThatItWrites) {
  std::mt19937 random{1};
  for (int run = 0; run < 2'000; ++run) {
    Deltas deltas(1 + random() % 300);
    std::uint_fast32_t kind = 0;
    for (auto& delta : deltas) {
      if (random() % 5 == 0) kind = random() % 3;  // Runs of some length.
      if (kind == 1) delta = static_cast<std::int16_t>(random() % 256);
      if (kind == 2) delta = static_cast<std::int16_t>(random());
    }
    const TransportFeedback feedback = of(deltas);
    ASSERT_EQ(parse_transport_feedback(write(feedback)), feedback) << "run " << run;
  }
}

TEST(TransportFeedback, RefusesWhatDoesNotAddUp) {
  const Body good = write(of({0, 256, -1, std::nullopt, 3}));
  EXPECT_TRUE(parse_transport_feedback(good).has_value());
  Body none = good;
  none[2] = none[3] = 0;  // No packet at all.
  EXPECT_FALSE(parse_transport_feedback(none).has_value());
  Body many = good;
  many[2] = 0xFF;  // More packets than chunks.
  EXPECT_FALSE(parse_transport_feedback(many).has_value());
  Body reserved = good;
  reserved[kFixed] = 0x60;  // A run of the reserved symbol.
  reserved[kFixed + 1] = 5;
  EXPECT_FALSE(parse_transport_feedback(reserved).has_value());
  Body empty_run = good;
  empty_run[kFixed] = 0x20;
  empty_run[kFixed + 1] = 0;
  EXPECT_FALSE(parse_transport_feedback(empty_run).has_value());
}

TEST(TransportFeedback, NeverMakesMoreThanACountOfSixteenBits) {
  Body body = {0, 1, 0xFF, 0xFF, 0, 0, 0, 0};
  for (int i = 0; i < 9; ++i) body.insert(body.end(), {0x1F, 0xFF});  // Nine runs of 8,191 lost.
  const auto feedback = parse_transport_feedback(body);
  ASSERT_TRUE(feedback.has_value());
  EXPECT_EQ(feedback->deltas.size(), 0xFFFFu);
}

}  // namespace
}  // namespace parley::rtp::rtcp
