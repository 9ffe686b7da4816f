#include "sfu/allocator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "sfu/ladder.h"

namespace parley::sfu {
namespace {

constexpr codec::PictureSize kTiny{.width = 320, .height = 180};
constexpr codec::PictureSize kHalf{.width = 640, .height = 360};
constexpr codec::PictureSize kFull{.width = 1'280, .height = 720};
constexpr codec::PictureSize kWall{.width = 3'840, .height = 2'160};

Layer layer(int encoding, int spatial, int temporal, std::int64_t kbps, codec::PictureSize size) {
  return {.encoding = static_cast<std::uint8_t>(encoding),
          .spatial = static_cast<std::uint8_t>(spatial),
          .temporal = static_cast<std::uint8_t>(temporal),
          .rate = DataRate::kbps(kbps),
          .size = size,
          .frames_per_second = 7.5 * (1 << temporal)};
}

// What a browser sends of a camera.
std::vector<Layer> simulcast() {
  return {layer(0, 0, 0, 60, kTiny),    layer(0, 0, 1, 90, kTiny),    layer(0, 0, 2, 150, kTiny),
          layer(1, 0, 0, 200, kHalf),   layer(1, 0, 1, 300, kHalf),   layer(1, 0, 2, 500, kHalf),
          layer(2, 0, 0, 1'000, kFull), layer(2, 0, 1, 1'500, kFull), layer(2, 0, 2, 2'500, kFull)};
}

std::vector<Layer> screen() {
  return {layer(0, 0, 0, 200, kFull), layer(0, 0, 1, 400, kFull), layer(1, 0, 0, 800, kWall),
          layer(1, 0, 1, 1'600, kWall)};
}

Want camera(codec::PictureSize tile, std::optional<LayerTarget> current = {}) {
  return {.layers = simulcast(), .tile = tile, .current = current};
}

LayerTarget target(int encoding, int temporal, int spatial = 0) {
  return {.encoding = static_cast<std::uint8_t>(encoding),
          .spatial = static_cast<std::uint8_t>(spatial),
          .temporal = static_cast<std::uint8_t>(temporal)};
}

Choice one(std::int64_t kbps, const Want& want) {
  return allocate({DataRate::kbps(kbps)}, std::vector{want}).front();
}

TEST(Allocator, GivesATileWhatTheLinkCarries) {
  struct Row {
    std::int64_t kbps = 0;
    LayerTarget target = {};
    std::int64_t rate = 0;
    Limit limit = Limit::kNone;
  };
  const std::vector<Row> rows = {
      {70, target(0, 0), 60, Limit::kDownlink},
      {95, target(0, 0), 60, Limit::kDownlink},  // A tenth is to spare.
      {100, target(0, 1), 90, Limit::kDownlink},
      {170, target(0, 2), 150, Limit::kDownlink},
      {500, target(0, 2), 150, Limit::kDownlink},  // No 640x360 with fewer frames.
      {560, target(1, 2), 500, Limit::kDownlink},
      {2'700, target(1, 2), 500, Limit::kDownlink},
      {2'800, target(2, 2), 2'500, Limit::kNone},
      {50'000, target(2, 2), 2'500, Limit::kNone},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.kbps);
    const Choice choice = one(row.kbps, camera(kFull));
    EXPECT_EQ(choice.target, row.target);
    EXPECT_EQ(choice.rate, DataRate::kbps(row.rate));
    EXPECT_EQ(choice.limit, row.limit);
  }
}

// The same encodings by other numbers, as an offer has them that begins with the largest.
Want largest_first(const Want& want) {
  Want turned = want;
  for (Layer& layer : turned.layers) layer.encoding = static_cast<std::uint8_t>(2 - layer.encoding);
  std::ranges::stable_sort(turned.layers, {}, &Layer::encoding);
  if (turned.current) {
    turned.current->encoding = static_cast<std::uint8_t>(2 - turned.current->encoding);
  }
  turned.order.update(turned.layers);
  return turned;
}

TEST(Allocator, ChoosesTheSameInWhateverOrderTheEncodingsAre) {
  for (const codec::PictureSize tile : {codec::PictureSize{160, 90}, kTiny, kHalf, kFull}) {
    for (const auto current : {std::optional<LayerTarget>(), std::optional(target(0, 2)),
                               std::optional(target(1, 2)), std::optional(target(2, 2))}) {
      for (std::int64_t kbps = 0; kbps < 4'000; kbps += 50) {
        SCOPED_TRACE(kbps);
        const Want want = camera(tile, current);
        Choice expected = one(kbps, want);
        if (expected.target) {  // Else it is paused.
          expected.target->encoding = static_cast<std::uint8_t>(2 - expected.target->encoding);
        }
        EXPECT_EQ(one(kbps, largest_first(want)), expected);
        EXPECT_EQ(Ladder(largest_first(want)).current(), Ladder(want).current());
      }
    }
  }
}

TEST(Allocator, GivesATileNoMoreThanItCanShow) {
  struct Row {
    codec::PictureSize tile = {};
    LayerTarget target = {};
    Limit limit = Limit::kNone;
  };
  const std::vector<Row> rows = {
      {{.width = 160, .height = 90}, target(0, 2), Limit::kTile},
      {{.width = 320, .height = 180}, target(0, 2), Limit::kTile},
      {{.width = 360, .height = 200}, target(0, 2), Limit::kTile},  // A little larger is no matter.
      {{.width = 400, .height = 225}, target(1, 2), Limit::kTile},
      {{.width = 300, .height = 800}, target(0, 2), Limit::kTile},  // It fits by its width.
      {{.width = 1'280, .height = 720}, target(2, 2), Limit::kNone},
      {{.width = 2'560, .height = 1'440}, target(2, 2), Limit::kSender},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.tile.width);
    const Choice choice = one(50'000, camera(row.tile));
    EXPECT_EQ(choice.target, row.target);
    EXPECT_EQ(choice.limit, row.limit);
  }
}

TEST(Allocator, MakesAScreenSharpBeforeItIsSmooth) {
  const Want want{.layers = screen(), .tile = kWall, .screen = true};
  EXPECT_EQ(one(300, want).target, target(0, 0));
  EXPECT_EQ(one(900, want).target, target(1, 0));
  EXPECT_EQ(one(1'700, want).target, target(1, 0));
  EXPECT_EQ(one(1'800, want).target, target(1, 1));
}

TEST(Allocator, EnlargesACameraALittleButNoScreen) {
  constexpr codec::PictureSize kALittleMore{.width = 1'340, .height = 754};
  EXPECT_EQ(one(50'000, camera({.width = 700, .height = 394})).target, target(1, 2));
  EXPECT_EQ(one(50'000, {.layers = screen(), .tile = kFull, .screen = true}).target, target(0, 1));
  EXPECT_EQ(one(50'000, {.layers = screen(), .tile = kALittleMore, .screen = true}).target,
            target(1, 1));
}

TEST(Allocator, MakesAScreenLegibleBeforeAnythingElseIsMoreThanItsLeast) {
  const std::vector<Want> wants = {
      {.layers = screen(), .tile = kWall, .screen = true}, camera(kFull), camera(kTiny)};
  auto choices = allocate({DataRate::kbps(1'050)}, wants);
  EXPECT_EQ(choices[0].target, target(1, 0));
  EXPECT_EQ(choices[1].target, target(0, 0));
  EXPECT_EQ(choices[2].target, target(0, 0));
  choices = allocate({DataRate::kbps(10'000)}, wants);
  EXPECT_EQ(choices[0].target, target(1, 1));
  EXPECT_EQ(choices[1].target, target(2, 2));
  EXPECT_EQ(choices[2].target, target(0, 2));
}

TEST(Allocator, PausesTheOnlyTileWhereTheLinkCarriesLessThanItsLeast) {
  const Choice paused{.limit = Limit::kDownlink};
  EXPECT_EQ(one(0, camera(kFull)), paused);
  EXPECT_EQ(one(65, camera(kFull)), paused) << "a tenth is to spare";
  EXPECT_EQ(one(65, camera(kFull, target(0, 0))).target, target(0, 0));
  EXPECT_EQ(one(59, camera(kFull, target(0, 0))), paused);
  const Want single{.layers = {layer(0, 0, 0, 1'500, kFull)}, .tile = kFull};
  const std::vector wants = {single, camera(kTiny)};
  const auto choices = allocate({DataRate::kbps(200)}, wants);
  EXPECT_EQ(choices.front(), paused);
  EXPECT_EQ(choices.back().target, target(0, 2)) << "what is too dear keeps nothing from others";
}

TEST(Allocator, GivesTheFirstItsLeastWhereTheBudgetIsNotFirm) {
  const Budget budget{.rate = DataRate::kbps(300), .is_firm = false};
  const Want single{.layers = {layer(0, 0, 0, 1'500, kFull)}, .tile = kFull};
  const auto choices = allocate(budget, std::vector{single, camera(kFull)});
  EXPECT_EQ(choices.front().target, target(0, 0));
  EXPECT_EQ(choices.back().target, std::nullopt);
}

TEST(Allocator, PausesTheLeastImportantWhereNotEvenTheLeastFits) {
  const std::vector<Want> wants(5, camera(kHalf));
  const auto choices = allocate({DataRate::kbps(205)}, wants);
  for (std::size_t i = 0; i < wants.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(choices[i].target.has_value(), i < 3);
    EXPECT_EQ(choices[i].limit, Limit::kDownlink);
  }
  EXPECT_EQ(choices[4].rate, DataRate());
}

TEST(Allocator, SetsTheImportantAheadOfTheRest) {
  const std::vector<Want> wants(4, camera(kFull));
  const auto choices = allocate({DataRate::kbps(1'300)}, wants);
  EXPECT_EQ(choices[0].target, target(1, 2));
  for (std::size_t i = 1; i < 4; ++i) EXPECT_LE(choices[i].rate, choices[i - 1].rate);
  EXPECT_TRUE(choices[3].target);
}

TEST(Allocator, SaysThatNothingComesFromTheSender) {
  const Choice choice = one(1'000, {.tile = kFull});
  EXPECT_EQ(choice.target, std::nullopt);
  EXPECT_EQ(choice.limit, Limit::kSender);
  // And whoever comes after it is then the first.
  const auto choices = allocate({.is_firm = false},
                                std::vector<Want>{{.tile = kFull}, camera(kFull), camera(kFull)});
  EXPECT_EQ(choices[1].target, target(0, 0));
  EXPECT_EQ(choices[2].target, std::nullopt);
}

TEST(Allocator, SkipsWhatCostsMoreThanSomethingBetter) {
  Want want = camera(kFull);
  want.layers[0].rate = want.layers[1].rate = want.layers[2].rate = DataRate::kbps(600);
  EXPECT_EQ(one(560, want).target, target(1, 2)) << "A still picture costs little at any size.";
}

TEST(Allocator, TakesSpatialLayersForSizes) {
  const Want want{.layers = {layer(0, 0, 0, 100, kTiny), layer(0, 0, 1, 150, kTiny),
                             layer(0, 1, 0, 300, kHalf), layer(0, 1, 1, 450, kHalf)},
                  .tile = kHalf};
  EXPECT_EQ(one(200, want).target, target(0, 1, 0));
  EXPECT_EQ(one(600, want).target, target(0, 1, 1));
  EXPECT_EQ(one(600, want).limit, Limit::kNone);
}

TEST(Allocator, GuessesWhatHasNotBeenMeasured) {
  Want want = camera(kFull);
  for (Layer& layer : want.layers) layer.rate = {};
  EXPECT_EQ(one(60, want).target, target(0, 0));
  EXPECT_EQ(one(700, want).target, target(1, 2));
  EXPECT_EQ(one(5'000, want).target, target(2, 2));
  for (Layer& layer : want.layers) layer.size = {};
  EXPECT_EQ(one(5'000, want).target, target(2, 2));
  EXPECT_EQ(one(5'000, want).limit, Limit::kNone);
  EXPECT_EQ(one(700, want).target, target(1, 2));
}

// Two packets after a stream has begun it seems to cost nothing.
TEST(Allocator, TakesNoLayerThatHasJustBegunForACheapOne) {
  Want want = camera(kFull);
  for (Layer& layer : want.layers) {
    layer.rate = layer.rate * 0.05;
    layer.settled = false;
  }
  EXPECT_EQ(one(60, want).target, target(0, 0));
  EXPECT_EQ(one(700, want).target, target(1, 2));
  EXPECT_EQ(one(1'500, want).target, target(1, 2));
  want.layers.back().rate = DataRate::mbps(20);  // But what it does cost already, it does.
  EXPECT_EQ(one(5'000, want).target, target(1, 2));
}

TEST(Allocator, StepsUpOnlyWithRoomToSpareButKeepsWhatItHas) {
  EXPECT_EQ(one(520, camera(kFull)).target, target(0, 2));
  EXPECT_EQ(one(520, camera(kFull, target(0, 2))).target, target(0, 2));
  EXPECT_EQ(one(520, camera(kFull, target(1, 2))).target, target(1, 2));
  EXPECT_EQ(one(499, camera(kFull, target(1, 2))).target, target(0, 2));
}

TEST(Allocator, KeepsWhatItHasWhereTheLinkHasShownNoLimit) {
  const Budget budget{.rate = DataRate::kbps(300), .to_keep = DataRate::infinite()};
  const auto of = [&](std::optional<LayerTarget> current) {
    return allocate(budget, std::vector{camera(kFull, current)}).front().target;
  };
  EXPECT_EQ(of(target(1, 2)), target(1, 2));
  EXPECT_EQ(of(target(0, 2)), target(0, 2));  // But it takes no more.
}

TEST(Allocator, WouldUseWhatAllTilesCanShow) {
  EXPECT_EQ(desired_rate({}), DataRate());
  EXPECT_EQ(desired_rate(std::vector{camera(kFull), camera(kTiny), Want{.tile = kFull}}),
            DataRate::kbps(2'650));
}

// --- Whatever the wants ---

struct Drawn {
  std::mt19937 random;

  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random()) % n; }

  std::vector<Want> wants() {
    std::vector<Want> wants;
    const std::uint32_t count = 1 + below(9);
    for (std::uint32_t i = 0; i < count; ++i) {
      Want want{.tile = {.width = static_cast<std::uint16_t>(below(2'000)),
                         .height = static_cast<std::uint16_t>(below(1'200))},
                .screen = i == 0 && below(3) == 0};
      const int encodings = static_cast<int>(below(4));
      std::int64_t kbps = 40 + below(100);
      for (int encoding = 0; encoding < encodings; ++encoding) {
        for (int temporal = 0; temporal <= static_cast<int>(below(3)); ++temporal) {
          const auto width = static_cast<std::uint16_t>(320 << encoding);
          const auto height = static_cast<std::uint16_t>(180 << encoding);
          want.layers.push_back(
              layer(encoding, 0, temporal, kbps, {.width = width, .height = height}));
          kbps += below(400);
        }
      }
      wants.push_back(want);
    }
    return wants;
  }
};

DataRate sum(const std::vector<Choice>& choices) {
  DataRate sum;
  for (const Choice& choice : choices) sum = sum + choice.rate;
  return sum;
}

TEST(Allocator, StaysWithinTheBudgetAndUsesMoreOfMore) {
  for (std::uint32_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(seed);
    Drawn drawn{std::mt19937(seed)};
    const auto wants = drawn.wants();
    DataRate before;
    for (std::int64_t kbps = 0; kbps < 12'000; kbps += 397) {
      const auto choices = allocate({DataRate::kbps(kbps)}, wants);
      ASSERT_EQ(choices.size(), wants.size());
      ASSERT_LE(sum(choices), DataRate::kbps(kbps));
      ASSERT_GE(sum(choices), before);
      before = sum(choices);
      ASSERT_LE(sum(choices), desired_rate(wants));
      for (std::size_t i = 0; i < wants.size(); ++i) {
        const bool top = choices[i].rate == desired_rate(std::span(wants).subspan(i, 1));
        ASSERT_EQ(choices[i].limit == Limit::kDownlink, !top) << i;
      }
    }
    ASSERT_EQ(sum(allocate({DataRate::infinite()}, wants)), desired_rate(wants));
  }
}

TEST(Allocator, ComesToRestWhileTheBudgetWobbles) {
  for (std::uint32_t seed = 1; seed <= 1'000; ++seed) {
    SCOPED_TRACE(seed);
    Drawn drawn{std::mt19937(seed)};
    auto wants = drawn.wants();
    const DataRate budget = DataRate::kbps(drawn.below(8'000));
    std::vector<Choice> before;
    int changes = 0;
    for (int i = 0; i < 40; ++i) {
      const double wobble = i < 20 ? (i % 2 == 0 ? 1.05 : 0.95) : 0.95 + 0.001 * drawn.below(100);
      const auto choices = allocate({budget * wobble}, wants);
      if (i > 20 && choices != before) ++changes;
      for (std::size_t j = 0; j < wants.size(); ++j) wants[j].current = choices[j].target;
      before = choices;
    }
    ASSERT_EQ(changes, 0);
  }
}

}  // namespace
}  // namespace parley::sfu
