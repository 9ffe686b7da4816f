#include "socketio/pending_acks.h"

#include <gtest/gtest.h>

#include <optional>

namespace parley::socketio {
namespace {

TEST(PendingAcks, CallOnceWithTheAnswer) {
  PendingAcks acks;
  int calls = 0;
  Arguments got;
  acks.await(1, 7, [&](std::expected<Arguments, AckError> answer) {
    ++calls;
    got = *answer;
  });
  EXPECT_TRUE(acks.handle_ack(1, 7, {"yes"}));
  EXPECT_FALSE(acks.handle_ack(1, 7, {"again"}));
  acks.give_up(1, AckError::kTimedOut);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(got, Arguments{"yes"});
  EXPECT_EQ(acks.size(), 0u);
}

TEST(PendingAcks, TakeNoAnswerFromAnotherSocket) {
  PendingAcks acks;
  acks.await(1, 7, [](auto) { FAIL(); });
  EXPECT_FALSE(acks.handle_ack(1, 8, {}));
  EXPECT_FALSE(acks.handle_ack(2, 7, {}));
  EXPECT_EQ(acks.size(), 1u);
}

TEST(PendingAcks, SayWhyNoAnswerCame) {
  PendingAcks acks;
  std::optional<AckError> error;
  acks.await(1, 7, [&](std::expected<Arguments, AckError> answer) { error = answer.error(); });
  acks.give_up(1, AckError::kDisconnected);
  EXPECT_EQ(error, AckError::kDisconnected);
  EXPECT_EQ(to_string(*error), "socket has been disconnected");
}

TEST(PendingAcks, CollectTheAnswersOfSeveral) {
  PendingAcks acks;
  std::optional<Replies> got;
  acks.await(1, std::vector<std::uint64_t>{7, 8},
             [&](Replies replies) { got = std::move(replies); });
  EXPECT_TRUE(acks.handle_ack(1, 8, {"eight"}));
  EXPECT_FALSE(acks.handle_ack(1, 8, {"twice"}));
  EXPECT_FALSE(acks.handle_ack(1, 9, {"stranger"}));
  EXPECT_FALSE(got);
  EXPECT_TRUE(acks.handle_ack(1, 7, {"seven"}));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->arguments, (std::vector<Arguments>{{"eight"}, {"seven"}}));
  EXPECT_EQ(got->missing, 0u);
}

TEST(PendingAcks, CountThoseWhoDidNotAnswerInTime) {
  PendingAcks acks;
  std::optional<Replies> got;
  acks.await(1, std::vector<std::uint64_t>{7, 8, 9},
             [&](Replies replies) { got = std::move(replies); });
  acks.handle_ack(1, 8, {"eight"});
  acks.give_up(1, AckError::kTimedOut);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->arguments.size(), 1u);
  EXPECT_EQ(got->missing, 2u);
}

TEST(PendingAcks, MayBeAskedAgainOutOfTheAnswer) {
  PendingAcks acks;
  int calls = 0;
  acks.await(1, 7, [&](auto) {
    ++calls;
    acks.await(1, 7, [&](auto) { ++calls; });
  });
  acks.handle_ack(1, 7, {});
  acks.handle_ack(1, 7, {});
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace parley::socketio
