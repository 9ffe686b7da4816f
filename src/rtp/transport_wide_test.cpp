#include <gtest/gtest.h>

#include <map>
#include <random>

#include "rtp/arrival_log.h"
#include "rtp/rtcp/message.h"
#include "rtp/sent_log.h"

namespace parley::rtp {
namespace {

using namespace std::chrono_literals;
using rtcp::TransportFeedback;
using Deltas = std::vector<std::optional<std::int16_t>>;

constexpr Time kStart{1h};

TEST(ArrivalLog, IsSilentUntilSomethingCame) {
  ArrivalLog log;
  EXPECT_EQ(log.next_deadline(), kNever);
  EXPECT_FALSE(log.poll(kStart).has_value());
}

TEST(ArrivalLog, TellsAfterAnIntervalWhatCameAndWhatDidNot) {
  ArrivalLog log({.interval = 50ms});
  log.handle_packet(kStart, 10);
  log.handle_packet(kStart + 1ms, 11);
  log.handle_packet(kStart + 2ms, 13);
  EXPECT_EQ(log.next_deadline(), kStart + 50ms);
  EXPECT_FALSE(log.poll(kStart + 49ms).has_value());
  const auto feedback = log.poll(kStart + 50ms).value();
  EXPECT_EQ(feedback.base_sequence, 10);
  EXPECT_EQ(feedback.reference_time, 1h / 64ms);
  EXPECT_EQ(feedback.deltas, (Deltas{0, 4, std::nullopt, 4}));
  EXPECT_FALSE(log.poll(kStart + 50ms).has_value());
  EXPECT_EQ(log.next_deadline(), kNever);
}

TEST(ArrivalLog, GoesOnWhereItStopped) {
  ArrivalLog log;
  log.handle_packet(kStart, 10);
  log.poll(kStart + 50ms);
  log.poll(kStart + 50ms);
  log.handle_packet(kStart + 60ms, 13);
  const auto feedback = log.poll(kStart + 110ms).value();
  EXPECT_EQ(feedback.base_sequence, 11);
  EXPECT_EQ(feedback.feedback_count, 1);
  EXPECT_EQ(feedback.deltas.size(), 3u);
  EXPECT_FALSE(feedback.deltas[0].has_value());
}

TEST(ArrivalLog, TellsOfAnOvertakenPacketOnceMoreWithThoseAfterIt) {
  ArrivalLog log;
  log.handle_packet(kStart, 10);
  log.handle_packet(kStart, 12);
  log.poll(kStart + 50ms);
  log.poll(kStart + 50ms);
  log.handle_packet(kStart + 60ms, 11);
  const auto feedback = log.poll(kStart + 110ms).value();
  EXPECT_EQ(feedback.base_sequence, 11);
  EXPECT_EQ(feedback.deltas.size(), 2u);
  EXPECT_LT(feedback.deltas[1].value(), 0);  // 12 came before 11.
}

TEST(ArrivalLog, IgnoresCopies) {
  ArrivalLog log;
  log.handle_packet(kStart, 10);
  log.handle_packet(kStart + 9ms, 10);
  EXPECT_EQ(log.poll(kStart + 50ms)->deltas.size(), 1u);
  EXPECT_FALSE(log.poll(kStart + 50ms).has_value());
}

TEST(ArrivalLog, BeginsAnotherMessageWhereADeltaDoesNotFit) {
  ArrivalLog log({.interval = 20s, .memory = 1min});
  log.handle_packet(kStart, 10);
  log.handle_packet(kStart + 9s, 11);
  EXPECT_EQ(log.poll(kStart + 20s)->deltas.size(), 1u);
  const auto second = log.poll(kStart + 20s).value();
  EXPECT_EQ(second.base_sequence, 11);
  EXPECT_EQ(second.reference_time, (1h + 9s) / 64ms);
}

TEST(ArrivalLog, HoldsABoundedNumberOfPackets) {
  ArrivalLog log({.max_packets = 100, .max_message = 100});
  std::mt19937 random{1};
  for (int i = 0; i < 10'000; ++i) log.handle_packet(kStart, static_cast<std::uint16_t>(random()));
  std::size_t told = 0;
  for (int messages = 0; messages < 1'000; ++messages) {
    const auto feedback = log.poll(kStart + 1s);
    if (!feedback) break;
    EXPECT_LE(feedback->deltas.size(), 100u);
    for (const auto& delta : feedback->deltas) told += delta.has_value();
  }
  EXPECT_LE(told, 100u);
  EXPECT_EQ(log.next_deadline(), kNever);
}

TEST(ArrivalLog, FitsEachMessageIntoADatagram) {
  ArrivalLog log;
  for (std::uint16_t i = 0; i < 2'000; i = static_cast<std::uint16_t>(i + 2)) {
    log.handle_packet(kStart + 100us * i, i);
  }
  std::size_t told = 0;
  for (int messages = 0; messages < 100; ++messages) {
    const auto feedback = log.poll(kStart + 1s);
    if (!feedback) break;
    ByteWriter writer;
    rtcp::write_to(writer, *feedback);
    EXPECT_LE(writer.size(), 1'200u);
    for (const auto& delta : feedback->deltas) told += delta.has_value();
  }
  EXPECT_EQ(told, 1'000u);
}

// Against a plain map of what came: any order, any gaps.
TEST(ArrivalLog, TellsExactlyWhatCame) {
  std::mt19937 random{3};
  ArrivalLog log({.memory = 200ms});
  std::map<std::uint16_t, int> came;
  std::map<std::uint16_t, int> told;
  Time now = kStart;
  std::uint16_t number = 65'000;
  for (int i = 0; i < 20'000; ++i) {
    now += Duration(random() % 2'000);
    number = static_cast<std::uint16_t>(number + (random() % 500 == 0 ? random() % 400 : 1));
    const auto late = static_cast<std::uint16_t>(number - (random() % 10 == 0 ? random() % 20 : 0));
    if (came[late]++ == 0) log.handle_packet(now, late);
    came.erase(static_cast<std::uint16_t>(number + 20'000));
    while (const auto feedback = log.poll(now)) {
      std::uint16_t each = feedback->base_sequence;
      for (const auto& delta : feedback->deltas) {
        if (delta) ++told[each];
        ++each;
      }
    }
    told.erase(static_cast<std::uint16_t>(number + 20'000));
  }
  now += 1s;
  while (const auto feedback = log.poll(now)) {
    std::uint16_t each = feedback->base_sequence;
    for (const auto& delta : feedback->deltas) told[each++] += delta.has_value();
  }
  for (const auto& [each, times] : came) EXPECT_GE(told[each], 1) << each;
}

TEST(SentLog, CountsWhatIsInFlight) {
  SentLog log;
  const std::uint16_t first = log.add(kStart, 100);
  log.add(kStart, 200);
  EXPECT_EQ(log.bytes_in_flight(), 300u);
  const auto results = log.handle_feedback({.base_sequence = first, .deltas = {0, std::nullopt}});
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].size, 100u);
  EXPECT_EQ(results[0].received, 0us);
  EXPECT_FALSE(results[1].received.has_value());
  EXPECT_EQ(log.bytes_in_flight(), 200u);
}

TEST(SentLog, ReportsAPacketAsReceivedOnce) {
  SentLog log;
  const std::uint16_t first = log.add(kStart, 100);
  EXPECT_EQ(log.handle_feedback({.base_sequence = first, .deltas = {0}}).size(), 1u);
  EXPECT_TRUE(log.handle_feedback({.base_sequence = first, .deltas = {0}}).empty());
}

TEST(SentLog, RemembersOfWhichProbeAPacketIs) {
  SentLog log;
  const std::uint16_t first = log.add(kStart, 100, ProbeId{7});
  log.add(kStart, 100);
  const auto results = log.handle_feedback({.base_sequence = first, .deltas = {0, 0}});
  EXPECT_EQ(results.at(0).probe, ProbeId{7});
  EXPECT_FALSE(results.at(1).probe);
}

TEST(SentLog, IgnoresFeedbackOnWhatWasNeverSent) {
  SentLog log;
  EXPECT_TRUE(log.handle_feedback({.base_sequence = 9, .deltas = {0, 1, 2}}).empty());
  const std::uint16_t first = log.add(kStart, 100);
  const auto after = static_cast<std::uint16_t>(first + 1);
  EXPECT_TRUE(log.handle_feedback({.base_sequence = after, .deltas = {0}}).empty());
}

TEST(SentLog, KeepsCountingTimeWhereTheReferenceWraps) {
  SentLog log;
  const std::uint16_t first = log.add(kStart, 1);
  log.add(kStart, 1);
  const auto before =
      log.handle_feedback({.base_sequence = first, .reference_time = 0x7FFFFF, .deltas = {0}});
  const auto after = log.handle_feedback({.base_sequence = static_cast<std::uint16_t>(first + 1),
                                          .reference_time = -0x800000,
                                          .deltas = {0}});
  EXPECT_EQ(*after.at(0).received - *before.at(0).received, 64ms);
}

TEST(SentLog, ForgetsWhatNobodyTellsOf) {
  SentLog log({.memory = 10s, .max_packets = 3});
  for (int i = 0; i < 5; ++i) log.add(kStart, 1);
  EXPECT_EQ(log.bytes_in_flight(), 3u);
  log.add(kStart + 11s, 1);
  EXPECT_EQ(log.bytes_in_flight(), 1u);
}

TEST(SentLog, MayHearOfAMissingPacketLater) {
  SentLog log({.reordering = 250ms});
  const std::uint16_t first = log.add(kStart, 100);
  log.add(kStart + 250ms, 100);
  log.handle_feedback({.base_sequence = first, .deltas = {std::nullopt, 0}});
  const auto late = log.handle_feedback({.base_sequence = first, .deltas = {0}});
  ASSERT_EQ(late.size(), 1u);
  EXPECT_TRUE(late[0].received.has_value());
}

TEST(SentLog, GivesUpOnAMissingPacketOnceMuchLaterOnesCame) {
  SentLog log({.reordering = 250ms});
  const std::uint16_t first = log.add(kStart, 100);
  log.add(kStart + 251ms, 100);
  log.handle_feedback({.base_sequence = first, .deltas = {std::nullopt, 0}});
  EXPECT_TRUE(log.handle_feedback({.base_sequence = first, .deltas = {0}}).empty());
  EXPECT_EQ(log.bytes_in_flight(), 0u);
}

TEST(SentLog, KeepsAllThatIsMissingWhileNothingCame) {
  SentLog log;
  const std::uint16_t first = log.add(kStart, 100);
  log.handle_feedback({.base_sequence = first, .deltas = {std::nullopt}});
  EXPECT_EQ(log.handle_feedback({.base_sequence = first, .deltas = {0}}).size(), 1u);
}

// A server has one for each receiver: 250 packets a second, told of after 300 ms, 5% of them lost.
TEST(SentLog, HoldsAsMuchAsIsUnderWay) {
  std::mt19937 random{1};
  SentLog log;
  std::multimap<Time, std::pair<std::uint16_t, bool>> reports;
  std::size_t most = 0;
  for (Time now = kStart; now < kStart + 1min; now += 4ms) {
    reports.emplace(now + 300ms, std::pair(log.add(now, 1'200), random() % 20 != 0));
    for (; reports.begin()->first <= now; reports.erase(reports.begin())) {
      const auto [number, arrived] = reports.begin()->second;
      rtcp::TransportFeedback feedback{.base_sequence = number, .deltas = {std::nullopt}};
      if (arrived) feedback.deltas[0] = std::int16_t{0};
      log.handle_feedback(feedback);
    }
    most = std::max(most, log.bytes_held());
  }
  EXPECT_LE(most, 4'096u);
  for (int i = 0; i < 3'000; ++i) log.add(kStart + 1min, 1'200);  // A burst; then calm again.
  EXPECT_GT(log.bytes_held(), 4'096u);
  const std::uint16_t last = log.add(kStart + 2min, 1'200);
  for (int i = 0; i < 10; ++i) log.handle_feedback({.base_sequence = last, .deltas = {0}});
  EXPECT_LE(log.bytes_held(), 4'096u);
}

// A minute of a path that loses, delays and reorders: what the sender learns is the truth, to a
// quarter of a millisecond, over the wrap of the numbers.
TEST(TransportWide, TellsTheSenderWhatHappened) {
  std::mt19937 random{1};
  SentLog sent;
  ArrivalLog arrived;
  std::multimap<Time, std::uint16_t> on_the_way;
  std::map<std::uint64_t, Time> truth;  // By count of sending: arrivals.
  std::map<std::uint64_t, Duration> told;
  constexpr std::uint64_t kPackets = 80'000;
  Time now = kStart;
  const auto exchange = [&] {
    while (!on_the_way.empty() && on_the_way.begin()->first <= now) {
      const auto packet = on_the_way.extract(on_the_way.begin());
      arrived.handle_packet(packet.key(), packet.mapped());
    }
    while (const auto feedback = arrived.poll(now)) {
      for (const auto& result : sent.handle_feedback(*feedback)) {
        if (!result.received) continue;
        EXPECT_TRUE(told.emplace(result.seq.value, *result.received).second);
      }
    }
  };
  for (std::uint64_t i = 0; i < kPackets; ++i, now += 750us) {
    const std::uint16_t number = sent.add(now, 1'200);
    if (random() % 20 != 0) {
      const Time arrival = now + 20ms + Duration(random() % 10'000);
      on_the_way.emplace(arrival, number);
      truth.emplace((1 << 16) + i, arrival);
    }
    exchange();
  }
  now += 1s;
  exchange();
  ASSERT_EQ(told.size(), truth.size());
  const Duration offset = told.begin()->second - truth.begin()->second.time_since_epoch();
  for (const auto& [seq, arrival] : truth) {
    const Duration error = told.at(seq) - arrival.time_since_epoch() - offset;
    ASSERT_LE(std::chrono::abs(error), 250us) << seq;
  }
}

}  // namespace
}  // namespace parley::rtp
