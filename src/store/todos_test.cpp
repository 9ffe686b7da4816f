#include <vector>

#include "store/test_store.h"

namespace parley::store {
namespace {

class TodosTest : public StoreTest {
 protected:
  void put(std::string id, std::string position, bool removed = false, int made = 0) {
    ASSERT_TRUE(store_->todos().put(
        room_, {.id = id, .position = position, .at = at(made), .removed = removed}));
  }
  std::vector<std::string> ids() {
    std::vector<std::string> ids;
    const auto all = store_->todos().list(room_);
    for (const TodoItem& item : *all) ids.push_back(item.id);
    return ids;
  }

  RoomId room_ = add_room(*store_, "garden");
};
PARLEY_TEST_EVERY_STORE(TodosTest);

using Ids = std::vector<std::string>;

TEST_P(TodosTest, KeepsAnItemWithTheTimeOfEachField) {
  TodoItem item{.id = "item-0001",
                .text = "water the plants",
                .done = true,
                .assignee = "Ada",
                .position = "a0",
                .by = "Bob",
                .at = at(1),
                .changed = {.text = at(2), .done = at(3), .assignee = at(4), .position = at(5)}};
  ASSERT_TRUE(store_->todos().put(room_, item));
  EXPECT_EQ(store_->todos().find(room_, "item-0001").value(), item);
  EXPECT_EQ(store_->todos().list(room_).value(), std::vector{item});
  item.assignee = std::nullopt;
  item.changed.assignee = at(6);
  ASSERT_TRUE(store_->todos().put(room_, item));
  EXPECT_EQ(store_->todos().list(room_).value(), std::vector{item});
  EXPECT_EQ(store_->todos().find(room_, "item-0002").value(), std::nullopt);
}

TEST_P(TodosTest, ListsByPositionByteByByte) {
  put("1", "b");
  put("2", "aV");
  put("3", "B");
  put("4", "a");
  EXPECT_EQ(ids(), (Ids{"3", "4", "2", "1"}));
}

TEST_P(TodosTest, WhatIsRemovedIsFoundButNotListed) {
  put("1", "a");
  put("1", "a", true);
  EXPECT_EQ(ids(), Ids{});
  EXPECT_TRUE(store_->todos().find(room_, "1").value().value().removed);
}

TEST_P(TodosTest, RefusesMoreItemsThanTheLimitButChangesThem) {
  store_ = make({.todo_items_per_room = 2});
  room_ = add_room(*store_, "garden");
  put("1", "a");
  put("2", "b");
  EXPECT_EQ(store_->todos().put(room_, {.id = "3"}).error(), Error::kFull);
  EXPECT_EQ(ids(), (Ids{"1", "2"}));
  put("1", "c");
  put("2", "b", true);
  put("3", "a");
  EXPECT_EQ(ids(), (Ids{"3", "1"}));
}

TEST_P(TodosTest, KeepsOnlySoManyRemovedOnes) {
  store_ = make({.removed_items_per_room = 2});
  room_ = add_room(*store_, "garden");
  put("old", "a", true, 1);
  put("new", "a", true, 3);
  put("middle", "a", true, 2);
  EXPECT_EQ(store_->todos().find(room_, "old").value(), std::nullopt);
  EXPECT_TRUE(store_->todos().find(room_, "middle").value().has_value());
  EXPECT_TRUE(store_->todos().find(room_, "new").value().has_value());
}

TEST_P(TodosTest, NeedsARoomThatIsThere) {
  EXPECT_EQ(store_->todos().put({99}, {.id = "1"}).error(), Error::kNotFound);
}

}  // namespace
}  // namespace parley::store
