#include "cc/probe_burst.h"

#include <gtest/gtest.h>

namespace parley::cc {
namespace {

using namespace std::chrono_literals;
using rtp::ProbeId;

constexpr Time kStart{1h};
constexpr DataSize kPacket = DataSize::bytes(1'250);  // 10 ms at 1 Mbit/s.

ProbeCluster cluster(std::uint64_t id) {
  return {.id = {id}, .rate = DataRate::mbps(1), .min_packets = 3, .min_size = kPacket * 4};
}

TEST(ProbeBurst, SendsAClusterAtItsRateUntilItIsWhole) {
  ProbeBurst burst;
  EXPECT_EQ(burst.next_deadline(), kNever);
  burst.add(kStart, cluster(1));
  for (int i = 0; i < 4; ++i) {
    const Time due = kStart + i * 10ms;
    EXPECT_EQ(burst.next_deadline(), due);
    EXPECT_FALSE(burst.due(due - 1us).has_value());
    EXPECT_EQ(burst.due(due), ProbeId{1});
    burst.handle_sent(due, kPacket);
  }
  EXPECT_EQ(burst.next_deadline(), kNever);
  EXPECT_EQ(burst.abandoned(), 0u);
}

TEST(ProbeBurst, SendsAsManyPacketsAsAreNeededHoweverLarge) {
  ProbeBurst burst;
  burst.add(kStart, cluster(1));
  Time now = kStart;
  for (int i = 0; i < 3; ++i) {
    now = std::max(now, burst.next_deadline());
    EXPECT_TRUE(burst.due(now).has_value());
    burst.handle_sent(now, kPacket * 2);
  }
  EXPECT_EQ(burst.next_deadline(), kNever);
}

TEST(ProbeBurst, SendsClustersOneAfterTheOther) {
  ProbeBurst burst;
  burst.add(kStart, cluster(1));
  burst.add(kStart, cluster(2));
  Time now = kStart;
  for (int i = 0; i < 8; ++i) {
    now = std::max(now, burst.next_deadline());
    EXPECT_EQ(burst.due(now), ProbeId{i < 4 ? 1u : 2u});
    burst.handle_sent(now, kPacket);
  }
  EXPECT_FALSE(burst.due(now + 1s).has_value());
}

TEST(ProbeBurst, AbandonsAClusterThatLostItsPace) {
  ProbeBurst burst;
  burst.add(kStart, cluster(1));
  burst.add(kStart, cluster(2));
  EXPECT_EQ(burst.due(kStart), ProbeId{1});
  burst.handle_sent(kStart, kPacket);
  EXPECT_EQ(burst.due(kStart + 30ms), ProbeId{1});
  EXPECT_EQ(burst.due(kStart + 31ms), ProbeId{2});
  EXPECT_EQ(burst.abandoned(), 1u);
}

TEST(ProbeBurst, AbandonsAClusterWhoseTurnNeverCame) {
  ProbeBurst burst;
  burst.add(kStart, cluster(1));
  EXPECT_EQ(burst.due(kStart + 5s), ProbeId{1});
  EXPECT_FALSE(burst.due(kStart + 5s + 1us).has_value());
  EXPECT_EQ(burst.next_deadline(), kNever);
}

TEST(ProbeBurst, KeepsABoundedNumberAndNoneWithoutARate) {
  ProbeBurst burst;
  burst.add(kStart, {.id = {1}});
  EXPECT_EQ(burst.next_deadline(), kNever);
  for (std::uint64_t id = 1; id <= 10; ++id) burst.add(kStart, cluster(id));
  EXPECT_EQ(burst.abandoned(), 2u);
}

}  // namespace
}  // namespace parley::cc
