#include "cc/inter_arrival.h"

#include <gtest/gtest.h>

#include <vector>

namespace parley::cc {
namespace {

using namespace std::chrono_literals;
using Deltas = InterArrival::Deltas;

constexpr Time kStart{1h};

// Packets by when they were sent and received; reported as they come.
struct Path {
  InterArrival inter_arrival;
  std::vector<Deltas> deltas;

  void packet(Duration sent, Duration received) { packet_reported(sent, received, received); }
  void packet_reported(Duration sent, Duration received, Duration reported) {
    const auto result = inter_arrival.handle_packet(kStart + reported, kStart + sent, received);
    if (result) deltas.push_back(*result);
  }
};

TEST(InterArrival, ComparesTheLastPacketsOfTwoBurstsWhenAThirdBegins) {
  Path path;
  path.packet(0ms, 50ms);
  path.packet(4ms, 55ms);
  path.packet(20ms, 70ms);
  path.packet(25ms, 83ms);
  EXPECT_TRUE(path.deltas.empty());
  path.packet(40ms, 90ms);
  EXPECT_EQ(path.deltas, (std::vector<Deltas>{{.sent = 21ms, .received = 28ms}}));
}

TEST(InterArrival, TakesWhatIsSentWithinFiveMillisecondsForOneBurst) {
  Path path;
  for (int i = 0; i < 4; ++i) path.packet(i * 6ms, i * 6ms);
  EXPECT_EQ(path.deltas.size(), 2u);
  Path dense;
  for (int i = 0; i < 4; ++i) dense.packet(i * 1ms, i * 6ms);
  EXPECT_TRUE(dense.deltas.empty());
}

TEST(InterArrival, JoinsWhatABlockedLinkReleasesAtOnce) {
  Path path;
  path.packet(0ms, 50ms);
  path.packet(20ms, 120ms);
  path.packet(40ms, 121ms);  // 20 ms later sent, 1 ms later there.
  path.packet(60ms, 122ms);
  path.packet(80ms, 142ms);
  EXPECT_EQ(path.deltas, (std::vector<Deltas>{{.sent = 60ms, .received = 72ms}}));
}

TEST(InterArrival, EndsABurstThatWouldGoOnForEver) {
  Path path;
  path.packet(0ms, 0ms);
  for (int i = 1; i < 60; ++i) path.packet(i * 10ms, i * 4ms);
  EXPECT_GE(path.deltas.size(), 1u);
}

TEST(InterArrival, IgnoresWhatWasOvertaken) {
  Path path;
  path.packet(0ms, 50ms);
  path.packet(20ms, 70ms);
  path.packet(1ms, 75ms);
  path.packet(40ms, 90ms);
  EXPECT_EQ(path.deltas, (std::vector<Deltas>{{.sent = 20ms, .received = 20ms}}));
}

TEST(InterArrival, BeginsAnewWhenTheReceiversClockJumps) {
  Path path;
  path.packet_reported(0ms, 0ms, 0ms);
  path.packet_reported(20ms, 10s, 20ms);
  path.packet_reported(40ms, 10s + 20ms, 40ms);
  EXPECT_TRUE(path.deltas.empty());
  path.packet_reported(60ms, 10s + 40ms, 60ms);
  EXPECT_EQ(path.deltas, (std::vector<Deltas>{}));
  path.packet_reported(80ms, 10s + 60ms, 80ms);
  EXPECT_EQ(path.deltas, (std::vector<Deltas>{{.sent = 20ms, .received = 20ms}}));
}

TEST(InterArrival, ForgivesBurstsThatAreOvertakenNowAndThen) {
  Path path;
  for (int i = 0; i < 90; ++i) {
    const bool is_late = i % 9 == 5;  // Each is overtaken by the two after it.
    path.packet(i * 20ms, 50ms + i * 20ms + (is_late ? 45ms : 0ms));
  }
  // One in nine ends after the one behind it, so that its follower's delta is of no use.
  EXPECT_GE(path.deltas.size(), 78u);
}

TEST(InterArrival, BeginsAnewWhenTheReceiversClockRunsBackwards) {
  Path path;
  for (int i = 0; i < 20; ++i) path.packet(i * 20ms, 10s - i * 20ms);
  EXPECT_TRUE(path.deltas.empty());
  for (int i = 20; i < 30; ++i) path.packet(i * 20ms, 1s + i * 20ms);
  EXPECT_GE(path.deltas.size(), 6u);
}

}  // namespace
}  // namespace parley::cc
