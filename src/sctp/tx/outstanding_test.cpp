#include "sctp/tx/outstanding.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace parley::sctp {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr Tsn kFirst = Tsn::first(100);

class OutstandingTest : public testing::Test {
 protected:
  // So many messages of one chunk of 100 bytes each.
  void send(int count, const SendOptions& options = {}, Time expires = kNever) {
    for (int i = 0; i < count; ++i) {
      queue.add({.payload = std::vector<std::uint8_t>(100)}, options, expires);
      outstanding.add(now, *queue.next(now, 1'000));
    }
  }
  // Up to the TSN kFirst + `cumulative`, and gaps counted from there.
  Outstanding::SackResult sack(int cumulative, std::vector<GapBlock> gaps = {},
                               bool in_recovery = false) {
    const auto wire = static_cast<std::uint32_t>(100 + cumulative);
    const auto value = Sack{.cumulative_tsn = wire, .gap_blocks = gaps}.write(10'000);
    return outstanding.handle_sack(now, *SackView::parse(value), in_recovery);
  }
  std::optional<Tsn> lost() { return outstanding.first_lost(now); }

  Time now = kStart;
  SendQueue queue;
  Outstanding outstanding{kFirst, true};
};

TEST_F(OutstandingTest, ForgetsWhatIsAcknowledged) {
  send(3);
  EXPECT_EQ(outstanding.in_flight(), 300u);
  now += 50ms;
  const auto result = sack(1);
  EXPECT_TRUE(result.cumulative_advanced);
  EXPECT_EQ(result.acked_bytes, 200u);
  EXPECT_EQ(result.round_trip_time, 50ms);
  EXPECT_EQ(outstanding.in_flight(), 100u);
  EXPECT_EQ(outstanding.cumulative(), kFirst + 1);
  EXPECT_EQ(outstanding.next_tsn(), kFirst + 3);
  sack(2);
  EXPECT_TRUE(outstanding.empty());
}

TEST_F(OutstandingTest, RefusesAcknowledgementsOfWhatWasNeverSent) {
  send(3);
  EXPECT_FALSE(sack(3).valid);
  EXPECT_FALSE(sack(0, {{2, 3}}).valid);
  EXPECT_TRUE(sack(0, {{2, 2}}).valid);
  EXPECT_EQ(outstanding.in_flight(), 100u);
}

TEST_F(OutstandingTest, IgnoresASackThatWasOvertaken) {
  send(3);
  sack(1);
  const auto result = sack(0, {{1, 1}});
  EXPECT_TRUE(result.valid);
  EXPECT_FALSE(result.cumulative_advanced);
  EXPECT_EQ(outstanding.in_flight(), 100u);
}

TEST_F(OutstandingTest, TakesAChunkForLostAfterThreeReports) {
  send(6);
  EXPECT_FALSE(sack(0, {{2, 2}}).loss);
  EXPECT_FALSE(sack(0, {{2, 3}}).loss);
  EXPECT_FALSE(lost().has_value());
  const auto third = sack(0, {{2, 4}});
  EXPECT_TRUE(third.loss && third.first_is_lost);
  EXPECT_EQ(lost(), kFirst + 1);
  EXPECT_EQ(outstanding.in_flight(), 100u);  // Of the last.
}

TEST_F(OutstandingTest, CountsNoReportThatTellsNothingNew) {
  send(6);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(sack(0, {{2, 2}}).loss);
}

TEST_F(OutstandingTest, CountsOnlyWhatIsBeforeTheHighestNew) {
  send(8);
  sack(0, {{4, 4}});
  sack(0, {{2, 2}, {4, 4}});  // Says nothing about the third.
  sack(0, {{2, 2}, {4, 5}});
  EXPECT_TRUE(lost().has_value());
  EXPECT_EQ(lost(), kFirst + 1);
  outstanding.retransmit(now, kFirst + 1, true);
  EXPECT_FALSE(lost().has_value());
  // In fast recovery, a SACK that advances counts for all (RFC 9260, 7.2.4).
  EXPECT_TRUE(sack(2, {{2, 3}}, true).loss);
  EXPECT_EQ(lost(), kFirst + 3);
}

TEST_F(OutstandingTest, NoticesThatARetransmissionWasLost) {
  send(4);
  for (const std::uint16_t last : std::vector<std::uint16_t>{2, 3}) sack(0, {{2, last}});
  send(1);
  sack(0, {{2, 4}});
  ASSERT_EQ(lost(), kFirst + 1);
  now += 1ms;
  outstanding.retransmit(now, kFirst + 1, true);
  now += 1ms;
  send(3);
  now += 1ms;
  for (const std::uint16_t last : std::vector<std::uint16_t>{5, 6})
    EXPECT_FALSE(sack(0, {{2, last}}).loss);
  EXPECT_TRUE(sack(0, {{2, 7}}).loss);
  EXPECT_EQ(lost(), kFirst + 1);
}

TEST_F(OutstandingTest, MeasuresNoRoundTripByWhatWasSentTwice) {
  send(1);
  outstanding.handle_timeout(now);
  outstanding.retransmit(now, *lost(), false);
  now += 10ms;
  EXPECT_FALSE(sack(0).round_trip_time.has_value());
}

TEST_F(OutstandingTest, TakesAllForLostAtATimeout) {
  send(4);
  sack(0, {{2, 2}});
  outstanding.handle_timeout(now);
  EXPECT_EQ(outstanding.in_flight(), 0u);
  EXPECT_EQ(lost(), kFirst + 1);
  outstanding.retransmit(now, kFirst + 1, false);
  EXPECT_EQ(lost(), kFirst + 3);  // The second has been acknowledged.
}

TEST_F(OutstandingTest, SendsAgainWhatThePeerDroppedAfterAll) {
  send(4);
  sack(0, {{2, 3}});
  EXPECT_EQ(outstanding.in_flight(), 100u);
  sack(0, {{3, 3}});
  EXPECT_EQ(outstanding.in_flight(), 200u);
  sack(0);
  EXPECT_EQ(outstanding.in_flight(), 300u);
  outstanding.handle_timeout(now);
  EXPECT_EQ(lost(), kFirst + 1);
}

TEST_F(OutstandingTest, GivesUpAfterSoManyRetransmissions) {
  send(1, {.max_retransmits = 1});
  outstanding.handle_timeout(now);
  outstanding.retransmit(now, *lost(), false);
  EXPECT_FALSE(outstanding.has_forward_tsn());
  outstanding.handle_timeout(now);
  EXPECT_FALSE(lost().has_value());
  EXPECT_TRUE(outstanding.has_forward_tsn());
  EXPECT_EQ(outstanding.take_abandoned().size(), 1u);
  EXPECT_EQ(outstanding.forward_tsn(10),
            (ForwardTsn{.new_cumulative_tsn = 100, .skipped = {{{0}, 0}}}));
  sack(0);
  EXPECT_TRUE(outstanding.empty());
}

TEST_F(OutstandingTest, GivesUpWhatIsLostAndTooLate) {
  send(1, {}, kStart + 10ms);
  outstanding.handle_timeout(kStart + 9ms);
  EXPECT_TRUE(lost().has_value());
  now += 10ms;
  EXPECT_FALSE(lost().has_value());
  EXPECT_TRUE(outstanding.has_forward_tsn());
}

TEST_F(OutstandingTest, GivesNothingUpForAPeerThatCannotSkip) {
  outstanding = Outstanding(kFirst, false);
  send(1, {.max_retransmits = 0});
  outstanding.handle_timeout(now);
  EXPECT_TRUE(lost().has_value());
}

TEST_F(OutstandingTest, SpendsATsnOnTheEndOfAMessageThatWasNotWhollyCut) {
  queue.add({.payload = std::vector<std::uint8_t>(3'000)}, {.max_retransmits = 0}, kNever);
  outstanding.add(now, *queue.next(now, 1'000));
  outstanding.add(now, *queue.next(now, 1'000));
  sack(0);  // Of the two, one has come; the peer waits for the end.
  outstanding.handle_timeout(now);
  EXPECT_EQ(outstanding.next_tsn(), kFirst + 3);
  EXPECT_EQ(outstanding.forward_tsn(10).new_cumulative_tsn, 102u);
  EXPECT_EQ(outstanding.in_flight(), 0u);
}

TEST_F(OutstandingTest, SkipsOnlyWhatIsInARow) {
  send(1, {.max_retransmits = 0});
  send(1);
  send(1, {.ordered = false, .max_retransmits = 0});
  outstanding.handle_timeout(now);
  EXPECT_EQ(outstanding.forward_tsn(10).new_cumulative_tsn, 100u);
  sack(1);
  EXPECT_EQ(outstanding.forward_tsn(10), (ForwardTsn{.new_cumulative_tsn = 102}));
}

TEST_F(OutstandingTest, SkipsLessWhereTheStreamsDoNotFit) {
  for (std::uint16_t stream = 0; stream < 3; ++stream) {
    queue.add({.stream = {stream}, .payload = {1}}, {.max_retransmits = 0}, kNever);
    outstanding.add(now, *queue.next(now, 1'000));
  }
  outstanding.handle_timeout(now);
  const auto forward = outstanding.forward_tsn(2);
  EXPECT_EQ(forward.new_cumulative_tsn, 101u);
  EXPECT_EQ(forward.skipped.size(), 2u);
}

TEST_F(OutstandingTest, TrustsNoRoundTripOfAPeerThatCannotTellAll) {
  send(100);
  now += 5s;
  std::vector<GapBlock> gaps;
  for (std::uint16_t i = 0; i < 20; ++i) {
    gaps.push_back({static_cast<std::uint16_t>(2 + 2 * i), static_cast<std::uint16_t>(2 + 2 * i)});
  }
  EXPECT_FALSE(sack(0, gaps).round_trip_time.has_value());
}

}  // namespace
}  // namespace parley::sctp
