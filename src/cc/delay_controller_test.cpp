#include "cc/delay_controller.h"

#include <gtest/gtest.h>

#include <vector>

namespace parley::cc {
namespace {

using namespace std::chrono_literals;
using Result = rtp::SentLog::PacketResult;

// Reports of 50 ms each, with a packet every 10 ms whose delay grows by `growth` from one to the
// next.
struct Reports {
  DelayController control{DataRate::kbps(1'000), DataRate::kbps(50), DataRate::mbps(10)};
  Time now{1h};
  Duration delay = 20ms;
  int overuses = 0;
  int recoveries = 0;
  bool limited = false;

  void send(int reports, Duration growth, std::optional<ProbeEstimator::Result> probe = {}) {
    for (int i = 0; i < reports; ++i) {
      std::vector<Result> arrived;
      for (int packet = 0; packet < 5; ++packet, now += 10ms) {
        delay += growth;
        arrived.push_back({.sent = now, .received = now.time_since_epoch() + delay});
      }
      const auto verdict = control.handle_report(now, {.arrived = arrived,
                                                       .acked = DataRate::kbps(800),
                                                       .probe = probe,
                                                       .limited = limited,
                                                       .little_sent = limited});
      overuses += verdict.usage == Usage::kOverusing;
      recoveries += verdict.recovered;
    }
  }
};

TEST(DelayController, GrowsWhileDelayIsEven) {
  Reports reports;
  reports.send(40, 0ms);
  EXPECT_GT(reports.control.rate(), DataRate::kbps(1'100));
  EXPECT_EQ(reports.control.queue(), 0ms);
}

TEST(DelayController, GivesWayToAQueueAndRecoversWhenItIsGone) {
  Reports reports;
  reports.send(20, 0ms);
  reports.send(10, 3ms);
  EXPECT_GT(reports.overuses, 0);
  EXPECT_LT(reports.control.rate(), DataRate::kbps(800));
  EXPECT_NEAR(static_cast<double>(reports.control.queue().count()), 138'000, 10'000);
  EXPECT_EQ(reports.recoveries, 0);
  reports.send(10, -3ms);
  reports.send(40, 0ms);
  EXPECT_EQ(reports.recoveries, 1);
}

TEST(DelayController, TakesAProbesRateAtOnceButNoLowerOne) {
  Reports reports;
  reports.send(20, 0ms);
  reports.send(1, 0ms, {{.rate = DataRate::kbps(3'000)}});
  EXPECT_EQ(reports.control.rate(), DataRate::kbps(3'000));
  reports.send(1, 0ms, {{.rate = DataRate::kbps(500)}});
  EXPECT_GE(reports.control.rate(), DataRate::kbps(3'000));
}

TEST(DelayController, TakesWhatAProofFoundWhereLittleIsSentIfItIsLess) {
  Reports reports;
  reports.send(1, 0ms, {{.rate = DataRate::kbps(3'000)}});
  const ProbeEstimator::Result proof{.rate = DataRate::kbps(500), .kind = ProbeKind::kProof};
  reports.send(1, 0ms, proof);
  EXPECT_EQ(reports.control.rate(), DataRate::kbps(3'000));  // What it sends would show it.
  reports.limited = true;
  reports.send(1, 0ms, proof);
  EXPECT_EQ(reports.control.rate(), DataRate::kbps(500));
}

TEST(DelayController, TrustsNoProbeWhileAQueueGrows) {
  Reports reports;
  reports.send(20, 0ms);
  reports.send(8, 5ms);
  reports.send(1, 5ms, {{.rate = DataRate::kbps(3'000)}});
  EXPECT_LT(reports.control.rate(), DataRate::kbps(1'000));
}

// What arrives of an application that sends little is no limit, but where a queue stands.
TEST(DelayController, TakesWhatArrivesOfALimitedApplicationForALimitWhereAQueueStands) {
  Reports reports;
  reports.control.set_rate(reports.now, DataRate::mbps(8));
  reports.limited = true;
  reports.send(20, 0ms);
  reports.send(2, 3ms);
  EXPECT_GT(reports.overuses, 0);
  EXPECT_FALSE(reports.control.is_filled());
  EXPECT_GT(reports.control.rate(), DataRate::mbps(7));
  reports.send(10, 6ms);
  EXPECT_TRUE(reports.control.is_filled());
  EXPECT_LT(reports.control.rate(), DataRate::kbps(800));
}

// Frames of 10 packets, all sent at once 15 times a second, into a path that needs 25 ms for each
// packet; 3 of them a report. A second of it is not enough for the trend.
class Flood : public testing::Test {
 protected:
  Flood() {
    frames.control.set_rate(frames.now, DataRate::kbps(3'000));
    frames.send(20, 0ms);
    sent = frames.now;
    received = sent.time_since_epoch() + frames.delay;
  }
  DataRate after(int reports, bool measuring = false) {
    std::vector<Result> arrived(3);
    for (int i = 0; i < reports; ++i) {
      for (Result& packet : arrived) packet = next();
      frames.control.handle_report(
          Time{received + 10ms},
          {.arrived = arrived, .acked = DataRate::kbps(400), .measuring = measuring});
    }
    return frames.control.rate();
  }
  Result next() {
    if (++packets % 10 == 0) sent += 66ms;
    return {.sent = sent, .received = received += 25ms};
  }

  Reports frames;
  Time sent;
  Duration received;
  int packets = 0;
};

TEST_F(Flood, IsGivenWayToBeforeATrendShows) {
  const DataRate before = frames.control.rate();
  EXPECT_GE(after(1), before);
  EXPECT_LT(after(2), DataRate::kbps(400));
}

TEST_F(Flood, IsGivenWayToOnceWhatComesOutHasBeenMeasured) {
  const DataRate before = frames.control.rate();
  EXPECT_GE(after(3, true), before);
  EXPECT_LT(after(1), DataRate::kbps(400));
}

TEST_F(Flood, IsNotWhatOneReportShows) {
  const DataRate before = frames.control.rate();
  received += 150ms;  // It stands still for that long.
  EXPECT_GE(after(1), before);
}

TEST(DelayController, LearnsDelayAnewAfterASilence) {
  Reports reports;
  reports.send(20, 0ms);
  reports.now += 3s;
  reports.delay += 500ms;  // Another path.
  reports.send(20, 0ms);
  EXPECT_EQ(reports.overuses, 0);
  EXPECT_EQ(reports.control.queue(), 0ms);
}

TEST(DelayController, DrainsAQueueThatOverflows) {
  Reports reports;
  reports.send(20, 0ms);
  reports.delay += 200ms;
  reports.send(60, 0ms);  // It stands, for 3 s.
  const DataRate before = reports.control.rate();
  reports.control.handle_losses(reports.now, DataRate::kbps(500));
  EXPECT_LT(reports.control.rate(), before * 0.8);
}

TEST(DelayController, BearsAnEmptyReport) {
  Reports reports;
  EXPECT_EQ(reports.control.handle_report(reports.now, {}).usage, Usage::kNormal);
}

}  // namespace
}  // namespace parley::cc
