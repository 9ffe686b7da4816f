#include "rtp/nack_generator.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <random>

namespace parley::rtp {
namespace {

using namespace std::chrono_literals;
using Feedback = NackGenerator::Feedback;

constexpr Time kStart{1h};
constexpr Feedback kNothing{};

void receive(NackGenerator& nack, Time now, std::initializer_list<std::uint64_t> seqs) {
  for (const std::uint64_t seq : seqs) nack.handle_packet(now, SeqNo{seq});
}

TEST(NackGenerator, StaysSilentWithoutLoss) {
  NackGenerator nack;
  receive(nack, kStart, {1, 2, 3});
  EXPECT_EQ(nack.next_deadline(), kNever);
  EXPECT_EQ(nack.poll(kStart + 1s), kNothing);
}

TEST(NackGenerator, TakesADuplicateForNoLoss) {
  NackGenerator nack;
  receive(nack, kStart, {1, 2, 2, 1});
  EXPECT_EQ(nack.next_deadline(), kNever);
}

TEST(NackGenerator, GivesReorderedPacketsTimeToArrive) {
  NackGenerator nack({.reorder_grace = 10ms});
  receive(nack, kStart, {1, 4, 2, 3});
  EXPECT_EQ(nack.next_deadline(), kNever);
}

TEST(NackGenerator, RequestsMissingPacketsOldestFirst) {
  NackGenerator nack({.reorder_grace = 10ms});
  receive(nack, kStart, {1, 3, 6});
  EXPECT_EQ(nack.next_deadline(), kStart + 10ms);
  EXPECT_EQ(nack.poll(kStart + 9ms), kNothing);
  EXPECT_EQ(nack.poll(kStart + 10ms), (Feedback{.missing = {{2}, {4}, {5}}}));
}

TEST(NackGenerator, RetriesOncePerRoundTrip) {
  NackGenerator nack({.reorder_grace = 0ms});
  nack.set_round_trip_time(80ms);
  receive(nack, kStart, {1, 3});
  EXPECT_EQ(nack.poll(kStart), (Feedback{.missing = {{2}}}));
  EXPECT_EQ(nack.next_deadline(), kStart + 80ms);
  EXPECT_EQ(nack.poll(kStart + 80ms), (Feedback{.missing = {{2}}}));
}

TEST(NackGenerator, AsksForAKeyFrameOnceItGivesUp) {
  NackGenerator nack({.reorder_grace = 0ms, .max_requests = 1});
  receive(nack, kStart, {1, 3});
  EXPECT_EQ(nack.poll(kStart), (Feedback{.missing = {{2}}}));
  EXPECT_EQ(nack.poll(kStart + 1s), (Feedback{.key_frame = true}));
  EXPECT_EQ(nack.next_deadline(), kNever);
}

TEST(NackGenerator, AsksForAKeyFrameAtOnceAfterALongGap) {
  NackGenerator nack({.max_missing = 500});
  receive(nack, kStart, {1, 10'000});
  EXPECT_EQ(nack.next_deadline(), kAtOnce);
  EXPECT_EQ(nack.poll(kStart), (Feedback{.key_frame = true}));
}

TEST(NackGenerator, ForgetsWhatAKeyFrameHasMadeUseless) {
  NackGenerator nack;
  nack.handle_packet(kStart, SeqNo{1});
  nack.handle_packet(kStart, SeqNo{4});
  nack.handle_packet(kStart, SeqNo{6});
  nack.forget_before(SeqNo{4});
  EXPECT_EQ(nack.poll(kStart + 1s).missing, std::vector{SeqNo{5}});
  nack.forget_before(SeqNo{6});
  EXPECT_EQ(nack.next_deadline(), kNever);
  EXPECT_FALSE(nack.poll(kStart + 1h).key_frame);
}

// Ten minutes of a stream that loses every tenth packet and every tenth retransmission; then calm.
TEST(NackGenerator, RepairsEveryLossOnALossyPath) {
  constexpr Duration kRoundTrip = 50ms;
  constexpr std::uint64_t kLossy = 60'000;
  constexpr std::uint64_t kCalm = 1'000;
  std::mt19937 random{1};  // Seeded: the same losses on every run.

  NackGenerator nack;
  nack.set_round_trip_time(kRoundTrip);
  std::multimap<Time, SeqNo> retransmissions;  // By time of arrival.
  Time now = kStart;
  for (std::uint64_t seq = 1; seq <= kLossy + kCalm; ++seq, now += 10ms) {
    const auto lost = [&] { return seq < kLossy && random() % 10 == 0; };
    if (!lost()) nack.handle_packet(now, SeqNo{seq});
    while (!retransmissions.empty() && retransmissions.begin()->first <= now) {
      nack.handle_packet(now, retransmissions.extract(retransmissions.begin()).mapped());
    }
    const Feedback feedback = nack.poll(now);
    ASSERT_FALSE(feedback.key_frame) << "gave up at packet " << seq;
    for (const SeqNo missing : feedback.missing) {
      if (!lost()) retransmissions.emplace(now + kRoundTrip, missing);
    }
  }
  EXPECT_EQ(nack.next_deadline(), kNever);
}

}  // namespace
}  // namespace parley::rtp
