#include "cc/send_controller.h"

#include <gtest/gtest.h>

#include <vector>

#include "cc/test_call.h"

namespace parley::cc {
namespace {

using namespace std::chrono_literals;
using test::kStart;
using Result = rtp::SentLog::PacketResult;

struct Outputs {
  std::vector<TargetChanged> targets;
  std::vector<ProbeCluster> probes;
};

Outputs drain(SendController& controller) {
  Outputs outputs;
  while (const auto output = controller.poll_output()) {
    if (const auto* const target = std::get_if<TargetChanged>(&*output)) {
      outputs.targets.push_back(*target);
    } else {
      outputs.probes.push_back(std::get<ProbeCluster>(*output));
    }
  }
  return outputs;
}

// Sends `rate` for a while, 1,000 bytes a packet; each arrives 20 ms later and is reported, with
// those of the same 50 ms, after a round trip of 40 ms.
struct Wire {
  SendController& controller;
  Time now = kStart;
  std::uint64_t seq = 1;

  void send(Duration time, DataRate rate) {
    std::vector<Result> under_way;
    for (const Time end = now + time; now < end;) {
      const DataSize packet = DataSize::bytes(1'000);
      under_way.push_back(
          {.seq = {seq++}, .size = 1'000, .sent = now, .received = now.time_since_epoch() + 20ms});
      controller.handle_sent(now, packet);
      now += packet / rate;
      if (now - under_way.front().sent < 50ms) continue;
      controller.handle_input(now + 40ms, {under_way});
      now = std::max(now, under_way.back().sent + 40ms);
      under_way.clear();
    }
  }
};

TEST(SendController, IsSilentUntilItStarts) {
  SendController controller;
  EXPECT_FALSE(controller.poll_output().has_value());
  EXPECT_EQ(controller.next_deadline(), kNever);
  controller.set_limits(kStart, {.start = DataRate::kbps(500)});
  EXPECT_FALSE(controller.poll_output().has_value());
  controller.start(kStart);
  EXPECT_EQ(drain(controller).targets.at(0).target, DataRate::kbps(500));
}

TEST(SendController, BeginsWithTheStartRateAndTwoProbes) {
  SendController controller({.padding = DataRate::kbps(100)});
  controller.start(kStart);
  const Outputs outputs = drain(controller);
  EXPECT_EQ(outputs.targets, (std::vector<TargetChanged>{{.target = DataRate::kbps(300),
                                                          .pacing = DataRate::kbps(450),
                                                          .padding = DataRate::kbps(100)}}));
  ASSERT_EQ(outputs.probes.size(), 2u);
  EXPECT_EQ(outputs.probes[0].rate, DataRate::kbps(900));
  EXPECT_EQ(outputs.probes[1].rate, DataRate::kbps(1'800));
  EXPECT_FALSE(controller.poll_output().has_value());
}

TEST(SendController, TellsATargetOnce) {
  SendController controller;
  controller.start(kStart);
  drain(controller);
  controller.handle_timeout(kStart + 1s);
  controller.handle_timeout(kStart + 2s);
  EXPECT_TRUE(drain(controller).targets.empty());
}

TEST(SendController, LeavesTheTargetWhereItIsWithoutFeedback) {
  SendController controller;
  controller.start(kStart);
  for (int i = 0; i < 1'000; ++i) {
    controller.handle_sent(kStart + i * 20ms, DataSize::bytes(1'000));
    controller.handle_timeout(kStart + i * 20ms);
  }
  EXPECT_EQ(controller.target(), DataRate::kbps(300));
  EXPECT_EQ(drain(controller).probes.size(), 2u);
}

TEST(SendController, TakesRembForACapAsLongAsItIsRepeated) {
  SendController controller;
  controller.start(kStart);
  controller.handle_remb(kStart, DataRate::kbps(100));
  EXPECT_EQ(controller.target(), DataRate::kbps(100));
  EXPECT_EQ(controller.stats().remb, DataRate::kbps(100));
  EXPECT_EQ(controller.next_deadline(), kStart + 10s);
  controller.handle_timeout(kStart + 10s);
  EXPECT_EQ(controller.target(), DataRate::kbps(300));
  controller.handle_remb(kStart + 11s, DataRate::bps(1));
  EXPECT_EQ(controller.target(), DataRate::kbps(30));  // The minimum is ours.
}

TEST(SendController, ObeysNewLimitsAtOnce) {
  SendController controller;
  controller.start(kStart);
  controller.set_limits(kStart, {.max = DataRate::kbps(200)});
  EXPECT_EQ(controller.target(), DataRate::kbps(200));
  controller.set_limits(kStart, {.min = DataRate::kbps(250), .start = DataRate::kbps(200)});
  EXPECT_EQ(controller.target(), DataRate::kbps(250));
}

TEST(SendController, BearsLimitsThatContradictEachOther) {
  SendController controller({.limits = {.min = DataRate::mbps(9), .max = DataRate::mbps(2)}});
  controller.start(kStart);
  EXPECT_EQ(controller.target(), DataRate::mbps(2));
  controller.set_limits(kStart, {.min = DataRate::bps(-5), .start = {}, .max = DataRate::bps(-3)});
  EXPECT_EQ(controller.target(), DataRate::kbps(1));
}

TEST(SendController, FollowsLossReportsWhereThereIsNoFeedback) {
  SendController controller;
  controller.start(kStart);
  Time now = kStart;
  const auto report_for = [&](int seconds, std::uint64_t lost) {
    for (const Time end = now + seconds * 1s; now < end; now += 1s) {
      controller.handle_sent(now, controller.target() * 1s);
      controller.handle_round_trip(now, 80ms);
      controller.handle_loss_report(now, lost, 100);
    }
  };
  report_for(60, 0);
  const DataRate calm = controller.target();
  EXPECT_GT(calm, DataRate::kbps(600));
  EXPECT_EQ(controller.stats().rtt, 80ms);
  report_for(20, 40);
  EXPECT_LT(controller.target(), calm * 0.6);
}

TEST(SendController, GivesWayWhenFeedbackCeases) {
  SendController controller;
  controller.start(kStart);
  Wire wire{controller};
  wire.send(3s, DataRate::kbps(300));
  const DataRate before = controller.target();
  EXPECT_GE(before, DataRate::kbps(300));
  for (const Time end = wire.now + 5s; wire.now < end; wire.now += 20ms) {
    controller.handle_sent(wire.now, DataSize::bytes(1'000));
  }
  EXPECT_NEAR(controller.target() / before, 0.8 * 0.8 * 0.8, 0.01);
  EXPECT_TRUE(controller.stats().feedback_timed_out);
  drain(controller);
  wire.send(100ms, DataRate::kbps(300));
  EXPECT_FALSE(controller.stats().feedback_timed_out);
  EXPECT_EQ(drain(controller).probes.at(0).rate, before * 0.85);
}

TEST(SendController, ForgetsAllOnAnotherRoute) {
  SendController controller;
  controller.start(kStart);
  Wire wire{controller};
  wire.send(20s, DataRate::kbps(600));
  EXPECT_GT(controller.target(), DataRate::kbps(600));
  drain(controller);
  controller.handle_route_change(wire.now);
  const Outputs outputs = drain(controller);
  EXPECT_EQ(outputs.targets.at(0).target, DataRate::kbps(300));
  EXPECT_EQ(outputs.probes.size(), 2u);
  EXPECT_FALSE(controller.stats().acked.has_value());
  EXPECT_FALSE(controller.stats().rtt.has_value());
}

TEST(SendController, MeasuresTheRoundTripWithoutTheWaitForTheReport) {
  SendController controller;
  controller.start(kStart);
  const std::vector<Result> results = {
      {.seq = {1}, .size = 100, .sent = kStart, .received = 5s},
      {.seq = {2}, .size = 100, .sent = kStart + 40ms, .received = 5s + 60ms}};
  controller.handle_input(kStart + 100ms, {results});
  EXPECT_EQ(controller.stats().rtt, 40ms);  // Of the first: 60 of its 100 ms it waited.
}

TEST(SendController, CountsResultsThatMakeNoSense) {
  SendController controller;
  controller.start(kStart);
  const std::vector<Result> results = {{.sent = kStart + 1s, .received = 0ms},
                                       {.sent = kStart - 2min, .received = 0ms},
                                       {.sent = kStart, .received = Duration::max()},
                                       {.sent = kStart, .received = Duration::min()}};
  controller.handle_input(kStart, {results});
  controller.handle_input(kStart, {});
  EXPECT_EQ(controller.stats().ignored_results, 4u);
  EXPECT_FALSE(controller.stats().rtt.has_value());
}

TEST(SendController, BearsAnyTime) {
  SendController controller;
  controller.start(kAtOnce);
  for (const Time now : {kNever, kAtOnce, kStart, kNever}) {
    controller.handle_sent(now, DataSize::bytes(1'000));
    controller.handle_timeout(now);
    controller.handle_remb(now, DataRate::infinite());
    controller.handle_round_trip(now, Duration::max());
    controller.handle_loss_report(now, 5, 3);
    controller.handle_route_change(now);
  }
  EXPECT_EQ(controller.target(), DataRate::kbps(300));
}

// A third of the feedback of a path without delay of its own is lost: it is no reason to slow down.
TEST(SendController, TakesLostFeedbackForNoLowThroughput) {
  test::Call call({.latency = 20ms, .bits_per_second = 2'000'000}, {.latency = 20ms, .loss = 0.3},
                  1);
  test::Flow& flow = call.add_flow();
  call.run_until(kStart + 30s);
  EXPECT_GT(flow.controller.target(), DataRate::kbps(1'500));
  EXPECT_GT(flow.controller.stats().acked, flow.controller.target() * 0.8);
}

TEST(SendController, TakesWhatALimitedApplicationSentForNoMeasureOfThePath) {
  SendController controller({.limits = {.start = DataRate::mbps(2)}});
  controller.start(kStart);
  Wire wire{controller};
  wire.send(10s, DataRate::kbps(100));
  EXPECT_TRUE(controller.stats().application_limited);
  wire.send(2s, DataRate::mbps(5));
  EXPECT_FALSE(controller.stats().application_limited);
  EXPECT_GT(controller.stats().acked.value(), DataRate::kbps(800));
}

}  // namespace
}  // namespace parley::cc
