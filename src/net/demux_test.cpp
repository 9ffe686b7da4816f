#include "net/demux.h"

#include <gtest/gtest.h>

#include <array>

namespace parley::net {
namespace {

Protocol protocol_of_byte(int first) {
  const std::array<std::uint8_t, 2> datagram = {static_cast<std::uint8_t>(first), 0};
  return protocol_of(datagram);
}

// RFC 7983, figure 3, each range to its last byte.
TEST(Demux, ObeysTheTableOfRfc7983) {
  struct Range {
    int first, last;
    Protocol protocol;
  };
  constexpr std::array kTable = {
      Range{0, 3, Protocol::kStun},          Range{4, 15, Protocol::kUnknown},
      Range{16, 19, Protocol::kZrtp},        Range{20, 63, Protocol::kDtls},
      Range{64, 79, Protocol::kTurnChannel}, Range{80, 127, Protocol::kUnknown},
      Range{128, 191, Protocol::kRtp},       Range{192, 255, Protocol::kUnknown},
  };
  int next = 0;
  for (const Range& range : kTable) {
    EXPECT_EQ(range.first, next);
    for (; next <= range.last; ++next) {
      EXPECT_EQ(protocol_of_byte(next), range.protocol) << next;
    }
  }
  EXPECT_EQ(next, 256);
}

TEST(Demux, TellsRtcpFromRtpByItsPacketType) {
  for (int type = 0; type < 256; ++type) {
    const std::array<std::uint8_t, 2> datagram = {0x80, static_cast<std::uint8_t>(type)};
    const bool is_rtcp = type >= 192 && type <= 223;
    EXPECT_EQ(protocol_of(datagram), is_rtcp ? Protocol::kRtcp : Protocol::kRtp) << type;
  }
}

TEST(Demux, KnowsNothingOfAnEmptyDatagram) {
  EXPECT_EQ(protocol_of({}), Protocol::kUnknown);
}

TEST(Demux, NeedsNoSecondByte) {
  const std::array<std::uint8_t, 1> datagram = {0x80};
  EXPECT_EQ(protocol_of(datagram), Protocol::kRtp);
}

TEST(Demux, NamesEachProtocol) {
  EXPECT_EQ(to_string(Protocol::kStun), "STUN");
  EXPECT_EQ(to_string(protocol_of({})), "unknown");
}

}  // namespace
}  // namespace parley::net
