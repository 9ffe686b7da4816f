#include "mcu/rate_choice.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <random>
#include <vector>

#include "sfu/allocator.h"

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;
using sfu::ViewerBudgets;

constexpr Time kStart{1h};
constexpr std::array<codec::PictureSize, 3> kSizes = {{{320, 180}, {640, 360}, {1'280, 720}}};

RateChoice three() {
  return RateChoice({.bounds = {{DataRate::kbps(80), DataRate::kbps(150)},
                                {DataRate::kbps(265), DataRate::kbps(500)},
                                {DataRate::kbps(800), DataRate::kbps(1'500)}}});
}

ViewerBudgets viewers(int many, int kbps, int few = 0, int few_kbps = 0, std::size_t largest = 2) {
  ViewerBudgets budgets;
  for (int i = 0; i < many; ++i) budgets.add(largest, DataRate::kbps(kbps));
  for (int i = 0; i < few; ++i) budgets.add(largest, DataRate::kbps(few_kbps));
  return budgets;
}

// For so many seconds the same.
int hold(RateChoice& rates, const ViewerBudgets& budgets, int seconds = 30, Time from = kStart) {
  int changes = 0;
  for (int i = 0; i < seconds; ++i) changes += rates.handle(from + i * 1s, budgets);
  return changes;
}

TEST(RateChoice, GivesTheMostWhileLinksCarryIt) {
  RateChoice rates = three();
  EXPECT_EQ(hold(rates, viewers(5, 3'000)), 0);
  EXPECT_EQ(rates.rate(2), DataRate::kbps(1'500));
  EXPECT_EQ(rates.rate(1), DataRate::kbps(500));
  EXPECT_EQ(rates.rate(0), DataRate::kbps(150));
}

TEST(RateChoice, ComesDownToWhatManyCarryRatherThanLetThemAllFall) {
  RateChoice rates = three();
  EXPECT_EQ(hold(rates, viewers(10, 1'300)), 1);
  EXPECT_LE(rates.rate(2), DataRate::kbps(1'300) * 0.85);
  EXPECT_GE(rates.rate(2), DataRate::kbps(900));
  EXPECT_EQ(rates.rate(1), DataRate::kbps(500)) << "nobody sees it";
}

TEST(RateChoice, TakesLittleFromManyForAFew) {
  RateChoice rates = three();
  EXPECT_EQ(hold(rates, viewers(50, 3'000, 2, 1'200)), 0);
  EXPECT_EQ(rates.rate(2), DataRate::kbps(1'500)) << "the two see the next quality";
  hold(rates, viewers(50, 3'000, 2, 450));
  EXPECT_EQ(rates.rate(2), DataRate::kbps(1'500));
  EXPECT_LT(rates.rate(1), DataRate::kbps(400)) << "which comes down to what they carry";
}

TEST(RateChoice, StaysWithinItsBounds) {
  RateChoice rates = three();
  hold(rates, viewers(10, 60));
  EXPECT_GE(rates.rate(0), DataRate::kbps(80));
  EXPECT_GE(rates.rate(1), DataRate::kbps(265));
  EXPECT_GE(rates.rate(2), DataRate::kbps(800));
}

TEST(RateChoice, ForWhoShowsItSmallLargeOnesAreNoUse) {
  RateChoice rates = three();
  hold(rates, viewers(10, 420, 0, 0, 1));
  EXPECT_LT(rates.rate(1), DataRate::kbps(420));
  hold(rates, viewers(10, 120, 0, 0, 0));
  EXPECT_LT(rates.rate(0), DataRate::kbps(120));
}

TEST(RateChoice, WaitsBeforeItGoesDownAndLongerBeforeItGoesUp) {
  RateChoice rates = three();
  Time now = kStart;
  const auto seconds_until_other = [&](const ViewerBudgets& budgets) {
    for (int i = 0; i < 60; ++i, now += 1s) {
      if (rates.handle(now, budgets)) return i;
    }
    return -1;
  };
  EXPECT_EQ(seconds_until_other(viewers(5, 1'100)), 3);
  now += 1s;
  EXPECT_EQ(seconds_until_other(viewers(5, 3'000)), 8);
  EXPECT_EQ(rates.rate(2), DataRate::kbps(1'500));
}

TEST(RateChoice, DoesNotFollowEstimatesThatSwing) {
  RateChoice rates = three();
  int changes = 0;
  for (int i = 0; i < 100; ++i) {
    changes += rates.handle(kStart + i * 1s, viewers(5, i % 2 == 0 ? 1'100 : 3'000));
  }
  EXPECT_EQ(changes, 0);
}

TEST(RateChoice, OfNobodyNothingIsLearnt) {
  RateChoice rates = three();
  EXPECT_EQ(hold(rates, {}), 0);
}

// Viewers as a node serves them: it shows each the largest quality of which the rate fits their
// link, whose estimate swings by a tenth.
struct Viewers {
  std::vector<DataRate> links;
  std::vector<std::optional<sfu::LayerTarget>> shown = {};
  std::mt19937 random{1};
  int above_link = 0;  // Seconds in which somebody was sent more than their link carries.

  void second(Time now, RateChoice& rates) {
    shown.resize(links.size());
    ViewerBudgets budgets;
    std::vector<sfu::Layer> layers;
    for (std::uint8_t i = 0; i < 3; ++i) {
      layers.push_back({.encoding = i, .rate = rates.rate(i), .size = kSizes[i]});
    }
    bool is_above = false;
    for (std::size_t i = 0; i < links.size(); ++i) {
      const double swing = 0.9 + 0.1 * static_cast<double>(random() % 1'000) / 1'000;
      const DataRate estimate = links[i] * swing;
      budgets.add(2, estimate);
      const sfu::Want want{.layers = layers, .tile = kSizes[2], .current = shown[i]};
      const auto choice = sfu::allocate({estimate}, std::span(&want, 1)).front();
      shown[i] = choice.target;
      is_above = is_above || choice.rate > links[i];
    }
    above_link += is_above;
    changes += rates.handle(now, budgets);
  }
  std::size_t see(std::uint8_t encoding) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        shown, [&](const auto& target) { return target && target->encoding == encoding; }));
  }
  int changes = 0;
};

TEST(RateChoice, FollowsLinksThatNarrowAndWiden) {
  RateChoice rates = three();
  Viewers room{.links = std::vector<DataRate>(10, DataRate::mbps(4))};
  Time now = kStart;
  const auto run = [&](int seconds) {
    for (int i = 0; i < seconds; ++i, now += 1s) room.second(now, rates);
  };
  run(30);
  EXPECT_EQ(room.see(2), 10u);
  EXPECT_EQ(room.changes, 0);
  for (std::size_t i = 0; i < 8; ++i) room.links[i] = DataRate::kbps(1'300);
  run(30);
  EXPECT_EQ(room.see(2), 10u) << "at a rate that all carry";
  EXPECT_LT(rates.rate(2), DataRate::kbps(1'150));
  EXPECT_LE(room.changes, 3);
  for (std::size_t i = 0; i < 8; ++i) room.links[i] = DataRate::mbps(4);
  run(30);
  EXPECT_EQ(room.see(2), 10u);
  EXPECT_EQ(rates.rate(2), DataRate::kbps(1'500));
  room.links[0] = DataRate::kbps(1'100);
  run(120);
  EXPECT_EQ(room.see(2), 9u);
  EXPECT_EQ(rates.rate(2), DataRate::kbps(1'500)) << "not for one of ten";
  EXPECT_LE(room.changes, 6);
  EXPECT_EQ(room.above_link, 0);
}

}  // namespace
}  // namespace parley::mcu
