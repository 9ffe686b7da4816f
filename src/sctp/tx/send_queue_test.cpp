#include "sctp/tx/send_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

namespace parley::sctp {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr std::size_t kRoom = 1'000;

class SendQueueTest : public testing::Test {
 protected:
  void add(std::uint16_t stream, std::size_t size, const SendOptions& options = {},
           Time expires = kNever) {
    queue.add({.stream = {stream}, .payload = std::vector<std::uint8_t>(size)}, options, expires);
  }
  // The streams of the next fragments, as they are cut.
  std::string turns(int count) {
    std::string streams;
    for (int i = 0; i < count; ++i) {
      const auto fragment = queue.next(kStart, kRoom);
      streams += fragment ? std::to_string(fragment->message->message.stream.value) : "-";
    }
    return streams;
  }

  SendQueue queue;
};

TEST_F(SendQueueTest, CutsAMessageToFit) {
  add(1, 2'500);
  const auto first = queue.next(kStart, kRoom);
  const auto second = queue.next(kStart, kRoom);
  const auto third = queue.next(kStart, kRoom);
  EXPECT_TRUE(first->is_first() && !first->is_last());
  EXPECT_TRUE(!second->is_first() && !second->is_last());
  EXPECT_TRUE(!third->is_first() && third->is_last());
  EXPECT_EQ(third->offset, 2'000u);
  EXPECT_EQ(third->length, 500u);
  EXPECT_FALSE(queue.next(kStart, kRoom).has_value());
  EXPECT_TRUE(queue.empty());
}

TEST_F(SendQueueTest, DoesNotCutSlivers) {
  add(1, 2'000);
  EXPECT_FALSE(queue.next(kStart, SendQueue::kShortestCut - 1).has_value());
  EXPECT_EQ(queue.next(kStart, SendQueue::kShortestCut)->length, SendQueue::kShortestCut);
  add(2, 10);
  EXPECT_FALSE(queue.next(kStart, 100).has_value());  // The first is not finished.
}

TEST_F(SendQueueTest, NumbersOrderedMessagesOfEachStream) {
  add(1, 10);
  add(1, 10, {.ordered = false});
  add(1, 10);
  add(2, 10);
  std::map<std::uint16_t, std::vector<int>> numbers;
  while (const auto fragment = queue.next(kStart, kRoom)) {
    if (!fragment->message->ordered) continue;
    numbers[fragment->message->message.stream.value].push_back(fragment->message->ssn);
  }
  EXPECT_EQ(numbers, (std::map<std::uint16_t, std::vector<int>>{{1, {0, 1}}, {2, {0}}}));
}

TEST_F(SendQueueTest, LetsStreamsTakeTurns) {
  for (int i = 0; i < 3; ++i) add(1, 900);
  for (int i = 0; i < 3; ++i) add(2, 900);
  add(3, 900);
  EXPECT_EQ(turns(7), "1231212");
}

TEST_F(SendQueueTest, FinishesAMessageBeforeTheNext) {
  add(1, 2'000);
  add(1, 100);
  add(2, 100);
  EXPECT_EQ(turns(4), "1121");
}

TEST_F(SendQueueTest, SharesByPriority) {
  queue.set_priority({1}, 512);
  for (int i = 0; i < 40; ++i) {
    add(1, 100);
    add(2, 100);
  }
  const std::string streams = turns(30);
  EXPECT_EQ(std::ranges::count(streams, '1'), 20);
}

TEST_F(SendQueueTest, GivesNoCreditForSilence) {
  for (int i = 0; i < 10; ++i) add(1, 900);
  EXPECT_EQ(turns(5), "11111");
  for (int i = 0; i < 3; ++i) add(2, 900);
  EXPECT_EQ(turns(6), "212121");
}

TEST_F(SendQueueTest, DropsWhatExpiredBeforeItsTurn) {
  add(1, 100, {}, kStart);
  add(1, 200, {}, kStart + 1us);
  EXPECT_EQ(queue.next(kStart, kRoom)->length, 200u);
  EXPECT_EQ(queue.take_expired(), 1u);
  EXPECT_EQ(queue.take_expired(), 0u);
  EXPECT_FALSE(queue.next(kStart, kRoom).has_value());
  EXPECT_EQ(queue.buffered(), 0u);
}

TEST_F(SendQueueTest, TellsWhenTheBufferFallsToItsThreshold) {
  queue.set_low_threshold({1}, 500);
  add(1, 400);
  queue.next(kStart, kRoom);
  EXPECT_FALSE(queue.poll_low().has_value());  // It was never above.
  add(1, 1'500);
  EXPECT_EQ(queue.buffered({1}), 1'500u);
  queue.next(kStart, kRoom);
  EXPECT_EQ(queue.poll_low(), StreamId{1});
  queue.next(kStart, kRoom);
  EXPECT_FALSE(queue.poll_low().has_value());
}

TEST_F(SendQueueTest, StopsAStreamForItsReset) {
  add(1, 1'500);
  queue.next(kStart, kRoom);
  queue.begin_reset({1});
  add(1, 100);
  EXPECT_FALSE(queue.is_stopped({1}));
  EXPECT_EQ(queue.next(kStart, kRoom)->length, 500u);
  EXPECT_TRUE(queue.is_stopped({1}));
  EXPECT_FALSE(queue.next(kStart, kRoom).has_value());
  queue.finish_reset({1}, true);
  EXPECT_EQ(queue.next(kStart, kRoom)->message->ssn, 0);
}

TEST_F(SendQueueTest, GoesOnCountingWhenAResetWasRefused) {
  add(1, 100);
  queue.next(kStart, kRoom);
  queue.begin_reset({1});
  EXPECT_TRUE(queue.is_stopped({1}));
  queue.finish_reset({1}, false);
  add(1, 100);
  EXPECT_EQ(queue.next(kStart, kRoom)->message->ssn, 1);
}

TEST_F(SendQueueTest, DiscardsTheRestOfAMessage) {
  add(1, 2'500);
  add(1, 100);
  queue.next(kStart, kRoom);
  ASSERT_TRUE(queue.unfinished().has_value());
  queue.discard_unfinished();
  EXPECT_FALSE(queue.unfinished().has_value());
  EXPECT_EQ(queue.buffered(), 100u);
  EXPECT_EQ(queue.next(kStart, kRoom)->length, 100u);
}

TEST_F(SendQueueTest, BeginsAnewWithoutTheHalfMessage) {
  add(1, 100);
  add(1, 2'500);
  add(1, 100);
  queue.next(kStart, kRoom);
  queue.next(kStart, kRoom);
  queue.restart();
  const auto next = queue.next(kStart, kRoom);
  EXPECT_EQ(next->length, 100u);
  EXPECT_EQ(next->message->ssn, 0);
}

}  // namespace
}  // namespace parley::sctp
