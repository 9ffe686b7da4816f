#include "probe/meter.h"

#include <gtest/gtest.h>

namespace parley::probe {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

// Lets the meter run; `travel` says how long a packet is on its way, or that it is lost.
template <class Engine, class Travel>
void run(Engine& engine, const Travel& travel) {
  std::vector<std::pair<Time, std::uint32_t>> on_the_way;
  Time now = kStart;
  engine.start(now);
  for (int turns = 0; !engine.is_over(now) && turns < 100'000; ++turns) {
    while (const auto number = engine.poll(now)) {
      if (const std::optional<Duration> time = travel(*number)) {
        on_the_way.emplace_back(now + *time, *number);
      }
    }
    Time next = engine.next_deadline();
    const auto first = std::ranges::min_element(on_the_way);
    if (first != on_the_way.end() && first->first <= next) {
      now = std::max(now, first->first);
      engine.received(now, first->second);
      engine.received(now, first->second);  // A copy counts once.
      on_the_way.erase(first);
    } else {
      now = std::max(now, next);
    }
  }
  EXPECT_TRUE(engine.is_over(now));
}

TEST(Meter, SpacesItsPacketsEvenly) {
  Meter meter(100ms);
  EXPECT_EQ(meter.next_deadline(), kNever);
  EXPECT_FALSE(meter.poll(kStart));
  meter.start(kStart);
  EXPECT_EQ(meter.poll(kStart), 0u);
  EXPECT_FALSE(meter.poll(kStart + 19ms));
  EXPECT_EQ(meter.next_deadline(), kStart + 20ms);
  EXPECT_EQ(meter.poll(kStart + 20ms), 1u);
}

TEST(Meter, TellsMedianAndJitter) {
  Meter meter(200ms);
  run(meter, [](std::uint32_t number) { return std::optional(number % 2 == 0 ? 10ms : 14ms); });
  EXPECT_EQ(meter.result().sent, 10u);
  EXPECT_EQ(meter.result().received, 10u);
  EXPECT_EQ(meter.result().round_trip, 14ms);
  EXPECT_EQ(meter.result().jitter, 4ms);
  EXPECT_EQ(meter.result().loss(), 0);
}

TEST(Meter, CountsLossAndStillEnds) {
  Meter meter(200ms);
  run(meter, [](std::uint32_t number) {
    return number % 5 == 4 ? std::nullopt : std::optional<Duration>(10ms);
  });
  EXPECT_EQ(meter.result().received, 8u);
  EXPECT_DOUBLE_EQ(meter.result().loss(), 0.2);
}

TEST(Meter, IgnoresWhatItNeverSent) {
  Meter meter(100ms);
  meter.start(kStart);
  meter.received(kStart, 7);
  EXPECT_EQ(meter.result().received, 0u);
}

TEST(Ramp, ClimbsToItsBoundWhereNothingStopsIt) {
  Ramp ramp(2s);
  run(ramp, [](std::uint32_t) { return std::optional<Duration>(10ms); });
  EXPECT_TRUE(ramp.is_at_least());
  EXPECT_GE(ramp.rate(), DataRate::kbps(19'500));
  EXPECT_LE(ramp.rate(), DataRate::kbps(20'000));
}

TEST(Ramp, FindsTheRateOfAPolicer) {
  Ramp ramp(2s);
  // Each step's first 125 packets come through: 4.8 Mbit/s of a quarter of a second.
  std::uint32_t got = 0;
  run(ramp, [&](std::uint32_t number) {
    static constexpr std::uint32_t kEveryThird = 3;
    const bool is_slow = number < 160;
    ++got;
    return is_slow || number % kEveryThird == 0 ? std::optional<Duration>(10ms) : std::nullopt;
  });
  EXPECT_FALSE(ramp.is_at_least());
  EXPECT_GT(ramp.rate(), DataRate::kbps(1'900));
  EXPECT_LT(ramp.rate(), DataRate::kbps(5'000));
  EXPECT_LT(got, 900u);  // It stops early.
}

TEST(Ramp, TellsNothingWhereNothingArrives) {
  Ramp ramp(1s);
  run(ramp, [](std::uint32_t) { return std::optional<Duration>(); });
  EXPECT_EQ(ramp.rate(), DataRate{});
  EXPECT_FALSE(ramp.is_at_least());
}

}  // namespace
}  // namespace parley::probe
