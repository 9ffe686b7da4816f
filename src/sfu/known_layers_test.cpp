#include "sfu/known_layers.h"

#include <gtest/gtest.h>

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr Time kNow{1h};
constexpr EncodingSet kAll = 0b111;

Layer layer(std::uint8_t encoding, int kbps, std::uint8_t temporal = 0) {
  return {.encoding = encoding, .temporal = temporal, .rate = DataRate::kbps(kbps)};
}

TEST(KnownLayers, TellsWhetherTheSetHasChanged) {
  KnownLayers layers;
  EXPECT_TRUE(layers.update(kNow, {layer(0, 100)}, kAll));
  EXPECT_FALSE(layers.update(kNow, {layer(0, 200)}, kAll));
  EXPECT_TRUE(layers.update(kNow, {layer(0, 100), layer(1, 500)}, kAll));
  EXPECT_TRUE(layers.update(kNow, {layer(0, 100)}, kAll));
}

TEST(KnownLayers, RemembersAnEncodingThatStopped) {
  KnownLayers layers;
  layers.update(kNow, {layer(0, 100), layer(1, 500), layer(2, 1'500)}, kAll);
  EXPECT_FALSE(layers.has_stopped());
  layers.update(kNow, {layer(0, 100), layer(2, 1'500)}, kAll);
  EXPECT_TRUE(layers.has_stopped());
  EXPECT_EQ(layers.active(), (std::vector{layer(0, 100), layer(2, 1'500)}));
  EXPECT_EQ(layers.all(), (std::vector{layer(0, 100), layer(1, 500), layer(2, 1'500)}));
  EXPECT_EQ(layers.active_encodings(), 0b101u);
  EXPECT_EQ(layers.known_encodings(), 0b111u);
}

TEST(KnownLayers, DoesNotTakeALayerThatIsBeingStoppedForACheapOne) {
  KnownLayers layers;
  layers.update(kNow, {layer(0, 1'000)}, kAll);
  layers.update(kNow, {layer(0, 100)}, kAll);
  EXPECT_EQ(layers.active().front().rate, DataRate::kbps(100));
  EXPECT_EQ(layers.all().front().rate, DataRate::kbps(900));
  for (int i = 0; i < 40; ++i) layers.update(kNow, {layer(0, 100)}, kAll);
  EXPECT_EQ(layers.all().front().rate, DataRate::kbps(100));
}

TEST(KnownLayers, RemembersWhatALayerCostsThatBeginsAgain) {
  Layer begins = layer(1, 20);
  begins.settled = false;
  KnownLayers layers;
  layers.update(kNow, {layer(0, 100), begins}, kAll);
  EXPECT_FALSE(layers.active().back().settled);  // Of what has only begun nothing is known.
  layers.update(kNow, {layer(0, 100), begins}, kAll);
  EXPECT_FALSE(layers.active().back().settled);
  layers.update(kNow, {layer(0, 100), layer(1, 500)}, kAll);
  layers.update(kNow, {layer(0, 100)}, 0b001);
  layers.update(kNow, {layer(0, 100), begins}, kAll);
  EXPECT_EQ(layers.active().back(), layer(1, 450));
  EXPECT_EQ(layers.all().back(), layer(1, 450));
}

TEST(KnownLayers, LetsAnEncodingThatStoppedByItselfCountOnlyOnceItHasComeForAWhile) {
  const std::vector both = {layer(0, 100), layer(1, 500)};
  const std::vector small = {layer(0, 100)};
  KnownLayers layers;
  layers.update(kNow, both, kAll);
  EXPECT_EQ(layers.active(), both);
  layers.update(kNow + 1s, small, kAll);
  EXPECT_FALSE(layers.update(kNow + 2s, both, kAll));
  EXPECT_EQ(layers.active(), small);
  EXPECT_EQ(layers.all(), both);
  EXPECT_TRUE(layers.comes(1));
  EXPECT_FALSE(layers.update(kNow + 2'999ms, both, kAll));
  EXPECT_TRUE(layers.update(kNow + 3s, both, kAll));
  EXPECT_EQ(layers.active(), both);
  layers.update(kNow + 4s, small, kAll);
  EXPECT_FALSE(layers.comes(1));
  layers.update(kNow + 14s, both, kAll);  // That is long ago.
  EXPECT_EQ(layers.active(), both);
}

TEST(KnownLayers, LetsTheSmallestCountAtOnceWhereverItStands) {
  const std::vector both = {layer(0, 500), layer(1, 100)};
  EncodingOrder order;
  order.update(both);
  KnownLayers layers;
  layers.update(kNow, both, kAll, order);
  layers.update(kNow + 1s, {}, kAll, order);
  layers.update(kNow + 2s, both, kAll, order);
  EXPECT_EQ(layers.active(), std::vector{layer(1, 100)});
}

TEST(KnownLayers, LetsAnEncodingCountAtOnceThatWasToldToStop) {
  const std::vector both = {layer(0, 100), layer(1, 500)};
  KnownLayers layers;
  layers.update(kNow, both, kAll);
  layers.update(kNow + 1s, {layer(0, 100)}, 0b001);
  layers.update(kNow + 2s, both, kAll);
  EXPECT_EQ(layers.active(), both);
}

TEST(KnownLayers, LetsAnEncodingCountAtOnceIfThereIsNoSmallerOne) {
  KnownLayers layers;
  layers.update(kNow, {layer(0, 100), layer(1, 500)}, kAll);
  layers.update(kNow + 1s, {}, kAll);
  layers.update(kNow + 2s, {layer(1, 500)}, kAll);
  EXPECT_EQ(layers.active(), std::vector{layer(1, 500)});
}

TEST(KnownLayers, ForgetsALayerThatItsEncodingNoLongerHas) {
  KnownLayers layers;
  layers.update(kNow, {layer(0, 100, 0), layer(0, 150, 1), layer(1, 500, 0)}, kAll);
  layers.update(kNow, {layer(0, 100, 0)}, kAll);
  EXPECT_EQ(layers.all(), (std::vector{layer(0, 100, 0), layer(1, 500, 0)}));
}

TEST(KnownLayers, FindsWhatComesInAlone) {
  KnownLayers layers;
  layers.update(kNow, {layer(0, 100), layer(1, 500)}, kAll);
  layers.update(kNow, {layer(1, 500)}, kAll);
  EXPECT_EQ(layers.find({.encoding = 0}), nullptr);
  ASSERT_NE(layers.find({.encoding = 1}), nullptr);
  EXPECT_EQ(layers.find({.encoding = 1})->rate, DataRate::kbps(500));
}

TEST(KnownLayers, TakesAPublishersWordForWhatAStoppedOneWillCost) {
  KnownLayers layers;
  const Layer small{.encoding = 0, .rate = DataRate::kbps(150)};
  const Layer half{.encoding = 1, .temporal = 0, .rate = DataRate::kbps(600)};
  const Layer whole{.encoding = 1, .temporal = 1, .rate = DataRate::kbps(1'000)};
  (void)layers.update(kNow, {small, half, whole}, kAll);
  layers.set_rate(1, DataRate::kbps(800));
  EXPECT_EQ(layers.all()[2].rate, DataRate::kbps(1'000)) << "it is measured";
  (void)layers.update(kNow, {small}, kAll);
  layers.set_rate(1, DataRate::kbps(800));
  layers.set_rate(2, DataRate::kbps(2'000));  // Never seen.
  ASSERT_EQ(layers.all().size(), 3u);
  EXPECT_NEAR(layers.all()[1].rate.in_kbps(), 480, 1);
  EXPECT_EQ(layers.all()[2].rate, DataRate::kbps(800));
}

}  // namespace
}  // namespace parley::sfu
