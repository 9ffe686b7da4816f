#include "sctp/dcep.h"

#include <gtest/gtest.h>

namespace parley::sctp::dcep {
namespace {

using namespace std::chrono_literals;

// RFC 8832, 5.1
const std::vector<std::uint8_t> kOpen = {
    0x03, 0x81, 0x02, 0x00,  // OPEN, partially reliable by count and unordered, priority 512
    0x00, 0x00, 0x00, 0x05,  // five retransmissions
    0x00, 0x02, 0x00, 0x01,  // lengths
    'h',  'i',  'p',
};

TEST(Dcep, ReadsAnOpen) {
  const auto message = parse(kOpen);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(std::get<Open>(*message).options, (ChannelOptions{.label = "hi",
                                                              .protocol = "p",
                                                              .ordered = false,
                                                              .max_retransmits = 5,
                                                              .priority = Priority::kMedium}));
}

TEST(Dcep, WritesWhatItReads) {
  EXPECT_EQ(open(std::get<Open>(*parse(kOpen)).options), kOpen);
  const ChannelOptions timed{.label = "", .max_packet_lifetime = 70'000ms};
  EXPECT_EQ(std::get<Open>(*parse(open(timed))).options, timed);
  EXPECT_TRUE(std::holds_alternative<Ack>(parse(ack()).value()));
}

TEST(Dcep, RejectsEveryTruncation) {
  for (std::size_t size = 0; size < kOpen.size(); ++size) {
    const auto message = parse(Bytes(kOpen).first(size));
    EXPECT_EQ(message.error(), size < 12 ? ParseError::kTruncated : ParseError::kBadLength) << size;
  }
}

TEST(Dcep, RejectsWhatItDoesNotKnow) {
  auto bytes = kOpen;
  bytes[0] = 0x01;
  EXPECT_EQ(parse(bytes).error(), ParseError::kUnknownType);
  bytes = kOpen;
  bytes[1] = 0x03;
  EXPECT_EQ(parse(bytes).error(), ParseError::kUnknownType);
  bytes = kOpen;
  bytes.push_back(0);
  EXPECT_EQ(parse(bytes).error(), ParseError::kBadLength);
}

TEST(Dcep, TakesAPriorityBetweenTheWordsForTheNearest) {
  const auto priority = [](std::uint16_t wire) {
    auto bytes = kOpen;
    bytes[2] = static_cast<std::uint8_t>(wire >> 8);
    bytes[3] = static_cast<std::uint8_t>(wire);
    return std::get<Open>(*parse(bytes)).options.priority;
  };
  EXPECT_EQ(priority(0), Priority::kVeryLow);
  EXPECT_EQ(priority(128), Priority::kVeryLow);
  EXPECT_EQ(priority(256), Priority::kLow);
  EXPECT_EQ(priority(512), Priority::kMedium);
  EXPECT_EQ(priority(1'024), Priority::kHigh);
  EXPECT_EQ(priority(65'535), Priority::kHigh);
}

TEST(Dcep, CutsANumberOfRetransmissionsToWhatThereIs) {
  auto bytes = kOpen;
  bytes[4] = 1;
  EXPECT_EQ(std::get<Open>(*parse(bytes)).options.max_retransmits, 65'535);
}

}  // namespace
}  // namespace parley::sctp::dcep
