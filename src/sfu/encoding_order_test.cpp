#include "sfu/encoding_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace parley::sfu {
namespace {

constexpr codec::PictureSize kTiny{.width = 320, .height = 180};
constexpr codec::PictureSize kHalf{.width = 640, .height = 360};
constexpr codec::PictureSize kFull{.width = 1'280, .height = 720};
constexpr codec::PictureSize kUnknown;

Layer layer(std::uint8_t encoding, codec::PictureSize size, int kbps) {
  return {.encoding = encoding, .rate = DataRate::kbps(kbps), .size = size};
}

std::vector<std::size_t> first_three(const EncodingOrder& order) {
  return {order.at(0), order.at(1), order.at(2)};
}

using Order = std::vector<std::size_t>;

TEST(EncodingOrder, IsThatOfTheOfferAtFirst) {
  EncodingOrder order;
  EXPECT_EQ(first_three(order), (Order{0, 1, 2}));
  EXPECT_FALSE(order.update({}));
  EXPECT_FALSE(order.update(std::vector{layer(1, kFull, 2'000)}));
  EXPECT_EQ(order, EncodingOrder());
}

TEST(EncodingOrder, GoesByTheSizeOfThePicture) {
  EncodingOrder order;
  const std::vector falling = {layer(0, kFull, 500), layer(1, kHalf, 500), layer(2, kTiny, 500)};
  EXPECT_TRUE(order.update(falling));
  EXPECT_FALSE(order.update(falling));
  EXPECT_EQ(first_three(order), (Order{2, 1, 0}));
  EXPECT_EQ(order.smallest(), 2u);
  EXPECT_EQ(order.rank(0), 2);
  EXPECT_TRUE(order.is_smaller(1, 0));
  EXPECT_FALSE(order.is_smaller(1, 2));
  EXPECT_EQ(order.larger_than(2) & 0b111, 0b011u);
  EXPECT_EQ(order.larger_than(0) & 0b111, 0u);
}

TEST(EncodingOrder, ComparesSizesRatherThanRates) {
  EncodingOrder order;
  EXPECT_FALSE(order.update(std::vector{layer(0, kTiny, 3'000), layer(1, kFull, 20)}));
}

TEST(EncodingOrder, GoesByTheRateWhereSizesAreTheSameOrNotTold) {
  for (const codec::PictureSize size : {kFull, kUnknown}) {
    EncodingOrder order;
    EXPECT_TRUE(order.update(std::vector{layer(0, size, 1'500), layer(1, size, 200)}));
    EXPECT_EQ(order.smallest(), 1u);
    // And stays while neither is clearly dearer.
    EXPECT_FALSE(order.update(std::vector{layer(0, size, 1'000), layer(1, size, 1'400)}));
    EXPECT_TRUE(order.update(std::vector{layer(0, size, 1'000), layer(1, size, 1'600)}));
    EXPECT_EQ(order.smallest(), 0u);
  }
}

TEST(EncodingOrder, TakesNoRateForOneThatHasJustBegun) {
  EncodingOrder order;
  Layer begins = layer(0, kUnknown, 9'000);
  begins.settled = false;
  EXPECT_FALSE(order.update(std::vector{begins, layer(1, kUnknown, 200)}));
}

TEST(EncodingOrder, LeavesWhatHasNotComeWhereItWas) {
  EncodingOrder order;
  EXPECT_TRUE(order.update(std::vector{layer(0, kFull, 0), layer(2, kTiny, 0)}));
  EXPECT_EQ(first_three(order), (Order{2, 1, 0}));
  EXPECT_FALSE(order.update(std::vector{layer(1, kHalf, 0)}));
}

TEST(EncodingOrder, FollowsSizesThatChange) {
  EncodingOrder order;
  EXPECT_FALSE(order.update(std::vector{layer(0, kTiny, 0), layer(1, kHalf, 0)}));
  EXPECT_TRUE(order.update(std::vector{layer(0, kFull, 0), layer(1, kHalf, 0)}));
  EXPECT_EQ(order.smallest(), 1u);
}

TEST(EncodingOrder, TakesTheLargestSpatialLayerForTheSize) {
  EncodingOrder order;
  Layer upper = layer(0, kFull, 900);
  upper.spatial = 1;
  EXPECT_TRUE(order.update(std::vector{layer(0, kTiny, 100), upper, layer(1, kHalf, 500)}));
}

TEST(EncodingOrder, ComesToAnEndWhereComparisonsGoRound) {
  EncodingOrder order;
  const std::vector round = {layer(0, kHalf, 100), layer(1, kTiny, 300), layer(2, kUnknown, 170)};
  order.update(round);
  Order all = first_three(order);
  std::ranges::sort(all);
  EXPECT_EQ(all, (Order{0, 1, 2}));
}

}  // namespace
}  // namespace parley::sfu
