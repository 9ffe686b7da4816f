#include "sfu/layer_demand.h"

#include <gtest/gtest.h>

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

TEST(LayerDemand, WantsAllEncodingsAtFirst) {
  const LayerDemand demand(3, 2s);
  EXPECT_EQ(demand.told(), 0b111u);
  EXPECT_EQ(demand.next_deadline(), kNever);
}

TEST(LayerDemand, StopsWhatNobodyNeedsAfterAWhile) {
  LayerDemand demand(3, 2s);
  EXPECT_FALSE(demand.update(kStart, 0b001));
  EXPECT_EQ(demand.next_deadline(), kStart + 2s);
  EXPECT_FALSE(demand.update(kStart + 1'999ms, 0b001));
  EXPECT_TRUE(demand.update(kStart + 2s, 0b001));
  EXPECT_EQ(demand.told(), 0b001u);
  EXPECT_EQ(demand.next_deadline(), kNever);
  EXPECT_FALSE(demand.update(kStart + 3s, 0b001));
}

TEST(LayerDemand, StopsNothingThatIsNeededAgainInTime) {
  LayerDemand demand(2, 2s);
  demand.update(kStart, 0b01);
  EXPECT_FALSE(demand.update(kStart + 1s, 0b11));
  EXPECT_FALSE(demand.update(kStart + 2s, 0b01));
  EXPECT_FALSE(demand.update(kStart + 3s, 0b01));
  EXPECT_TRUE(demand.update(kStart + 4s, 0b01));
}

TEST(LayerDemand, StartsAtOnceAndLeavesTheOthersAlone) {
  LayerDemand demand(3, 2s);
  demand.update(kStart, 0b001);
  demand.update(kStart + 2s, 0b001);
  EXPECT_TRUE(demand.start(0b100));
  EXPECT_FALSE(demand.start(0b100));
  EXPECT_EQ(demand.told(), 0b101u);
}

TEST(LayerDemand, KnowsNoEncodingsThatThereAreNot) {
  LayerDemand demand(1, 2s);
  EXPECT_FALSE(demand.start(~EncodingSet{0}));
  EXPECT_EQ(demand.told(), 0b1u);
  EXPECT_TRUE(demand.update(kStart, 0) || demand.update(kStart + 2s, 0));
  EXPECT_EQ(demand.told(), 0u);
}

TEST(LayerDemand, OfNoneBeginsWithWhatIsNeededFirst) {
  LayerDemand demand = LayerDemand::of_none(3, std::chrono::seconds{2});
  EXPECT_EQ(demand.told(), 0u);
  EXPECT_FALSE(demand.update(Time{}, 0));
  EXPECT_TRUE(demand.start(0b010));
  EXPECT_EQ(demand.told(), 0b010u);
}

}  // namespace
}  // namespace parley::sfu
