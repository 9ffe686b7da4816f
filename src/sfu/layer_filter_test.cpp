#include "sfu/layer_filter.h"

#include <gtest/gtest.h>

namespace parley::sfu {
namespace {

using Limits = LayerFilter::Limits;

TEST(LayerFilter, PassesWhatIsNotAboveItsLimits) {
  const Limits limits{.spatial = 1, .temporal = 1};
  EXPECT_TRUE(limits.pass({.spatial = 1, .temporal = 0}));
  EXPECT_TRUE(limits.pass({.spatial = 0, .temporal = 1}));
  EXPECT_FALSE(limits.pass({.spatial = 2, .temporal = 0}));
  EXPECT_FALSE(limits.pass({.spatial = 0, .temporal = 2}));
}

TEST(LayerFilter, GoesDownWithTheNextPicture) {
  LayerFilter filter;
  filter.start(100, {.spatial = 2, .temporal = 2});
  filter.set_target({.spatial = 1, .temporal = 0});
  EXPECT_EQ(filter.limits(), (Limits{.spatial = 2, .temporal = 2}));
  filter.handle_picture(200, {.temporal = 2});
  EXPECT_EQ(filter.limits(), (Limits{.spatial = 1, .temporal = 0}));
  EXPECT_FALSE(filter.needs_key_picture());
}

TEST(LayerFilter, GoesUpOneTemporalLayerWhereTheStreamAllowsIt) {
  LayerFilter filter;
  filter.start(100, {});
  filter.set_target({.temporal = 2});
  const FrameInfo one{.starts_frame = true, .switch_up = true, .temporal = 1};
  FrameInfo next = one;
  next.starts_frame = false;  // Its first packet is missing.
  filter.handle_picture(200, next);
  EXPECT_EQ(filter.limits().temporal, 0);
  next = one;
  next.temporal = 2;
  filter.handle_picture(300, next);
  EXPECT_EQ(filter.limits().temporal, 0);
  filter.handle_picture(400, one);
  EXPECT_EQ(filter.limits().temporal, 1);
  filter.handle_picture(500, next);
  EXPECT_EQ(filter.limits().temporal, 2);
}

TEST(LayerFilter, GoesUpNoFurtherThanItShould) {
  LayerFilter filter;
  filter.start(100, {});
  filter.handle_picture(200, {.starts_frame = true, .switch_up = true, .temporal = 1});
  EXPECT_EQ(filter.limits(), Limits{});
}

TEST(LayerFilter, TakesAllThatIsWantedAtAKeyPicture) {
  LayerFilter filter;
  filter.start(100, {});
  filter.set_target({.spatial = 2, .temporal = 1});
  EXPECT_TRUE(filter.needs_key_picture());
  filter.handle_picture(200, {.starts_frame = true, .key_frame = true});
  EXPECT_EQ(filter.limits(), (Limits{.spatial = 2, .temporal = 1}));
  EXPECT_FALSE(filter.needs_key_picture());
}

TEST(LayerFilter, TellsWhatAppliedToAnEarlierPicture) {
  LayerFilter filter;
  filter.start(100, {.temporal = 2});
  filter.set_target({.temporal = 0});
  filter.handle_picture(200, {});
  filter.set_target({.temporal = 1});
  filter.handle_picture(300, {.starts_frame = true, .switch_up = true, .temporal = 1});
  EXPECT_EQ(filter.limits_at(150).temporal, 2);
  EXPECT_EQ(filter.limits_at(199).temporal, 2);
  EXPECT_EQ(filter.limits_at(200).temporal, 0);
  EXPECT_EQ(filter.limits_at(299).temporal, 0);
  EXPECT_EQ(filter.limits_at(300).temporal, 1);
  EXPECT_EQ(filter.limits_at(50).temporal, 2);
}

}  // namespace
}  // namespace parley::sfu
