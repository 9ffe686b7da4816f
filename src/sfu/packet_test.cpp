#include "sfu/packet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace parley::sfu {
namespace {

const std::vector<std::uint8_t> kRtp = {0x80, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 'h', 'i'};

TEST(PacketPool, KeepsACopyOfThePacket) {
  PacketPool pool;
  std::vector<std::uint8_t> datagram = kRtp;
  const auto made = pool.make(datagram);
  ASSERT_TRUE(made);
  std::ranges::fill(datagram, std::uint8_t{0});
  EXPECT_TRUE(std::ranges::equal(made->bytes, kRtp));
  EXPECT_EQ(&*made->ref, made->packet);
}

TEST(PacketPool, TakesAPacketBackWhenNobodyHoldsIt) {
  PacketPool pool;
  PacketRef first = pool.make(kRtp)->ref;
  PacketRef second = first;
  EXPECT_EQ(pool.in_use(), 1u);
  first = {};
  EXPECT_EQ(pool.in_use(), 1u);
  PacketRef moved = std::move(second);
  EXPECT_FALSE(second);
  EXPECT_TRUE(moved);
  moved = PacketRef();
  EXPECT_EQ(pool.in_use(), 0u);
}

TEST(PacketPool, UsesMemoryAgainWithFieldsAsNew) {
  PacketPool pool;
  auto made = pool.make(kRtp);
  made->packet->timestamp = 7;
  made->packet->frame.key_frame = true;
  made->packet->payload = made->bytes;
  made.reset();
  for (int i = 0; i < 1'000; ++i) {
    const auto again = pool.make(kRtp);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->ref->timestamp, 0u);
    EXPECT_FALSE(again->ref->frame.key_frame);
    EXPECT_TRUE(again->ref->payload.empty());
  }
  EXPECT_EQ(pool.allocated(), 64u);
}

TEST(PacketPool, YieldsNothingWhenItIsFull) {
  PacketPool pool({.max_packets = 64});
  std::vector<PacketRef> held;
  for (int i = 0; i < 64; ++i) held.push_back(pool.make(kRtp)->ref);
  EXPECT_FALSE(pool.make(kRtp));
  held.pop_back();
  EXPECT_TRUE(pool.make(kRtp));
}

TEST(PacketPool, SpendsLittleOnASmallPacket) {
  PacketPool small;
  PacketPool large;
  EXPECT_TRUE(small.make(std::vector<std::uint8_t>(PacketPool::kSmall)));
  EXPECT_TRUE(large.make(std::vector<std::uint8_t>(PacketPool::kSmall + 1)));
  EXPECT_LT(small.allocated_bytes(), large.allocated_bytes() / 2);
}

TEST(PacketPool, KeepsTheTwoSizesApart) {
  PacketPool pool;
  for (int i = 0; i < 1'000; ++i) {
    const auto large = pool.make(std::vector<std::uint8_t>(Packet::kMaxSize, 1));
    const auto small = pool.make(std::vector<std::uint8_t>(10, 2));
    ASSERT_TRUE(large && small);
    EXPECT_EQ(large->bytes.back(), 1);
    EXPECT_EQ(small->bytes.back(), 2);
  }
  EXPECT_EQ(pool.allocated(), 128u);
}

TEST(PacketPool, RefusesWhatDoesNotFit) {
  PacketPool pool;
  EXPECT_FALSE(pool.make(std::vector<std::uint8_t>(Packet::kMaxSize + 1)));
  EXPECT_TRUE(pool.make(std::vector<std::uint8_t>(Packet::kMaxSize)));
}

}  // namespace
}  // namespace parley::sfu
