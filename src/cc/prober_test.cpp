#include "cc/prober.h"

#include <gtest/gtest.h>

#include <vector>

namespace parley::cc {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr DataRate kMax = DataRate::mbps(10);

std::vector<double> poll_kbps(Prober& prober, Time now) {
  std::vector<double> rates;
  while (const auto cluster = prober.poll(now)) rates.push_back(cluster->rate.in_kbps());
  return rates;
}

using Rates = std::vector<double>;

// One that has begun at 300 kbit/s and then found 2 Mbit/s.
struct Probing {
  Prober prober;
  Time now = kStart;

  Probing() {
    prober.start(now, DataRate::kbps(300), kMax);
    poll_kbps(prober, now);
    prober.set_periodic(true);
    now += 2s;
    set_target(DataRate::mbps(2));
  }
  void set_target(DataRate target, DataRate cap = DataRate::infinite()) {
    prober.handle_target(now, target, cap);
  }
  Rates poll() { return poll_kbps(prober, now); }
};

TEST(Prober, TriesThreeAndSixTimesTheStartRate) {
  Prober prober;
  prober.start(kStart, DataRate::kbps(300), kMax);
  EXPECT_EQ(prober.next_deadline(), kAtOnce);
  const ProbeCluster first = prober.poll(kStart).value();
  const ProbeCluster second = prober.poll(kStart).value();
  EXPECT_EQ(first.rate, DataRate::kbps(900));
  EXPECT_EQ(second.rate, DataRate::kbps(1'800));
  EXPECT_NE(first.id, second.id);
  EXPECT_EQ(second.min_size, DataRate::kbps(1'800) * 15ms);
  EXPECT_FALSE(prober.poll(kStart).has_value());
}

TEST(Prober, GoesOnWhileItGoesWell) {
  Prober prober;
  prober.start(kStart, DataRate::kbps(300), kMax);
  poll_kbps(prober, kStart);
  prober.handle_result(kStart + 100ms, DataRate::kbps(900));  // Of the first: less than 70%.
  EXPECT_EQ(poll_kbps(prober, kStart + 100ms), Rates{});
  prober.handle_result(kStart + 100ms, DataRate::kbps(1'700));
  EXPECT_EQ(poll_kbps(prober, kStart + 100ms), Rates{3'400});
  prober.handle_result(kStart + 200ms, DataRate::kbps(2'000));  // The capacity.
  EXPECT_EQ(poll_kbps(prober, kStart + 200ms), Rates{});
}

TEST(Prober, DoesNotGoOnAfterALateResultOrAnOveruse) {
  Prober prober;
  prober.start(kStart, DataRate::kbps(300), kMax);
  poll_kbps(prober, kStart);
  prober.handle_result(kStart + 1100ms, DataRate::kbps(1'800));
  EXPECT_EQ(poll_kbps(prober, kStart + 1100ms), Rates{});
  prober.start(kStart, DataRate::kbps(300), kMax);
  poll_kbps(prober, kStart);
  prober.handle_overuse(kStart + 100ms);
  prober.handle_result(kStart + 200ms, DataRate::kbps(1'800));
  EXPECT_EQ(poll_kbps(prober, kStart + 200ms), Rates{});
}

TEST(Prober, HoldsBackWhatWaitsInAnOveruse) {
  Prober prober;
  prober.start(kStart, DataRate::kbps(300), kMax);
  prober.handle_overuse(kStart);
  EXPECT_EQ(poll_kbps(prober, kStart), Rates{});
}

TEST(Prober, StopsAtTheMaximum) {
  Prober prober;
  prober.start(kStart, DataRate::kbps(300), DataRate::kbps(1'000));
  EXPECT_EQ(poll_kbps(prober, kStart), (Rates{900, 1'000}));
  prober.handle_target(kStart, DataRate::kbps(300), DataRate::infinite());
  prober.handle_result(kStart + 100ms, DataRate::kbps(1'000));
  EXPECT_EQ(poll_kbps(prober, kStart + 100ms), Rates{});
  prober.set_periodic(true);
  prober.handle_target(kStart + 1s, DataRate::kbps(1'000), DataRate::infinite());
  EXPECT_EQ(prober.next_deadline(), kNever);
}

TEST(Prober, TriesTwiceTheTargetInALongCalm) {
  Probing p;
  p.prober.handle_overuse(p.now);
  EXPECT_EQ(p.prober.next_deadline(), p.now + 5s);
  p.now += 4999ms;
  EXPECT_EQ(p.poll(), Rates{});
  p.now += 1ms;
  EXPECT_EQ(p.poll(), Rates{4'000});
  EXPECT_EQ(p.prober.next_deadline(), p.now + 5s);
}

TEST(Prober, RepeatsNothingUntilResultsCome) {
  Prober prober;
  prober.start(kStart, DataRate::kbps(300), kMax);
  poll_kbps(prober, kStart);
  EXPECT_EQ(prober.next_deadline(), kNever);
}

TEST(Prober, TriesWhileTheApplicationIsLimitedThoughOverusesWere) {
  Probing p;
  p.prober.set_limited_since(p.now);
  p.now += 4s;
  p.prober.handle_overuse(p.now);
  p.now += 1s;
  EXPECT_EQ(p.poll(), Rates{4'000});
}

TEST(Prober, DoesNotProbeAboveACap) {
  Probing p;
  p.set_target(DataRate::mbps(2), DataRate::kbps(2'500));
  p.now += 5s;
  EXPECT_EQ(p.poll(), Rates{2'500});
  p.set_target(DataRate::mbps(2), DataRate::mbps(2));
  p.now += 5s;
  EXPECT_EQ(p.prober.next_deadline(), kNever);
  EXPECT_EQ(p.poll(), Rates{});
}

TEST(Prober, TriesToReturnAfterALargeDrop) {
  Probing p;
  p.set_target(DataRate::kbps(1'000));
  p.now += 1s;
  p.prober.handle_recovery(p.now);
  EXPECT_EQ(p.poll(), Rates{1'700});
  p.prober.handle_recovery(p.now);  // Once.
  EXPECT_EQ(p.poll(), Rates{});
}

TEST(Prober, LetsASmallOrAnOldDropBe) {
  Probing p;
  p.set_target(DataRate::kbps(1'400));
  p.prober.handle_recovery(p.now);
  EXPECT_EQ(p.poll(), Rates{});
  p.set_target(DataRate::kbps(500));
  p.prober.handle_overuse(p.now + 15s);
  p.now += 15s + 1us;
  p.prober.handle_recovery(p.now);
  EXPECT_EQ(p.poll(), Rates{});
}

TEST(Prober, TriesWhatThereWasBeforeATimeOut) {
  Probing p;
  p.prober.handle_time_out(p.now);
  for (const int kbps : {1'600, 1'280, 1'000, 100}) {
    p.now += 1s;
    p.prober.handle_time_out(p.now);
    p.set_target(DataRate::kbps(kbps));
  }
  p.now += 1min;
  EXPECT_EQ(p.prober.next_deadline(), kNever);
  EXPECT_EQ(p.poll(), Rates{});
  p.prober.handle_return(p.now);
  EXPECT_EQ(p.poll(), Rates{1'700});
}

TEST(Prober, TriesANewMaximumIfTheOldOneHeld) {
  Prober prober;
  prober.start(kStart, DataRate::kbps(300), DataRate::mbps(1));
  poll_kbps(prober, kStart);
  prober.set_periodic(true);
  prober.handle_target(kStart, DataRate::mbps(1), DataRate::infinite());
  prober.set_max(kStart + 1s, DataRate::mbps(3));
  EXPECT_EQ(poll_kbps(prober, kStart + 1s), Rates{3'000});
  prober.set_max(kStart + 2s, DataRate::mbps(30));
  EXPECT_EQ(poll_kbps(prober, kStart + 2s), Rates{});
}

TEST(Prober, HasWhatATrialFindsProvenOnceThePathHasShownALimit) {
  Probing p;
  p.prober.handle_overuse(p.now);
  p.now += 5s;
  const ProbeCluster trial = p.prober.poll(p.now).value();
  EXPECT_EQ(trial.kind, ProbeKind::kTrial);
  EXPECT_EQ(trial.min_size, DataRate::mbps(4) * 15ms);
  p.prober.handle_trial(p.now + 50ms, DataRate::kbps(3'000));
  const ProbeCluster proof = p.prober.poll(p.now + 50ms).value();
  EXPECT_EQ(proof.kind, ProbeKind::kProof);
  EXPECT_EQ(proof.rate, DataRate::kbps(3'000));
  EXPECT_EQ(proof.min_size, DataRate::kbps(3'000) * 150ms);
  p.prober.handle_trial(p.now + 60ms, DataRate::kbps(3'500));  // The rest of it came. Once will do.
  EXPECT_EQ(poll_kbps(p.prober, p.now + 60ms), Rates{});
  p.prober.start(p.now, DataRate::kbps(300), kMax);  // Another path.
  EXPECT_EQ(p.prober.poll(p.now)->kind, ProbeKind::kPlain);
}

TEST(Prober, LeavesTrialsOutOnceTheyHaveDeceivedUntilAProofHolds) {
  Probing p;
  p.prober.handle_overuse(p.now);
  const auto next = [&] {
    p.now += 5s;
    return p.prober.poll(p.now)->kind;
  };
  const auto finds = [&](int kbps) { p.prober.handle_result(p.now, DataRate::kbps(kbps)); };
  EXPECT_EQ(next(), ProbeKind::kTrial);
  p.prober.handle_trial(p.now, DataRate::kbps(4'000));
  EXPECT_EQ(p.prober.poll(p.now)->kind, ProbeKind::kProof);
  finds(2'100);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(next(), ProbeKind::kProof);
    p.prober.handle_overuse(p.now);  // Its own queue.
    finds(2'100);
  }
  EXPECT_EQ(next(), ProbeKind::kProof);
  finds(3'700);
  EXPECT_EQ(p.prober.poll(p.now)->kind, ProbeKind::kTrial);  // The next step.
}

TEST(Prober, HasNothingProvenThatIsNoGain) {
  for (const auto& [found, proven] : {std::pair{2'300, Rates{}}, {9'000, Rates{4'000}}}) {
    SCOPED_TRACE(found);
    Probing p;
    p.prober.handle_overuse(p.now);
    p.now += 5s;
    EXPECT_EQ(p.poll(), Rates{4'000});
    p.prober.handle_trial(p.now, DataRate::kbps(found));
    EXPECT_EQ(p.poll(), proven);
  }
  Probing late;
  late.prober.handle_overuse(late.now);
  late.now += 5s;
  EXPECT_EQ(late.poll(), Rates{4'000});
  late.now += 1001ms;
  late.prober.handle_trial(late.now, DataRate::kbps(4'000));
  EXPECT_EQ(late.poll(), Rates{});
}

TEST(Prober, KeepsABoundedNumberOfClusters) {
  Probing p;
  for (int i = 0; i < 100; ++i) {
    p.prober.handle_time_out(p.now);
    p.set_target(DataRate::kbps(100));
    p.prober.handle_return(p.now);
    p.set_target(DataRate::mbps(2));
  }
  EXPECT_LE(p.poll().size(), 8u);
}

}  // namespace
}  // namespace parley::cc
