#include "sfu/message.h"

#include <gtest/gtest.h>

#include <chrono>

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

TEST(Message, IsReadAsItWasWritten) {
  const auto bytes =
      Message{.kind = Message::Kind::kReceipt, .name = "ada", .body = as_bytes("7")}.write();
  EXPECT_EQ(as_text(bytes), std::string_view("\x01\x03"
                                             "ada7"));
  const auto read = Message::parse(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, Message::Kind::kReceipt);
  EXPECT_EQ(read->name, "ada");
  EXPECT_EQ(as_text(read->body), "7");
}

TEST(Message, MayNameNobodyAndHaveNothingToSay) {
  const auto read = Message::parse(Message{}.write());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, Message::Kind::kMessage);
  EXPECT_EQ(read->name, "");
  EXPECT_TRUE(read->body.empty());
}

TEST(Message, IsNoneWhereItEndsBeforeItsNameDoes) {
  const auto bytes = Message{.name = "ada"}.write();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(Message::parse(Bytes(bytes).first(length))) << length;
  }
}

TEST(Message, IsNoneOfAnUnknownKind) {
  EXPECT_TRUE(Message::parse(as_bytes(std::string_view("\x01\0", 2))));
  EXPECT_FALSE(Message::parse(as_bytes(std::string_view("\x02\0", 2))));
  EXPECT_FALSE(Message::parse(as_bytes(std::string_view("\xFF\0", 2))));
}

TEST(MessageBudget, LetsABurstThroughAndThenSoManyASecond) {
  MessageBudget budget;
  const MessageLimits limits{.messages = {.per_second = 10, .burst = 3}};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(budget.take(kStart, 1, 1, limits)) << i;
  EXPECT_FALSE(budget.take(kStart, 1, 1, limits));
  EXPECT_FALSE(budget.take(kStart + 99ms, 1, 1, limits));
  EXPECT_TRUE(budget.take(kStart + 101ms, 1, 1, limits));
  EXPECT_FALSE(budget.take(kStart + 101ms, 1, 1, limits));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(budget.take(kStart + 1h, 1, 1, limits)) << i;
  EXPECT_FALSE(budget.take(kStart + 1h, 1, 1, limits));
}

TEST(MessageBudget, CountsBytesToo) {
  MessageBudget budget;
  const MessageLimits limits{.bytes = {.per_second = 1'000, .burst = 2'000}};
  EXPECT_TRUE(budget.take(kStart, 2'000, 1, limits));
  EXPECT_FALSE(budget.take(kStart, 1, 1, limits));
  EXPECT_FALSE(budget.take(kStart + 500ms, 501, 1, limits));
  EXPECT_TRUE(budget.take(kStart + 500ms, 499, 1, limits));
}

TEST(MessageBudget, CountsWhatGoesToManyAsSeveral) {
  const MessageLimits limits{.messages = {.per_second = 8, .burst = 8},
                             .bytes = {.per_second = 1'000, .burst = 800},
                             .receivers = 50};
  const auto sent = [&](std::size_t bytes, std::size_t receivers) {
    MessageBudget budget;
    int count = 0;
    while (budget.take(kStart, bytes, receivers, limits)) ++count;
    return count;
  };
  EXPECT_EQ(sent(1, 0), 8);  // To nobody: as to one.
  EXPECT_EQ(sent(1, 1), 8);
  EXPECT_EQ(sent(1, 50), 8);
  EXPECT_EQ(sent(1, 100), 4);
  EXPECT_EQ(sent(1, 200), 2);
  EXPECT_EQ(sent(100, 50), 8);
  EXPECT_EQ(sent(200, 100), 2);
}

TEST(MessageBudget, LetsALongMessageToAnybodyThroughAfterAWhile) {
  const MessageLimits limits{.messages = {.per_second = 1, .burst = 2},
                             .bytes = {.per_second = 100, .burst = 1'000},
                             .receivers = 50};
  MessageBudget budget;
  EXPECT_TRUE(budget.take(kStart, 900, 5'000, limits));
  EXPECT_FALSE(budget.take(kStart + 5s, 900, 5'000, limits));
  EXPECT_TRUE(budget.take(kStart + 20s, 900, 5'000, limits));
  EXPECT_FALSE(budget.take(kStart + 1h, 1'001, 1, limits));
}

}  // namespace
}  // namespace parley::sfu
