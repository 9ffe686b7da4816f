#include "mcu/video/drawing.h"

#include <gtest/gtest.h>

#include <vector>

#include "mcu/video/test_pictures.h"

namespace parley::mcu {
namespace {

constexpr Color kRed{.y = 90, .u = 100, .v = 210};
constexpr Color kGray{.y = 60};

TEST(Crop, CutsWhatIsTooMuchFromTheMiddle) {
  EXPECT_EQ(crop({640, 360}, {320, 180}), (Rect{0, 0, 640, 360}));
  EXPECT_EQ(crop({640, 480}, {320, 180}), (Rect{0, 60, 640, 360}));
  EXPECT_EQ(crop({360, 640}, {320, 180}), (Rect{0, 218, 360, 202}));
  EXPECT_EQ(crop({1'000, 100}, {100, 100}), (Rect{450, 0, 100, 100}));
  EXPECT_EQ(crop({2, 2}, {1'000, 10}), (Rect{0, 0, 2, 1}));
}

TEST(Fit, LeavesRoomWhereItIsNeeded) {
  const Rect cell{10, 20, 320, 180};
  EXPECT_EQ(fit({640, 360}, cell), cell);
  EXPECT_EQ(fit({1'024, 768}, cell), (Rect{50, 20, 240, 180}));
  EXPECT_EQ(fit({2'000, 100}, cell), (Rect{10, 102, 320, 16}));
  EXPECT_EQ(fit({10'000, 1}, cell).height, 2);
}

TEST(Fit, StaysWithinTheCellWhateverThePictureIs) {
  const Rect cell{10, 20, 324, 182};
  for (int width = 1; width < 5'000; width += 37) {
    for (int height = 1; height < 5'000; height += 41) {
      const Rect place = fit({width, height}, cell);
      ASSERT_GE(place.x, cell.x);
      ASSERT_GE(place.y, cell.y);
      ASSERT_LE(place.x + place.width, cell.x + cell.width);
      ASSERT_LE(place.y + place.height, cell.y + cell.height);
      ASSERT_EQ((place.x | place.y | place.width | place.height) % 2, 0);
      const Rect part = crop({width, height}, cell.size());
      ASSERT_GE(part.x, 0);
      ASSERT_GE(part.y, 0);
      ASSERT_FALSE(part.empty());
      ASSERT_LE(part.x + part.width, width);
      ASSERT_LE(part.y + part.height, height);
      ASSERT_EQ((part.x | part.y) % 2, 0);
    }
  }
}

TEST(DrawScaled, KeepsColoursWhateverTheSize) {
  for (const Size from :
       {Size{64, 36}, Size{640, 360}, Size{63, 35}, Size{2, 2}, Size{1'280, 720}}) {
    Picture canvas = plain({200, 120}, kGray);
    const Picture picture = plain(from, kRed);
    draw_scaled(picture.view(), canvas, {.x = 20, .y = 10, .width = 100, .height = 60});
    EXPECT_TRUE(is_near(mean(canvas.view(), {20, 10, 100, 60}), kRed, 1));
    EXPECT_TRUE(is_near(mean(canvas.view(), {0, 0, 20, 120}), kGray, 0));
    EXPECT_TRUE(is_near(mean(canvas.view(), {120, 0, 80, 120}), kGray, 0));
    EXPECT_TRUE(is_near(mean(canvas.view(), {0, 70, 200, 50}), kGray, 0));
  }
}

TEST(DrawScaled, CopiesWhatHasTheSize) {
  Picture canvas = plain({200, 120}, kGray);
  const Picture picture = scene({64, 36}, 3);
  draw_scaled(picture.view(), canvas, {.x = 2, .y = 4, .width = 64, .height = 36});
  EXPECT_EQ(psnr(canvas.view().part({2, 4, 64, 36}), picture.view()), 99);
}

TEST(Fill, LeavesOutWhatIsBeyondTheEdges) {
  Picture canvas = plain({20, 20}, kGray);
  fill(canvas, {.x = -10, .y = 10, .width = 20, .height = 100}, kRed);
  EXPECT_TRUE(is_near(mean(canvas.view(), {0, 10, 10, 10}), kRed, 0));
  EXPECT_TRUE(is_near(mean(canvas.view(), {10, 0, 10, 20}), kGray, 0));
  fill(canvas, {.x = 30, .y = 0, .width = 5, .height = 5}, kRed);
  fill(canvas, {.x = 4, .y = 4, .width = 0, .height = 5}, kRed);
}

TEST(Blend, MixesByAlphaAndLeavesOutWhatIsBeyondTheEdges) {
  Overlay overlay{.picture = plain({8, 8}, {.y = 200, .u = 200, .v = 50})};
  overlay.alpha.assign(64, 255);
  Picture canvas = plain({20, 20}, kGray);
  blend(canvas, -4, 16, overlay);
  EXPECT_TRUE(is_near(mean(canvas.view(), {0, 16, 4, 4}), {200, 200, 50}, 2));
  EXPECT_TRUE(is_near(mean(canvas.view(), {4, 0, 16, 20}), kGray, 0));
  overlay.alpha.assign(64, 128);
  blend(canvas, 10, 2, overlay);
  EXPECT_TRUE(is_near(mean(canvas.view(), {10, 2, 8, 8}), {130, 164, 89}, 3));
  overlay.alpha.assign(64, 0);
  blend(canvas, 2, 2, overlay);
  EXPECT_TRUE(is_near(mean(canvas.view(), {2, 2, 8, 8}), kGray, 0));
  blend(canvas, 200, 2, overlay);
}

TEST(DrawLabel, IsAStripWithAName) {
  Mask name{.size = {30, 12}};
  name.alpha.assign(360, 255);
  const Overlay label = draw_label(name, false, 24);
  EXPECT_EQ(label.picture.size(), (Size{46, 24}));
  EXPECT_EQ(label.alpha.front(), 0);  // Its corners are round.
  const auto at = [&](int x, int y) { return static_cast<std::size_t>(y * 46 + x); };
  EXPECT_EQ(label.alpha[at(20, 12)], 255);
  EXPECT_EQ(label.picture.view().y[at(20, 12)], 235);
  EXPECT_NEAR(label.alpha[at(20, 3)], 150, 2);  // What is behind shines through.
}

TEST(DrawLabel, HasACrossedMicrophoneForWhoIsMuted) {
  const auto reds = [](const Overlay& label) {
    int count = 0;
    const PictureView view = label.picture.view();
    for (int y = 0; y < view.size.height / 2; ++y) {
      for (int x = 0; x < view.size.width / 2; ++x) {
        count += view.v[y * view.uv_stride + x] > 200 ? 1 : 0;
      }
    }
    return count;
  };
  EXPECT_EQ(reds(draw_label({}, false, 24)), 0);
  EXPECT_GT(reds(draw_label({}, true, 24)), 5);
  EXPECT_EQ(draw_label({}, true, 24).picture.size(), (Size{24, 24}));
}

}  // namespace
}  // namespace parley::mcu
