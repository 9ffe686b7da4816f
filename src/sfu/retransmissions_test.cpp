#include "sfu/retransmissions.h"

#include <gtest/gtest.h>

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr DataSize kPacket = DataSize::bytes(1'000);

Retransmissions make(DataRate rate = DataRate::mbps(100), Retransmissions::Config config = {}) {
  Retransmissions retransmissions(config);
  retransmissions.set_rate(kStart, rate);
  retransmissions.set_round_trip_time(50ms);
  return retransmissions;
}

TEST(Retransmissions, SendsAPacketAgainOnceARoundTrip) {
  auto retransmissions = make();
  EXPECT_TRUE(retransmissions.allow(kStart, 0, 7, kPacket));
  EXPECT_FALSE(retransmissions.allow(kStart + 49ms, 0, 7, kPacket));
  EXPECT_TRUE(retransmissions.allow(kStart + 50ms, 0, 7, kPacket));
}

TEST(Retransmissions, WaitsALittleHoweverShortTheRoundTrip) {
  auto retransmissions = make();
  retransmissions.set_round_trip_time(1ms);
  EXPECT_TRUE(retransmissions.allow(kStart, 0, 7, kPacket));
  EXPECT_FALSE(retransmissions.allow(kStart + 19ms, 0, 7, kPacket));
  EXPECT_TRUE(retransmissions.allow(kStart + 20ms, 0, 7, kPacket));
}

TEST(Retransmissions, TakesTheSameNumberOfAnotherSlotForAnotherPacket) {
  auto retransmissions = make();
  for (std::size_t slot = 0; slot < 20; ++slot) {
    EXPECT_TRUE(retransmissions.allow(kStart, slot, 7, kPacket)) << slot;
  }
}

TEST(Retransmissions, GivesUpOnAPacketThatNeverArrives) {
  auto retransmissions = make(DataRate::mbps(100), {.max_resends = 3});
  int sent = 0;
  for (int i = 0; i < 10; ++i) sent += retransmissions.allow(kStart + i * 60ms, 0, 7, kPacket);
  EXPECT_EQ(sent, 3);
}

TEST(Retransmissions, TakesANumberThatComesAgainForAnotherPacket) {
  auto retransmissions = make(DataRate::mbps(100), {.max_resends = 1});
  EXPECT_TRUE(retransmissions.allow(kStart, 0, 7, kPacket));
  EXPECT_FALSE(retransmissions.allow(kStart + 4s, 0, 7, kPacket));
  EXPECT_TRUE(retransmissions.allow(kStart + 5s, 0, 7, kPacket));
}

// One that asks for everything gets half of what its path carries.
TEST(Retransmissions, KeepsToItsShareOfTheRate) {
  auto retransmissions = make(DataRate::mbps(1));
  std::int64_t bytes = 0;
  std::uint16_t sequence_number = 0;
  for (Time now = kStart; now < kStart + 20s; now += 1ms) {
    for (int i = 0; i < 5; ++i) {
      if (retransmissions.allow(now, 0, sequence_number++, kPacket)) bytes += kPacket.in_bytes();
    }
  }
  const double kbps = static_cast<double>(bytes) * 8 / 1e3 / 20;
  EXPECT_GT(kbps, 450);
  EXPECT_LT(kbps, 550);
}

TEST(Retransmissions, RepairsABurstOfLossesAtOnce) {
  auto retransmissions = make(DataRate::mbps(1));
  int sent = 0;
  for (std::uint16_t i = 0; i < 25; ++i) sent += retransmissions.allow(kStart, 0, i, kPacket);
  EXPECT_EQ(sent, 25);
}

TEST(Retransmissions, SendsNothingBeforeThereIsARate) {
  Retransmissions retransmissions;
  EXPECT_FALSE(retransmissions.allow(kStart, 0, 7, kPacket));
}

}  // namespace
}  // namespace parley::sfu
