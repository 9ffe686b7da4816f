#include "meeting/todo_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace parley::meeting {
namespace {

using store::TodoItem;

constexpr UnixMillis kNow{std::chrono::milliseconds{1'793'000'000'000}};

UnixMillis ago(std::int64_t age) {
  return kNow - std::chrono::milliseconds(age);
}

TodoItem merged(std::vector<TodoItem> items, const TodoChange& change,
                std::string_view by = "Ada") {
  return merge(std::move(items), {change}, by, kNow).value().back();
}

TEST(TodoList, AChangeOfAnUnknownItemMakesIt) {
  const TodoItem item = merged({}, {.item = "tea-0001", .age = 5, .text = "Tea"});
  EXPECT_EQ(item.text, "Tea");
  EXPECT_EQ(item.by, "Ada");
  EXPECT_EQ(item.at, ago(5));
  EXPECT_EQ(item.position, position_by_time(ago(5)));
  EXPECT_FALSE(item.done || item.removed || item.assignee);
}

TEST(TodoList, ANewItemNeedsAText) {
  const auto refused = merge(
      {}, {{.item = "tea-0001", .text = "Tea"}, {.item = "cake-001", .done = true}}, "Ada", kNow);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().field, "changes[1].text");
}

TEST(TodoList, TheNewerChangeOfAFieldWins) {
  const TodoItem item =
      merged({}, {.item = "tea-0001", .age = 10'000, .text = "Tea", .position = "V"});
  const TodoItem newer = merged({item}, {.item = "tea-0001", .age = 100, .text = "Green tea"});
  EXPECT_EQ(newer.text, "Green tea");
  EXPECT_EQ(merged({newer}, {.item = "tea-0001", .age = 200, .text = "Black tea"}).text,
            "Green tea");
  const TodoItem other = merged({newer}, {.item = "tea-0001", .age = 5'000, .done = true}, "Bob");
  EXPECT_TRUE(other.done);  // What was done offline to another field counts.
  EXPECT_EQ(other.text, "Green tea");
  EXPECT_EQ(other.by, "Ada");
}

TEST(TodoList, AssigningToNobodyIsAChange) {
  TodoItem item = merged(
      {}, {.item = "tea-0001", .age = 9, .text = "Tea", .assignee = Nullable<std::string>{"Bob"}});
  EXPECT_EQ(item.assignee, "Bob");
  item = merged({item}, {.item = "tea-0001", .age = 8, .done = true});
  EXPECT_EQ(item.assignee, "Bob");
  item = merged({item}, {.item = "tea-0001", .age = 7, .assignee = Nullable<std::string>{}});
  EXPECT_EQ(item.assignee, std::nullopt);
}

TEST(TodoList, ARemovalIsForGoodAndKeepsNoText) {
  TodoItem item = merged({}, {.item = "tea-0001", .age = 9, .text = "Tea"});
  item = merged({item}, {.item = "tea-0001", .age = 5, .removed = true});
  EXPECT_TRUE(item.removed);
  EXPECT_EQ(item.text, "");
  item = merged({item}, {.item = "tea-0001", .age = 0, .text = "Again"});
  EXPECT_TRUE(item.removed);
  EXPECT_EQ(item.text, "");
}

TEST(TodoList, PositionsByTimeSortByTime) {
  EXPECT_EQ(position_by_time(kNow).size(), 7u);
  EXPECT_LT(position_by_time(ago(1)), position_by_time(kNow));
  EXPECT_LT(position_by_time(ago(1'000'000'000)), position_by_time(ago(999)));
  EXPECT_EQ(position_by_time(UnixMillis()), "0000000");
}

// What three people did to three items, in any order of arrival and cut into any deliveries, ends
// in the same list.
TEST(TodoList, IsTheSameInWhateverOrderChangesArrive) {
  struct Delivery {
    TodoChange change = {};
    UnixMillis at = {};
    std::string by = {};
  };
  std::mt19937 random{1};
  for (int round = 0; round < 200; ++round) {
    std::vector<Delivery> all;
    for (int i = 0; i < 24; ++i) {
      Delivery delivery{.at = ago(static_cast<std::int64_t>(random() % 8)),
                        .by = fmt::format("P{}", random() % 3)};
      TodoChange& change = delivery.change;
      change.item = fmt::format("item-{:04}", random() % 3);
      change.text = fmt::format("text {}", random() % 5);  // Any may be the first to arrive.
      if (random() % 2 == 0) change.done = random() % 2 == 0;
      if (random() % 3 == 0) change.position = fmt::format("p{}", random() % 5);
      if (random() % 3 == 0) {
        change.assignee =
            random() % 2 == 0 ? Nullable<std::string>{"Bob"} : Nullable<std::string>{};
      }
      if (random() % 20 == 0) change.removed = true;
      all.push_back(std::move(delivery));
    }
    const auto outcome = [&] {
      std::vector<TodoItem> list;
      for (Delivery& delivery : all) {
        // It arrives up to a minute late, which its age tells.
        const auto late = std::chrono::milliseconds(random() % 60'000);
        delivery.change.age = late.count();
        const auto known = std::ranges::find(list, delivery.change.item, &TodoItem::id);
        std::vector<TodoItem> touched;
        if (known != list.end()) touched.push_back(*known);
        touched = merge(touched, {delivery.change}, delivery.by, delivery.at + late).value();
        if (known != list.end()) {
          *known = touched.front();
        } else {
          list.push_back(touched.front());
        }
      }
      std::ranges::sort(list, {}, &TodoItem::id);
      for (TodoItem& item : list) {
        if (item.removed) item = {.id = item.id, .removed = true};  // The rest means nothing.
      }
      return list;
    };
    const std::vector<TodoItem> first = outcome();
    for (int shuffle = 0; shuffle < 5; ++shuffle) {
      std::ranges::shuffle(all, random);
      ASSERT_EQ(outcome(), first) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace parley::meeting
