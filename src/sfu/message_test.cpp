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
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(budget.take(kStart, 1, limits)) << i;
  EXPECT_FALSE(budget.take(kStart, 1, limits));
  EXPECT_FALSE(budget.take(kStart + 99ms, 1, limits));
  EXPECT_TRUE(budget.take(kStart + 101ms, 1, limits));
  EXPECT_FALSE(budget.take(kStart + 101ms, 1, limits));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(budget.take(kStart + 1h, 1, limits)) << i;
  EXPECT_FALSE(budget.take(kStart + 1h, 1, limits));
}

TEST(MessageBudget, CountsBytesToo) {
  MessageBudget budget;
  const MessageLimits limits{.bytes = {.per_second = 1'000, .burst = 2'000}};
  EXPECT_TRUE(budget.take(kStart, 2'000, limits));
  EXPECT_FALSE(budget.take(kStart, 1, limits));
  EXPECT_FALSE(budget.take(kStart + 500ms, 501, limits));
  EXPECT_TRUE(budget.take(kStart + 500ms, 499, limits));
}

}  // namespace
}  // namespace parley::sfu
