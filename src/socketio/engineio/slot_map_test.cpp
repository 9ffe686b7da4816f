#include "socketio/engineio/slot_map.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <string>

#include "base/strong_id.h"
#include "socketio/engineio/fifo.h"

namespace parley::engineio {
namespace {

using Id = StrongId<struct TestTag>;

TEST(SlotMap, FindsWhatWasInserted) {
  SlotMap<Id, std::string> map;
  const Id a = map.insert("a");
  const Id b = map.insert("b");
  EXPECT_EQ(*map.find(a), "a");
  EXPECT_EQ(*map.find(b), "b");
  EXPECT_EQ(map.size(), 2u);
}

TEST(SlotMap, GivesNoIdThatIsZero) {
  SlotMap<Id, int> map;
  EXPECT_TRUE(map.insert(1));
  EXPECT_EQ(map.find(Id{}), nullptr);
}

TEST(SlotMap, DoesNotFindWhatWasTakenEvenWhenThePlaceIsTakenAgain) {
  SlotMap<Id, std::unique_ptr<int>> map;
  const Id first = map.insert(std::make_unique<int>(1));
  EXPECT_EQ(*map.take(first), 1);
  EXPECT_EQ(map.find(first), nullptr);
  const Id second = map.insert(std::make_unique<int>(2));
  EXPECT_NE(first, second);
  EXPECT_EQ(map.find(first), nullptr);
  EXPECT_EQ(**map.find(second), 2);
  EXPECT_EQ(map.size(), 1u);
}

TEST(SlotMap, DoesNotFindIdsThatItNeverGave) {
  SlotMap<Id, int> map;
  const Id id = map.insert(1);
  EXPECT_EQ(map.find(Id{id.value + 1}), nullptr);
  EXPECT_EQ(map.find(Id{id.value + (std::uint64_t{1} << 32)}), nullptr);
}

TEST(SlotMap, AgreesWithAMapOverALongLife) {
  std::mt19937 random{1};
  SlotMap<Id, int> slots;
  std::map<Id, int> model;
  for (int i = 0; i < 20'000; ++i) {
    if (model.empty() || random() % 2 == 0) {
      model.emplace(slots.insert(i), i);
    } else {
      const auto it = std::next(model.begin(), static_cast<int>(random() % model.size()));
      EXPECT_EQ(slots.take(it->first), it->second);
      model.erase(it);
    }
    ASSERT_EQ(slots.size(), model.size());
  }
  for (const auto& [id, value] : model) EXPECT_EQ(*slots.find(id), value);
}

TEST(Fifo, GivesBackInOrder) {
  Fifo<int> fifo;
  EXPECT_TRUE(fifo.empty());
  fifo.push(1);
  fifo.push(2);
  EXPECT_EQ(fifo.pop(), 1);
  fifo.push(3);
  EXPECT_EQ(fifo.size(), 2u);
  EXPECT_EQ(fifo.pop(), 2);
  EXPECT_EQ(fifo.pop(), 3);
  EXPECT_EQ(fifo.pop(), std::nullopt);
  fifo.push(4);
  EXPECT_EQ(fifo.pop(), 4);
}

TEST(Fifo, BearsBurstsOfAnySize) {
  Fifo<int> fifo;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 50'000; ++i) fifo.push(i);
    for (int i = 0; i < 50'000; ++i) ASSERT_EQ(fifo.pop(), i);
    EXPECT_EQ(fifo.pop(), std::nullopt);
  }
}

}  // namespace
}  // namespace parley::engineio
