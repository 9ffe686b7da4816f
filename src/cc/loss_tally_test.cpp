#include "cc/loss_tally.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

namespace parley::cc {
namespace {

using namespace std::chrono_literals;
using Result = rtp::SentLog::PacketResult;

constexpr Time kStart{1h};

// Packet n was sent n ms after the start.
std::vector<Result> results(std::initializer_list<std::uint64_t> received,
                            std::initializer_list<std::uint64_t> missing) {
  std::vector<Result> all;
  const auto add = [&](std::uint64_t seq, std::optional<Duration> time) {
    all.push_back({.seq = {seq},
                   .size = 100,
                   .sent = kStart + static_cast<int>(seq) * 1ms,
                   .received = time});
  };
  for (const std::uint64_t seq : received) add(seq, 1s);
  for (const std::uint64_t seq : missing) add(seq, std::nullopt);
  return all;
}

TEST(LossTally, CountsWhatArrived) {
  LossTally tally;
  const auto report = tally.handle_results(kStart + 50ms, results({1, 2, 3}, {})).value();
  EXPECT_EQ(report.packets, 3u);
  EXPECT_EQ(report.lost, 0u);
  EXPECT_EQ(report.size, DataSize::bytes(300));
  EXPECT_EQ(report.sent_first, kStart + 1ms);
  EXPECT_EQ(report.sent_last, kStart + 3ms);
}

TEST(LossTally, CountsAsLostWhatHasBeenMissingForAWhile) {
  LossTally tally({.grace = 100ms});
  EXPECT_EQ(tally.handle_results(kStart, results({1, 3}, {2}))->lost, 0u);
  EXPECT_EQ(tally.handle_results(kStart + 99ms, results({4}, {}))->lost, 0u);
  const auto report = tally.handle_results(kStart + 100ms, results({5}, {})).value();
  EXPECT_EQ(report.lost, 1u);
  EXPECT_EQ(report.packets, 2u);
  EXPECT_EQ(report.sent_first, kStart + 2ms);
  EXPECT_EQ(tally.handle_results(kStart + 300ms, results({6}, {}))->lost, 0u);
}

TEST(LossTally, TakesWhatWasOvertakenForNoLoss) {
  LossTally tally({.grace = 100ms});
  tally.handle_results(kStart, results({1, 3}, {2}));
  tally.handle_results(kStart + 50ms, results({2, 4}, {}));
  EXPECT_EQ(tally.handle_results(kStart + 200ms, results({5}, {}))->lost, 0u);
}

TEST(LossTally, WaitsFromTheFirstTimeThatItIsMissing) {
  LossTally tally({.grace = 100ms});
  EXPECT_FALSE(tally.handle_results(kStart, results({}, {2})).has_value());
  EXPECT_FALSE(tally.handle_results(kStart + 60ms, results({}, {2})).has_value());
  EXPECT_EQ(tally.handle_results(kStart + 120ms, results({}, {2}))->lost, 1u);
}

TEST(LossTally, HoldsABoundedNumberOfPackets) {
  LossTally tally({.grace = 1h, .max_missing = 10});
  std::size_t lost = 0;
  for (std::uint64_t seq = 0; seq < 100; ++seq) {
    if (const auto report = tally.handle_results(kStart, results({}, {seq}))) lost += report->lost;
  }
  EXPECT_EQ(lost, 90u);
}

}  // namespace
}  // namespace parley::cc
