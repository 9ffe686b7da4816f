#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "cc/test_call.h"

// What all of cc/ does together, over paths in virtual time. Each path is run with several seeds;
// the numbers are what is promised, not what is reached at best.
namespace parley::cc {
namespace {

using namespace std::chrono_literals;
using sim::LinkConfig;
using test::Call;
using test::kStart;

constexpr std::uint64_t kSeeds = 3;
constexpr LinkConfig kBack{.latency = 25ms, .jitter = 2ms};

LinkConfig link(std::uint64_t kbps) {
  return {.latency = 25ms, .jitter = 2ms, .bits_per_second = kbps * 1'000};
}

struct Seen {
  std::vector<double> kbps = {};  // What came through, a flow, with IP and UDP.
  std::vector<Duration> queue = {};

  double total() const {
    double sum = 0;
    for (const double rate : kbps) sum += rate;
    return sum;
  }
  Duration queue_percentile(std::size_t percent) {
    std::ranges::sort(queue);
    return queue.at(queue.size() * percent / 100);
  }
  // 1: all have the same. 1/n: one has it all (R. Jain).
  double fairness() const {
    double squares = 0;
    for (const double rate : kbps) squares += rate * rate;
    return total() * total() / (static_cast<double>(kbps.size()) * squares);
  }
};

// Runs the call from `from` to `to` after the start, and sees how it went.
Seen watch(Call& call, Duration from, Duration to, std::size_t flows = 1) {
  call.run_until(kStart + from);
  Seen seen;
  std::vector<DataSize> before;
  for (std::size_t i = 0; i < flows; ++i) before.push_back(call.flow(i).received);
  call.run_until(kStart + to,
                 [&](Time now) { seen.queue.push_back(call.forward().queueing_delay(now)); });
  constexpr double kWithHeaders = 1 + double{test::kIpAndUdp} / test::kPacketSize;
  for (std::size_t i = 0; i < flows; ++i) {
    const DataRate rate = (call.flow(i).received - before[i]) / (to - from);
    seen.kbps.push_back(rate.in_kbps() * kWithHeaders);
  }
  return seen;
}

// 2, then 0.5, then 3 Mbit/s. Ten seconds after each step, what comes through is within a tenth of
// the link. Outside of the two seconds after a step, in which a sender that knows nothing of it yet
// fills whatever queue there is, packets wait less than 100 ms (the 99th percentile).
TEST(Simulation, SettlesOnALinkThatSteps) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Call call(link(2'000), kBack, seed);
    call.add_flow();
    Duration step = 0s;
    for (const std::uint64_t kbps : {2'000u, 500u, 3'000u}) {
      call.forward().set_config(link(kbps));
      Seen settling = watch(call, step + 2s, step + 10s);
      Seen settled = watch(call, step + 10s, step + 40s);
      const auto capacity = static_cast<double>(kbps);
      EXPECT_NEAR(settled.total() / capacity, 1, 0.1) << kbps;
      EXPECT_LT(settling.queue_percentile(99), 100ms) << kbps;
      EXPECT_LT(settled.queue_percentile(99), 100ms) << kbps;
      EXPECT_LT(settled.queue_percentile(50), 30ms) << kbps;
      step += 40s;
    }
  }
}

TEST(Simulation, FillsAFreshLinkInTwoSeconds) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Call call(link(2'000), kBack, seed);
    call.add_flow();
    EXPECT_GT(watch(call, 1s, 2s).total(), 1'500) << "seed " << seed;
  }
}

// A second and a third sender join one that has the link to itself. None starves, and in the long
// run they share.
TEST(Simulation, SharesABottleneckWithCopiesOfItself) {
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    for (const std::size_t flows : {2u, 3u}) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", flows " + std::to_string(flows));
      Call call(link(3'000), kBack, seed);
      for (std::size_t i = 0; i < flows; ++i) {
        call.add_flow(kStart + static_cast<int>(i) * 10s);
      }
      const Seen soon = watch(call, 30s, 50s, flows);
      Seen later = watch(call, 100s, 150s, flows);
      const double share = 3'000 / static_cast<double>(flows);
      EXPECT_GT(std::ranges::min(soon.kbps), share * 0.35);
      EXPECT_GT(std::ranges::min(later.kbps), share * 0.5);
      EXPECT_GT(later.fairness(), 0.88);
      EXPECT_NEAR(later.total() / 3'000, 1, 0.1);
      EXPECT_LT(later.queue_percentile(95), 100ms);
    }
  }
}

// The application says little for a minute, then all it may.
TEST(Simulation, AnApplicationLimitedSenderRecoversAtOnce) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Call call(link(3'000), kBack, seed);
    test::Flow& flow = call.add_flow();
    flow.source.max = DataRate::kbps(150);
    watch(call, 0s, 60s);
    EXPECT_TRUE(flow.controller.stats().application_limited);
    flow.source.max = DataRate::infinite();
    Seen after = watch(call, 60s, 65s);
    EXPECT_GT(after.total(), 2'200);
    EXPECT_LT(after.queue_percentile(95), 100ms);
  }
}

// The application uses a fraction of the rate when the link becomes narrower than even that: what
// comes out of the queue tells at once how much.
TEST(Simulation, ALimitedSenderGivesWayToANarrowLinkInASecond) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Call call(link(20'000), kBack, seed);
    test::Flow& flow = call.add_flow();
    flow.source.max = DataRate::kbps(1'500);
    watch(call, 0s, 20s);
    EXPECT_GT(flow.controller.target(), DataRate::kbps(4'000));
    call.forward().set_config(link(400));
    watch(call, 20s, 21s);
    EXPECT_LT(flow.controller.target(), DataRate::kbps(400));
    Seen settled = watch(call, 23s, 40s);
    EXPECT_GT(settled.total(), 320);
    EXPECT_LT(settled.queue_percentile(95), 100ms);
  }
}

// One that finds a limit of 400 kbit/s, and then sends less than half of that.
test::Flow& add_narrow_flow(Call& call, const LinkConfig& narrow) {
  test::Flow& flow = call.add_flow(kStart, {.probe_interval = 3s});
  flow.source.max = DataRate::kbps(1'000);
  call.run_until(kStart + 10s);
  call.forward().set_config(narrow);
  call.run_until(kStart + 13s);
  flow.source.max = DataRate::kbps(180);
  return flow;
}

// How long it takes until the target is above that.
Duration time_to(Call& call, const test::Flow& flow, DataRate rate, Duration patience) {
  const Time begins = call.now();
  Time reached = kNever;
  call.run_until(begins + patience, [&](Time now) {
    if (flow.controller.target() > rate) reached = std::min(reached, now);
  });
  return reached - begins;
}

// What shapes a link lets a little pass at once when it has not been used for a while, and a probe
// is little: it is not to be taken for what the link carries.
TEST(Simulation, WhatALinkHasSavedUpIsNotTakenForWhatItCarries) {
  for (const std::size_t bucket : {2'000u, 4'000u, 8'000u}) {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      SCOPED_TRACE("bucket " + std::to_string(bucket) + ", seed " + std::to_string(seed));
      Call call(link(3'000), kBack, seed);
      LinkConfig narrow = link(400);
      narrow.bucket = bucket;
      const test::Flow& flow = add_narrow_flow(call, narrow);
      call.run_until(kStart + 15s);
      Duration too_high = 0s;
      call.run_until(kStart + 75s, [&](Time) {
        if (flow.controller.target() > DataRate::kbps(600)) too_high += 10ms;
      });
      EXPECT_LT(too_high, 5s);  // Nearly all of the minute, if a burst were believed.
      EXPECT_GT(flow.controller.target(), DataRate::kbps(250));
      call.forward().set_config(link(3'000));
      EXPECT_LT(time_to(call, flow, DataRate::kbps(1'000), 10s), 5s);
    }
  }
}

// Losses that are over hold nobody down who sends little, and so never shows that more would pass.
TEST(Simulation, ALimitedSenderIsBackSoonAfterLosses) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Call call(link(3'000), kBack, seed);
    const test::Flow& flow = add_narrow_flow(call, link(400));
    call.run_until(kStart + 25s);
    LinkConfig bad = link(3'000);
    bad.loss = 0.8;
    bad.burst = 10;
    call.forward().set_config(bad);
    call.run_until(kStart + 26s);
    call.forward().set_config(link(3'000));
    EXPECT_LT(flow.controller.target(), DataRate::kbps(600));
    EXPECT_LT(time_to(call, flow, DataRate::kbps(1'000), 10s), 5s);
  }
}

TEST(Simulation, RandomLossDoesNotStarveIt) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    for (const double burst : {1.0, 5.0}) {
      LinkConfig lossy = link(3'000);
      lossy.loss = 0.02;
      lossy.burst = burst;
      Call call(lossy, kBack, seed);
      call.add_flow();
      EXPECT_GT(watch(call, 10s, 40s).total(), 2'500) << "seed " << seed << ", burst " << burst;
    }
  }
}

TEST(Simulation, JitterDoesNotCollapseIt) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    for (const bool reorder : {false, true}) {
      LinkConfig unsteady = link(3'000);
      unsteady.jitter = 50ms;
      unsteady.reorder = reorder;
      Call call(unsteady, kBack, seed);
      call.add_flow();
      EXPECT_GT(watch(call, 10s, 40s).total(), 1'800) << "seed " << seed << ", reorder " << reorder;
    }
  }
}

TEST(Simulation, BearsTheLossOfFeedback) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Call call(link(3'000), {.latency = 25ms, .jitter = 20ms, .loss = 0.3}, seed);
    call.add_flow();
    Seen seen = watch(call, 10s, 40s);
    EXPECT_GT(seen.total(), 2'200);
    EXPECT_LT(seen.queue_percentile(99), 100ms);
  }
}

TEST(Simulation, FallsSilentOnADeadLinkAndIsBackSoonAfterIt) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Call call(link(3'000), kBack, seed);
    test::Flow& flow = call.add_flow();
    watch(call, 0s, 20s);
    call.forward().set_down(true);
    watch(call, 20s, 40s);
    EXPECT_LT(flow.controller.target(), DataRate::kbps(150));
    call.forward().set_down(false);
    EXPECT_GT(watch(call, 41s, 43s).total(), 2'000);
  }
}

// Half a second at a sixth of the capacity.
TEST(Simulation, IsBackSoonAfterAShortDip) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Call call(link(3'000), kBack, seed);
    call.add_flow();
    watch(call, 0s, 20s);
    call.forward().set_config(link(500));
    watch(call, 20s, 20500ms);
    call.forward().set_config(link(3'000));
    EXPECT_GT(watch(call, 22s, 24s).total(), 1'000) << "seed " << seed;
  }
}

// As Wi-Fi does that looks for other networks: every second what is sent waits for 150 ms, and then
// comes in one go.
TEST(Simulation, BearsALinkThatStandsStillNowAndThen) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    for (const auto wanted : {DataRate::infinite(), DataRate::kbps(1'500)}) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      LinkConfig still = link(4'000);
      still.latency += 150ms;
      Call call(link(4'000), kBack, seed);
      test::Flow& flow = call.add_flow();
      flow.source.max = wanted;
      watch(call, 0s, 20s);
      for (int second = 20; second < 40; ++second) {
        call.forward().set_config(still);
        call.run_until(kStart + second * 1s + 10ms);
        call.forward().set_config(link(4'000));
        const double came = watch(call, second * 1s + 10ms, (second + 1) * 1s).total();
        EXPECT_GT(came, std::min(wanted.in_kbps(), 3'400.0)) << second;
      }
    }
  }
}

// A queue of 15 ms overflows before its delay says anything: losses have to.
TEST(Simulation, FindsTheCapacityOfALinkWithoutAQueue) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    LinkConfig shallow = link(1'000);
    shallow.queue = 15ms;
    Call call(shallow, kBack, seed);
    test::Flow& flow = call.add_flow();
    EXPECT_NEAR(watch(call, 10s, 40s).total(), 1'000, 130) << "seed " << seed;
    EXPECT_LT(flow.controller.target(), DataRate::kbps(1'500)) << "seed " << seed;
  }
}

// The start rate is three times what the link carries.
TEST(Simulation, ShrinksToASlowLink) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Call call(link(100), kBack, seed);
    call.add_flow();
    Seen seen = watch(call, 10s, 60s);
    EXPECT_NEAR(seen.total(), 95, 12) << "seed " << seed;
    EXPECT_LT(seen.queue_percentile(95), 150ms) << "seed " << seed;
  }
}

TEST(Simulation, KeepsALongPathFull) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    LinkConfig far = link(2'000);
    far.latency = 150ms;
    Call call(far, {.latency = 150ms, .jitter = 2ms}, seed);
    call.add_flow();
    Seen seen = watch(call, 10s, 40s);
    EXPECT_GT(seen.total(), 1'750) << "seed " << seed;
    EXPECT_LT(seen.queue_percentile(99), 120ms) << "seed " << seed;
  }
}

TEST(Simulation, GoesToTheMaximumOnAWideLinkAndNoFurther) {
  Call call(link(50'000), kBack, 1);
  test::Flow& flow = call.add_flow(kStart, {.limits = {.max = DataRate::mbps(4)}});
  watch(call, 0s, 5s);
  EXPECT_EQ(flow.controller.target(), DataRate::mbps(4));
  flow.controller.set_limits(call.now(), {.max = DataRate::mbps(8)});
  watch(call, 5s, 6s);
  EXPECT_GT(flow.controller.target(), DataRate::kbps(7'000));
}

// An hour of a call on a link that is never the same for long: the target stays sane, and the time
// that packets wait stays short.
TEST(Simulation, AnHourOfAChangingLink) {
  std::mt19937 random{1};
  Call call(link(500), kBack, 1);
  test::Flow& flow = call.add_flow();
  std::vector<Duration> queue;
  for (int minute = 0; minute < 60; ++minute) {
    const std::uint64_t kbps = 200 + random() % 800;
    call.forward().set_config(link(kbps));
    Seen seen = watch(call, minute * 1min + 2s, (minute + 1) * 1min);
    EXPECT_GT(seen.total() / static_cast<double>(kbps), 0.7) << "minute " << minute;
    EXPECT_LE(flow.controller.target(), DataRate::kbps(static_cast<std::int64_t>(kbps) * 2));
    queue.insert(queue.end(), seen.queue.begin(), seen.queue.end());
  }
  EXPECT_LT(Seen{.queue = queue}.queue_percentile(95), 100ms);
}

}  // namespace
}  // namespace parley::cc
