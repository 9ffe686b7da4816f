#include "sfu/departures.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace parley::sfu {
namespace {

Departure packet(std::uint16_t slot, std::uint16_t sequence_number) {
  return {.packet = {.sequence_number = sequence_number}, .slot = slot};
}

std::vector<std::uint16_t> take_all(Departures& departures) {
  std::vector<std::uint16_t> numbers;
  for (; !departures.empty(); departures.pop()) {
    numbers.push_back(departures.front().packet.sequence_number);
  }
  return numbers;
}

TEST(Departures, KeepsTheOrderOfASlot) {
  Departures departures(1);
  for (std::uint16_t i = 0; i < 5; ++i) departures.add(packet(0, i));
  EXPECT_EQ(departures.size(), 5u);
  EXPECT_EQ(take_all(departures), (std::vector<std::uint16_t>{0, 1, 2, 3, 4}));
  EXPECT_TRUE(departures.empty());
}

TEST(Departures, PutsThePacketsOfASlotTogether) {
  Departures departures(3);
  for (std::uint16_t i = 0; i < 3; ++i) {
    departures.add(packet(2, static_cast<std::uint16_t>(20 + i)));
    departures.add(packet(0, i));
  }
  departures.add(packet(1, 10));
  EXPECT_EQ(take_all(departures), (std::vector<std::uint16_t>{20, 21, 22, 0, 1, 2, 10}));
}

TEST(Departures, GoesOnWhereItStoppedWithWhatCameMeanwhile) {
  Departures departures(2);
  departures.add(packet(0, 1));
  departures.add(packet(0, 2));
  departures.add(packet(1, 11));
  departures.pop();
  departures.add(packet(0, 3));
  EXPECT_EQ(take_all(departures), (std::vector<std::uint16_t>{2, 3, 11}));
  departures.add(packet(1, 12));
  EXPECT_EQ(take_all(departures), (std::vector<std::uint16_t>{12}));
}

TEST(Departures, TakesASlotAgainThatWasThroughBefore) {
  Departures departures(2);
  departures.add(packet(0, 1));
  departures.add(packet(1, 11));
  departures.pop();
  departures.add(packet(0, 2));
  EXPECT_EQ(take_all(departures), (std::vector<std::uint16_t>{11, 2}));
}

TEST(Departures, HoldsNoPacketThatHasLeft) {
  PacketPool pool;
  const std::vector<std::uint8_t> rtp(20);
  Departures departures(1);
  departures.add({.packet = {.packet = pool.make(rtp)->ref}});
  departures.add({.packet = {.packet = pool.make(rtp)->ref}});
  departures.pop();
  EXPECT_EQ(pool.in_use(), 1u);
  departures.pop();
  EXPECT_EQ(pool.in_use(), 0u);
}

TEST(Departures, LosesNothing) {
  std::mt19937 random{1};
  Departures departures(4);
  std::vector<int> next(4, 0), taken(4, 0);  // By slot.
  for (int i = 0; i < 20'000; ++i) {
    if (random() % 2 == 0 || departures.empty()) {
      const auto slot = static_cast<std::uint16_t>(random() % 4);
      departures.add(packet(slot, static_cast<std::uint16_t>(next[slot]++)));
    } else {
      const Departure& front = departures.front();
      ASSERT_EQ(front.packet.sequence_number, static_cast<std::uint16_t>(taken[front.slot]++));
      departures.pop();
    }
  }
  for (; !departures.empty(); departures.pop()) ++taken[departures.front().slot];
  EXPECT_EQ(taken, next);
}

}  // namespace
}  // namespace parley::sfu
