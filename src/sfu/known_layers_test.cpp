#include "sfu/known_layers.h"

#include <gtest/gtest.h>

namespace parley::sfu {
namespace {

Layer layer(std::uint8_t encoding, int kbps, std::uint8_t temporal = 0) {
  return {.encoding = encoding, .temporal = temporal, .rate = DataRate::kbps(kbps)};
}

TEST(KnownLayers, TellsWhetherTheSetHasChanged) {
  KnownLayers layers;
  EXPECT_TRUE(layers.update({layer(0, 100)}));
  EXPECT_FALSE(layers.update({layer(0, 200)}));
  EXPECT_TRUE(layers.update({layer(0, 100), layer(1, 500)}));
  EXPECT_TRUE(layers.update({layer(0, 100)}));
}

TEST(KnownLayers, RemembersAnEncodingThatStopped) {
  KnownLayers layers;
  layers.update({layer(0, 100), layer(1, 500), layer(2, 1'500)});
  EXPECT_FALSE(layers.has_stopped());
  layers.update({layer(0, 100), layer(2, 1'500)});
  EXPECT_TRUE(layers.has_stopped());
  EXPECT_EQ(layers.active(), (std::vector{layer(0, 100), layer(2, 1'500)}));
  EXPECT_EQ(layers.all(), (std::vector{layer(0, 100), layer(1, 500), layer(2, 1'500)}));
  EXPECT_EQ(layers.active_encodings(), 0b101u);
  EXPECT_EQ(layers.known_encodings(), 0b111u);
}

TEST(KnownLayers, DoesNotTakeALayerThatIsBeingStoppedForACheapOne) {
  KnownLayers layers;
  layers.update({layer(0, 1'000)});
  layers.update({layer(0, 100)});
  EXPECT_EQ(layers.active().front().rate, DataRate::kbps(100));
  EXPECT_EQ(layers.all().front().rate, DataRate::kbps(900));
  for (int i = 0; i < 40; ++i) layers.update({layer(0, 100)});
  EXPECT_EQ(layers.all().front().rate, DataRate::kbps(100));
}

TEST(KnownLayers, RemembersWhatALayerCostsThatBeginsAgain) {
  Layer begins = layer(1, 20);
  begins.settled = false;
  KnownLayers layers;
  layers.update({layer(0, 100), begins});
  EXPECT_FALSE(layers.active().back().settled);  // Of what has only begun nothing is known.
  layers.update({layer(0, 100), begins});
  EXPECT_FALSE(layers.active().back().settled);
  layers.update({layer(0, 100), layer(1, 500)});
  layers.update({layer(0, 100)});
  layers.update({layer(0, 100), begins});
  EXPECT_EQ(layers.active().back(), layer(1, 450));
  EXPECT_EQ(layers.all().back(), layer(1, 450));
}

TEST(KnownLayers, ForgetsALayerThatItsEncodingNoLongerHas) {
  KnownLayers layers;
  layers.update({layer(0, 100, 0), layer(0, 150, 1), layer(1, 500, 0)});
  layers.update({layer(0, 100, 0)});
  EXPECT_EQ(layers.all(), (std::vector{layer(0, 100, 0), layer(1, 500, 0)}));
}

TEST(KnownLayers, FindsWhatComesInAlone) {
  KnownLayers layers;
  layers.update({layer(0, 100), layer(1, 500)});
  layers.update({layer(1, 500)});
  EXPECT_EQ(layers.find({.encoding = 0}), nullptr);
  ASSERT_NE(layers.find({.encoding = 1}), nullptr);
  EXPECT_EQ(layers.find({.encoding = 1})->rate, DataRate::kbps(500));
}

TEST(KnownLayers, TakesAPublishersWordForWhatAStoppedOneWillCost) {
  KnownLayers layers;
  const Layer small{.encoding = 0, .rate = DataRate::kbps(150)};
  const Layer half{.encoding = 1, .temporal = 0, .rate = DataRate::kbps(600)};
  const Layer whole{.encoding = 1, .temporal = 1, .rate = DataRate::kbps(1'000)};
  (void)layers.update({small, half, whole});
  layers.set_rate(1, DataRate::kbps(800));
  EXPECT_EQ(layers.all()[2].rate, DataRate::kbps(1'000)) << "it is measured";
  (void)layers.update({small});
  layers.set_rate(1, DataRate::kbps(800));
  layers.set_rate(2, DataRate::kbps(2'000));  // Never seen.
  ASSERT_EQ(layers.all().size(), 3u);
  EXPECT_NEAR(layers.all()[1].rate.in_kbps(), 480, 1);
  EXPECT_EQ(layers.all()[2].rate, DataRate::kbps(800));
}

}  // namespace
}  // namespace parley::sfu
