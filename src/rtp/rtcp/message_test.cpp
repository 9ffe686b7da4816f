#include "rtp/rtcp/message.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace parley::rtp::rtcp {
namespace {

using namespace std::chrono_literals;
using Packet = std::vector<std::uint8_t>;
using Messages = std::vector<Message>;

constexpr Ssrc kMe{0x11111111};
constexpr Ssrc kThem{0x22222222};

constexpr ReportBlock kBlock{.ssrc = kThem,
                             .fraction_lost = 64,
                             .cumulative_lost = 1'000,
                             .highest_sequence = 0x00020003,
                             .jitter = 90,
                             .last_sr = 0xAABBCCDD,
                             .delay_since_last_sr = 65'536};

Messages one_of_each() {
  return {
      SenderReport{.sender = kMe,
                   .ntp = {0x0123456789ABCDEF},
                   .rtp_timestamp = 7,
                   .packets = 8,
                   .octets = 9,
                   .blocks = {kBlock}},
      ReceiverReport{.sender = kMe, .blocks = {kBlock, kBlock}},
      SourceDescription{.chunks = {{kMe, "ada@example"}, {kThem, ""}, {kMe, "12"}}},
      Goodbye{.ssrcs = {kMe, kThem}},
      ExtendedReport{.sender = kMe,
                     .receiver_reference_time = NtpTime{5},
                     .last_receiver_references = {{kThem, 6, 7}, {kMe, 8, 9}}},
      Nack{.sender = kMe, .media = kThem, .missing = {10, 11, 26, 27, 65'535, 0}},
      PictureLossIndication{.sender = kMe, .media = kThem},
      FullIntraRequest{.sender = kMe, .entries = {{kThem, 3}, {kMe, 255}}},
      ReceiverEstimatedMaximumBitrate{
          .sender = kMe, .bits_per_second = 2'500'000, .ssrcs = {kThem}},
      TransportFeedback{.sender = kMe,
                        .media = kThem,
                        .base_sequence = 65'535,
                        .feedback_count = 200,
                        .reference_time = -2,
                        .deltas = {1, std::nullopt, 255, 256, -1}},
  };
}

Packet write(const Messages& messages) {
  ByteWriter writer;
  for (const Message& message : messages) write_to(writer, message);
  return writer.take();
}

TEST(Rtcp, ReadsWhatItWrites) {
  for (const Message& message : one_of_each()) {
    const Packet bytes = write({message});
    EXPECT_EQ(bytes.size() % 4, 0u);
    const auto read = parse(bytes);
    ASSERT_TRUE(read.has_value()) << message.index() << ' ' << to_string(read.error());
    EXPECT_EQ(*read, Messages{message}) << message.index();
  }
}

TEST(Rtcp, ReadsACompound) {
  const Messages all = one_of_each();
  EXPECT_EQ(parse(write(all)), all);
}

// A sender report with one block and a source description, octet by octet after RFC 3550, 6.4.1.
TEST(Rtcp, HasTheLayoutOfRfc3550) {
  const Packet bytes = {
      0x81, 200,  0x00, 0x0C, 0x11, 0x11, 0x11, 0x11,  // V=2, one block; 12 words follow; sender.
      0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF,  // NTP.
      0x00, 0x00, 0x00, 0x07, 0x00, 0x00, 0x00, 0x08,  // RTP timestamp, packets.
      0x00, 0x00, 0x00, 0x09,                          // Octets.
      0x22, 0x22, 0x22, 0x22, 0x40, 0x00, 0x03, 0xE8,  // Block: SSRC, fraction, lost.
      0x00, 0x02, 0x00, 0x03, 0x00, 0x00, 0x00, 0x5A,  // Highest sequence, jitter.
      0xAA, 0xBB, 0xCC, 0xDD, 0x00, 0x01, 0x00, 0x00,  // LSR, DLSR.
      0x81, 202,  0x00, 0x03, 0x11, 0x11, 0x11, 0x11,  // SDES, one chunk.
      0x01, 0x03, 'a',  'd',  'a',  0x00, 0x00, 0x00,  // CNAME, the end, padding.
  };
  const Messages expected = {one_of_each()[0], SourceDescription{.chunks = {{kMe, "ada"}}}};
  EXPECT_EQ(parse(bytes), expected);
  EXPECT_EQ(write(expected), bytes);
}

TEST(Rtcp, CumulativeLossMayBeNegative) {
  ReportBlock block = kBlock;
  block.cumulative_lost = -3;
  const Messages report = {ReceiverReport{.sender = kMe, .blocks = {block}}};
  EXPECT_EQ(parse(write(report)), report);
  block.cumulative_lost = 0x7FFFFFFF;  // More than 24 bits hold.
  const auto read = parse(write({ReceiverReport{.sender = kMe, .blocks = {block}}}));
  EXPECT_EQ(std::get<ReceiverReport>(read->front()).blocks[0].cumulative_lost, 0x7FFFFF);
}

TEST(Rtcp, PacksMissingPacketsIntoMasks) {
  const Messages nack = {Nack{.sender = kMe, .media = kThem, .missing = {100, 101, 116, 117}}};
  const Packet bytes = write(nack);
  EXPECT_EQ(bytes.size(), 4u + 8u + 2 * 4u);  // 100 to 116 in one entry, 117 in the next.
  EXPECT_EQ(parse(bytes), nack);
}

TEST(Rtcp, KeepsTheOrderOfANackThatGoesBack) {
  const Messages nack = {Nack{.sender = kMe, .media = kThem, .missing = {5, 3, 3, 4}}};
  EXPECT_EQ(parse(write(nack)), nack);
}

TEST(Rtcp, SkipsMessagesAndFormatsItDoesNotKnow) {
  Packet bytes = write({Goodbye{.ssrcs = {kMe}}});
  const Packet app = {0x80, 204, 0x00, 0x02, 1, 2, 3, 4, 'n', 'a', 'm', 'e'};
  const Packet unknown_feedback = {0x8A, 206, 0x00, 0x02, 1, 2, 3, 4, 5, 6, 7, 8};
  const Packet other_application = {0x8F, 206, 0x00, 0x03, 1,   2,   3,   4,
                                    5,    6,   7,    8,    'O', 'T', 'H', 'R'};
  for (const Packet& more : {app, unknown_feedback, other_application}) {
    bytes.insert(bytes.end(), more.begin(), more.end());
  }
  EXPECT_EQ(parse(bytes), Messages{Goodbye{.ssrcs = {kMe}}});
}

TEST(Rtcp, TakesPaddingOffTheLastMessageOnly) {
  Packet bytes = write({Goodbye{.ssrcs = {kMe}}});
  bytes[0] |= 0x20;
  bytes[3] += 1;
  bytes.insert(bytes.end(), {0, 0, 0, 4});
  EXPECT_EQ(parse(bytes), Messages{Goodbye{.ssrcs = {kMe}}});
  Packet more = bytes;
  const Packet next = write({Goodbye{}});
  more.insert(more.end(), next.begin(), next.end());
  EXPECT_EQ(parse(more).error(), ParseError::kBadPadding);
  bytes.back() = 0;
  EXPECT_EQ(parse(bytes).error(), ParseError::kBadPadding);
  bytes.back() = 9;
  EXPECT_EQ(parse(bytes).error(), ParseError::kBadPadding);
}

TEST(Rtcp, RejectsEveryTruncation) {
  for (const Message& message : one_of_each()) {
    const Packet bytes = write({message});
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_EQ(parse(Bytes(bytes).first(size)).error(), ParseError::kTruncated)
          << message.index() << ": " << size << " bytes";
    }
  }
}

// The length field is made to fit, and the body ends early.
TEST(Rtcp, RejectsBodiesShorterThanTheirCounts) {
  for (const Message& message : one_of_each()) {
    Packet bytes = write({message});
    if (std::holds_alternative<ExtendedReport>(message) || std::holds_alternative<Nack>(message) ||
        std::holds_alternative<FullIntraRequest>(message)) {
      continue;  // They have no count: fewer entries are a message too.
    }
    bytes.resize(bytes.size() - 4);
    bytes[3] -= 1;
    EXPECT_EQ(parse(bytes).error(), ParseError::kBadMessage) << message.index();
  }
}

TEST(Rtcp, RejectsWhatIsNotRtcp) {
  Packet bytes = write({Goodbye{.ssrcs = {kMe}}});
  bytes[0] ^= 0xC0;
  EXPECT_EQ(parse(bytes).error(), ParseError::kNotRtcp);
  bytes = write({Goodbye{.ssrcs = {kMe}}});
  bytes[1] = 96;
  EXPECT_EQ(parse(bytes).error(), ParseError::kNotRtcp);
}

TEST(Rtcp, RembKeepsEighteenBitsAndNeverOverflows) {
  const auto through = [](std::uint64_t rate) {
    const auto read = parse(write({ReceiverEstimatedMaximumBitrate{.bits_per_second = rate}}));
    return std::get<ReceiverEstimatedMaximumBitrate>(read->front()).bits_per_second;
  };
  EXPECT_EQ(through(0), 0u);
  EXPECT_EQ(through(262'143), 262'143u);
  EXPECT_EQ(through(1'000'000'007), 1'000'000'007u >> 12 << 12);
  EXPECT_EQ(through(~std::uint64_t{0}), ~std::uint64_t{0} >> 46 << 46);
  Packet bytes = write({ReceiverEstimatedMaximumBitrate{.bits_per_second = 1}});
  bytes[17] = 0xFF;  // Exponent 63, mantissa beyond what is left.
  bytes[18] = 0xFF;
  const auto read = parse(bytes);
  EXPECT_EQ(std::get<ReceiverEstimatedMaximumBitrate>(read->front()).bits_per_second,
            std::uint64_t{0x3FFFF} << 46);  // The highest that can be told.
}

TEST(Rtcp, NeverMakesMoreThanItReadsOfRandomBytes) {
  std::mt19937 random{1};
  const Packet whole = write(one_of_each());
  for (int run = 0; run < 20'000; ++run) {
    Packet bytes = whole;
    for (int i = 0; i < 4; ++i)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    const auto read = parse(bytes);
    if (read) {
      EXPECT_LE(read->size(), bytes.size() / 4);
    }
  }
}

}  // namespace
}  // namespace parley::rtp::rtcp
