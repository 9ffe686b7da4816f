#include "sfu/stream_numbers.h"

#include <gtest/gtest.h>

#include <chrono>
#include <initializer_list>
#include <random>
#include <set>

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;
using Kind = StreamNumbers::Kind;

constexpr Time kStart{1h};
constexpr rtp::Ssrc kOne{1}, kTwo{2};

class StreamNumbersTest : public testing::Test {
 protected:
  StreamNumbers::Numbers send(std::uint16_t sequence_number, std::uint32_t timestamp,
                              rtp::Ssrc ssrc = kOne, bool repaired = false) {
    return numbers.handle_packet(now, ssrc, sequence_number, timestamp, repaired);
  }

  Time now = kStart;
  StreamNumbers numbers{90'000};
};

TEST_F(StreamNumbersTest, GoesOnWhereTheWireWraps) {
  const auto first = send(65'535, 0xFFFF'FFFF);
  const auto second = send(0, 2'999);
  EXPECT_EQ(second.kind, Kind::kNewest);
  EXPECT_EQ(second.seq, first.seq + 1);
  EXPECT_EQ(second.timestamp, first.timestamp + 3'000);
  EXPECT_EQ(numbers.on_wire(first.seq), 65'535);
}

TEST_F(StreamNumbersTest, TellsLatePacketsFromCopies) {
  const auto first = send(10, 0);
  send(12, 3'000);
  const auto late = send(11, 0);
  EXPECT_EQ(late.kind, Kind::kLate);
  EXPECT_EQ(late.seq, first.seq + 1);
  EXPECT_EQ(late.timestamp, first.timestamp);
  for (const std::uint16_t seq : std::initializer_list<std::uint16_t>{10, 11, 12}) {
    EXPECT_EQ(send(seq, 0).kind, Kind::kDuplicate);
  }
}

TEST_F(StreamNumbersTest, TakesWhatCameBeforeTheFirst) {
  const auto first = send(0, 0);
  const auto before = send(65'535, 0xFFFF'F000);
  EXPECT_EQ(before.kind, Kind::kLate);
  EXPECT_EQ(before.seq + 1, first.seq);
}

TEST_F(StreamNumbersTest, BeginsWithNoRepair) {
  EXPECT_EQ(send(1, 0, kOne, true).kind, Kind::kRefused);
  EXPECT_FALSE(numbers.ssrc());
}

TEST_F(StreamNumbersTest, RefusesAStray) {
  send(1, 0);
  EXPECT_EQ(send(30'000, 0).kind, Kind::kRefused);
  EXPECT_EQ(send(2, 3'000).kind, Kind::kNewest);
  EXPECT_EQ(send(30'001, 0).kind, Kind::kRefused);  // The one before it is forgotten.
}

// Two in a row are where it goes on: with one number that never comes, and one for the first.
TEST_F(StreamNumbersTest, FollowsASequenceThatGoesOnSomewhereElse) {
  const auto before = send(1, 0);
  now += 1s;
  for (const std::uint16_t place : std::initializer_list<std::uint16_t>{30'000, 5'000}) {
    EXPECT_EQ(send(place, 77'000).kind, Kind::kRefused);
    const auto after = send(static_cast<std::uint16_t>(place + 1), 77'000);
    EXPECT_EQ(after.kind, Kind::kRestarted);
    now += 1s;
  }
  EXPECT_EQ(numbers.newest(), before.seq + 6);
  EXPECT_EQ(send(5'000, 77'000).seq, before.seq + 5);
  EXPECT_EQ(send(4'999, 77'000).kind, Kind::kDuplicate);
  EXPECT_EQ(send(5'002, 80'000).seq, before.seq + 7);
}

TEST_F(StreamNumbersTest, NeverBeginsAnewForARepair) {
  send(1, 0);
  EXPECT_EQ(send(30'000, 0, kOne, true).kind, Kind::kTooLate);
  EXPECT_EQ(send(30'001, 0, kOne, true).kind, Kind::kTooLate);
  EXPECT_EQ(send(2, 0, kTwo, true).kind, Kind::kRefused);
}

TEST_F(StreamNumbersTest, FollowsAnotherSsrc) {
  const auto before = send(100, 50'000);
  now += 2s;
  const auto after = send(7, 1'000'000, kTwo);
  EXPECT_EQ(after.kind, Kind::kRestarted);
  EXPECT_EQ(after.seq, before.seq + 2);
  EXPECT_EQ(after.timestamp, before.timestamp + 180'000);
  EXPECT_EQ(after.wire.on_wire(), 7);
  EXPECT_EQ(numbers.ssrc(), kTwo);
  EXPECT_EQ(send(8, 1'003'000, kTwo).timestamp, after.timestamp + 3'000);
  // What was under way of the old one changes nothing.
  EXPECT_EQ(send(101, 53'000).kind, Kind::kRefused);
  EXPECT_EQ(send(6, 1'000'000, kTwo).kind, Kind::kDuplicate);
}

TEST_F(StreamNumbersTest, BeginsAnewAFewTimesASecondAtMost) {
  int restarts = 0;
  for (int i = 0; i < 1'000; ++i) {
    restarts +=
        send(static_cast<std::uint16_t>(i), 0, i % 2 == 0 ? kOne : kTwo).kind == Kind::kRestarted;
    now += 1ms;
  }
  EXPECT_LE(restarts, 4);
  EXPECT_GE(restarts, 3);
}

TEST_F(StreamNumbersTest, GoesOnByTheTimePassedWhereTimestampsJump) {
  const auto first = send(1, 0);
  now += 100ms;
  const auto jumped = send(2, 0x4000'0000);
  EXPECT_EQ(jumped.timestamp, first.timestamp + 9'000);
  now += 100ms;
  EXPECT_EQ(send(3, 0x4000'0000 + 3'000).timestamp, jumped.timestamp + 3'000);
  now += 100ms;
  EXPECT_EQ(send(4, 5).timestamp, jumped.timestamp + 3'000 + 9'000);
  EXPECT_EQ(numbers.timestamp_jumps(), 2u);
  EXPECT_EQ(numbers.extend_timestamp(6), numbers.newest_timestamp() + 1);
}

TEST_F(StreamNumbersTest, TakesALongPauseForNoJump) {
  const auto first = send(1, 0);
  now += 10min;
  EXPECT_EQ(send(2, 600 * 90'000).timestamp, first.timestamp + 600 * 90'000);
  now += 10min;
  EXPECT_EQ(send(3, 600 * 90'000 + 3'000).timestamp, first.timestamp + 600 * 90'000 + 3'000);
  EXPECT_EQ(numbers.timestamp_jumps(), 0u);
}

TEST_F(StreamNumbersTest, LetsFramesComeOutOfOrder) {
  const auto first = send(1, 9'000);
  EXPECT_EQ(send(2, 3'000).timestamp, first.timestamp - 6'000);  // B-frames.
  EXPECT_EQ(send(3, 12'000).timestamp, first.timestamp + 3'000);
}

TEST_F(StreamNumbersTest, BeginsAnewAfterAnInterruption) {
  const auto before = send(1, 0);
  numbers.interrupt();
  EXPECT_EQ(send(2, 0, kOne, true).kind, Kind::kRefused);
  const auto after = send(3, 6'000);
  EXPECT_EQ(after.kind, Kind::kRestarted);
  EXPECT_EQ(after.seq, before.seq + 2);
  EXPECT_EQ(send(2, 0, kOne, true).kind, Kind::kDuplicate);
}

// Whatever comes: no number is given twice, and the newest only grows.
TEST_F(StreamNumbersTest, HoldsUnderAnything) {
  std::mt19937 random{5};
  std::set<rtp::SeqNo> given;
  for (int i = 0; i < 100'000; ++i) {
    const rtp::SeqNo newest = numbers.newest();
    const auto step = static_cast<std::uint64_t>(i);
    const auto base = static_cast<std::uint16_t>(random() % 100 == 0 ? random() : step);
    const auto timestamp = static_cast<std::uint32_t>(random());
    const auto made =
        send(static_cast<std::uint16_t>(base - random() % 5), timestamp,
             rtp::Ssrc{static_cast<std::uint32_t>(1 + (random() % 200 == 0))}, random() % 10 == 0);
    now += Duration(random() % 1'000);
    ASSERT_GE(numbers.newest(), newest);
    const bool takes =
        made.kind == Kind::kNewest || made.kind == Kind::kLate || made.kind == Kind::kRestarted;
    ASSERT_TRUE(!takes || given.insert(made.seq).second) << i;
  }
  EXPECT_GT(given.size(), 10'000u);
}

}  // namespace
}  // namespace parley::sfu
