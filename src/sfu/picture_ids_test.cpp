#include "sfu/picture_ids.h"

#include <gtest/gtest.h>

namespace parley::sfu {
namespace {

using Ids = PictureIds::Ids;

FrameInfo frame(std::uint16_t picture_id, std::uint8_t tl0, bool is_short = false) {
  return {.picture_id = picture_id, .short_picture_id = is_short, .tl0_picture_index = tl0};
}

TEST(PictureIds, LeavesTheFirstStreamAsItIs) {
  PictureIds ids;
  ids.start(frame(0x7FFF, 255), {});
  EXPECT_EQ(ids.find(frame(0x7FFF, 255)), Ids{});
  ids.handle_frame(frame(0, 0), true);
  EXPECT_EQ(ids.find(frame(0, 0)), Ids{});
  EXPECT_EQ(ids.find(frame(0x7FFF, 255)), Ids{}) << "Late packets, too.";
  EXPECT_EQ(ids.last().picture_id.value() & 0x7FFF, 0);
  EXPECT_EQ(ids.last().tl0_picture_index, 0);
}

TEST(PictureIds, CountsOnAfterWhatTheSlotHasShown) {
  PictureIds ids;
  ids.start(frame(500, 7), {.picture_id = 0x7FFF, .tl0_picture_index = 255});
  EXPECT_EQ(ids.find(frame(500, 7)), (Ids{.picture_id = 0, .tl0_picture_index = 0}));
  ids.handle_frame(frame(501, 7), false);
  ids.handle_frame(frame(502, 8), true);
  EXPECT_EQ(ids.find(frame(501, 7)), std::nullopt);
  EXPECT_EQ(ids.find(frame(502, 8)), (Ids{.picture_id = 1, .tl0_picture_index = 1}));
  ids.handle_frame(frame(504, 8), true);
  EXPECT_EQ(ids.find(frame(503, 8)), (Ids{.picture_id = 2, .tl0_picture_index = 1}));
  EXPECT_EQ(ids.find(frame(504, 8)), (Ids{.picture_id = 3, .tl0_picture_index = 1}));
}

TEST(PictureIds, KeepsShortIdsShort) {
  PictureIds ids;
  ids.start(frame(127, 1, true), {.picture_id = 300, .tl0_picture_index = 0});
  EXPECT_EQ(ids.find(frame(127, 1, true)), (Ids{.picture_id = 301 & 0x7F}));
  ids.handle_frame(frame(0, 2, true), true);
  EXPECT_EQ(ids.find(frame(0, 2, true)), (Ids{.picture_id = 302 & 0x7F}));
  EXPECT_EQ(ids.find(frame(127, 1, true)), (Ids{.picture_id = 301 & 0x7F}));
}

TEST(PictureIds, CountsOnWhereAnEncoderBeginsAnew) {
  PictureIds ids;
  ids.start(frame(1'000, 1), {});
  ids.handle_frame(frame(10, 2), true);
  EXPECT_EQ(ids.find(frame(10, 2)), (Ids{.picture_id = 1'001}));
  ids.handle_frame(frame(5, 2), false);
  ids.handle_frame(frame(6, 2), true);
  EXPECT_EQ(ids.find(frame(6, 2)), (Ids{.picture_id = 1'002}));
}

TEST(PictureIds, RemembersTheCountThroughAStreamWithoutIds) {
  PictureIds ids;
  ids.start(FrameInfo{}, {.picture_id = 5, .tl0_picture_index = 6});
  ids.handle_frame(FrameInfo{}, true);
  EXPECT_EQ(ids.find(FrameInfo{}), Ids{});
  EXPECT_EQ(ids.find(frame(9, 9)), Ids{});
  EXPECT_EQ(ids.last().picture_id, 5);
  EXPECT_EQ(ids.last().tl0_picture_index, 6);
}

}  // namespace
}  // namespace parley::sfu
