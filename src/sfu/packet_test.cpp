#include "sfu/packet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>
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
  PacketPool pool({.max_packets = 128});
  std::vector<PacketRef> held;
  for (int i = 0; i < 60; ++i) held.push_back(pool.make(kRtp)->ref);
  EXPECT_FALSE(pool.make(kRtp));
  held.pop_back();
  EXPECT_TRUE(pool.make(kRtp));
}

TEST(PacketPool, KeepsSomeForSound) {
  PacketPool pool({.max_packets = 128});
  std::vector<PacketRef> held;
  while (auto made = pool.make(kRtp)) held.push_back(made->ref);
  for (int i = 0; i < 4; ++i) {
    const auto sound = pool.make(kRtp, PacketPool::Use::kSound);
    ASSERT_TRUE(sound);
    held.push_back(sound->ref);
  }
  EXPECT_FALSE(pool.make(kRtp, PacketPool::Use::kSound));
}

TEST(PacketPool, IsNotFullOfOneSizeForTheOther) {
  PacketPool pool({.max_packets = 128});
  std::vector<PacketRef> held;
  while (auto made = pool.make(kRtp)) held.push_back(made->ref);
  EXPECT_TRUE(pool.make(std::vector<std::uint8_t>(PacketPool::kSmall + 1)));
}

// One who holds what it is given, the oldest first.
class Holder : public PacketHolder {
 public:
  void take(PacketRef packet) {
    note_taken(*packet);
    held.push_back(std::move(packet));
  }

  std::deque<PacketRef> held;

 private:
  void give_up_oldest() override {
    note_dropped(*held.front());
    held.pop_front();
  }
};

TEST(PacketPool, WhoHoldsMostMakesRoomForOthers) {
  PacketPool pool({.max_packets = 128});
  Holder many;
  Holder few;
  for (int i = 0; i < 5; ++i) few.take(pool.make(kRtp)->ref);
  for (int i = 0; i < 1'000; ++i) many.take(pool.make(kRtp)->ref);
  EXPECT_EQ(few.held.size(), 5u);
  EXPECT_EQ(many.held.size(), 55u);
  EXPECT_EQ(pool.given_up(), 945u);
  for (int i = 0; i < 1'000; ++i) few.take(pool.make(kRtp)->ref);
  EXPECT_EQ(few.held.size() + many.held.size(), 60u);
  EXPECT_GE(many.held.size(), 15u);  // Half of what an even share is.
  EXPECT_GE(few.held.size(), 15u);
}

TEST(PacketPool, AHolderMayGoAtAnyTime) {
  PacketPool pool({.max_packets = 128});
  std::vector<std::unique_ptr<Holder>> holders;
  for (int round = 0; round < 500; ++round) {
    if (holders.size() < 7) holders.push_back(std::make_unique<Holder>());
    const auto chosen = static_cast<std::size_t>(round * 7 % 5) % holders.size();
    for (int i = 0; i < round % 11; ++i) holders[chosen]->take(pool.make(kRtp)->ref);
    if (round % 6 == 5) holders.erase(holders.begin() + round % 3);
    EXPECT_LE(pool.in_use(), 60u);
  }
  holders.clear();
  EXPECT_TRUE(pool.make(kRtp));
  EXPECT_EQ(pool.in_use(), 0u);
}

// What is still on its way to somebody does not come back at once.
TEST(PacketPool, YieldsNothingWhileOthersHoldWhatIsGivenUp) {
  PacketPool pool({.max_packets = 128});
  Holder holder;
  std::vector<PacketRef> on_their_way;
  while (holder.held.size() < 60) {
    on_their_way.push_back(pool.make(kRtp)->ref);
    holder.take(on_their_way.back());
  }
  EXPECT_FALSE(pool.make(kRtp));
  EXPECT_TRUE(holder.held.empty());
  on_their_way.clear();
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
