#include "mcu/video/compositor.h"

#include <gtest/gtest.h>

#include "mcu/video/test_pictures.h"

namespace parley::mcu {
namespace {

constexpr Color kRed{.y = 90, .u = 100, .v = 210};
constexpr Color kGreen{.y = 120, .u = 70, .v = 70};
constexpr Cell kLeft{{{1}, Source::kCamera}, {0, 0, 160, 90}};
constexpr Cell kRight{{{2}, Source::kCamera}, {160, 0, 160, 90}};

struct Scene {
  Fonts fonts = test_fonts();
  Compositor compositor{{320, 180}, fonts};
  Picture red = plain({64, 36}, kRed);
  Picture green = plain({64, 48}, kGreen);
  PictureView red_view = red.view();
  PictureView green_view = green.view();

  std::vector<Compositor::Tile> tiles() const {
    return {{.cell = kLeft, .picture = &red_view}, {.cell = kRight, .picture = &green_view}};
  }
};

TEST(Compositor, DrawsPicturesIntoTheirCells) {
  Scene scene;
  const Picture& drawn = scene.compositor.draw(scene.tiles());
  EXPECT_TRUE(is_near(mean(drawn.view(), kLeft.rect), kRed, 2));
  EXPECT_TRUE(is_near(mean(drawn.view(), kRight.rect), kGreen, 2));
  EXPECT_TRUE(is_near(mean(drawn.view(), {0, 90, 320, 90}), {.y = 24}, 1));
}

TEST(Compositor, DrawsAgainOnlyWhatChanged) {
  Scene scene;
  auto tiles = scene.tiles();
  scene.compositor.draw(tiles);
  EXPECT_EQ(scene.compositor.counters().cells_drawn, 2u);
  for (auto& tile : tiles) tile.changed = false;
  scene.compositor.draw(tiles);
  EXPECT_EQ(scene.compositor.counters().cells_drawn, 2u);
  EXPECT_EQ(scene.compositor.counters().cells_kept, 2u);
  tiles[0].changed = true;
  scene.compositor.draw(tiles);
  EXPECT_EQ(scene.compositor.counters().cells_drawn, 3u);
  tiles[0].changed = false;
  tiles[1].muted = true;
  const Picture& drawn = scene.compositor.draw(tiles);
  EXPECT_EQ(scene.compositor.counters().cells_drawn, 4u);
  EXPECT_TRUE(is_near(mean(drawn.view(), kLeft.rect), kRed, 2));
  tiles[1].cell.rect.y = 20;  // One that moves may have been above another.
  scene.compositor.draw(tiles);
  EXPECT_EQ(scene.compositor.counters().cells_drawn, 6u);
}

TEST(Compositor, LeavesNothingBehindOfACellThatIsGone) {
  Scene scene;
  auto tiles = scene.tiles();
  scene.compositor.draw(tiles);
  tiles.pop_back();
  tiles[0].changed = false;
  const Picture& drawn = scene.compositor.draw(tiles);
  EXPECT_TRUE(is_near(mean(drawn.view(), kRight.rect), {.y = 24}, 1));
  EXPECT_TRUE(is_near(mean(drawn.view(), kLeft.rect), kRed, 2));
}

TEST(Compositor, ShowsACardWithInitialsWhereThereIsNoPicture) {
  Scene scene;
  auto tiles = scene.tiles();
  scene.compositor.draw(tiles);
  tiles[0].picture = nullptr;
  tiles[0].changed = false;
  tiles[0].name = "Ada Lovelace";
  const Picture& drawn = scene.compositor.draw(tiles);
  const Color corner = mean(drawn.view(), {4, 4, 20, 20});
  EXPECT_FALSE(is_near(corner, kRed));
  EXPECT_LT(corner.y, 90);
  // White letters in the middle, and in the strip below.
  EXPECT_GT(mean(drawn.view(), {60, 30, 40, 30}).y, corner.y + 10);
  EXPECT_NE(mean(drawn.view(), {4, 70, 60, 16}).y, corner.y);
}

TEST(Compositor, DrawsANameOnceForAllPictures) {
  Scene scene;
  auto tiles = scene.tiles();
  tiles[0].name = "Ada";
  for (int n = 0; n < 10; ++n) scene.compositor.draw(tiles);
  EXPECT_EQ(scene.compositor.counters().labels_drawn, 1u);
  const Color strip = mean(scene.compositor.draw(tiles).view(), {8, 74, 20, 8});
  EXPECT_FALSE(is_near(strip, kRed, 10));
}

TEST(Compositor, ForgetsTheNamesOfCellsThatHaveMoved) {
  Scene scene;
  auto tiles = scene.tiles();
  tiles[0].name = "Ada";
  for (int n = 0; n < 400; ++n) {
    tiles[0].cell.rect.width = 100 + 2 * (n % 100);
    tiles[0].cell.rect.height = 60 + 2 * (n % 30);
    scene.compositor.draw(tiles);
  }
  EXPECT_LE(scene.compositor.labels(), 100u);
}

TEST(Compositor, FramesWhoSpeaks) {
  Scene scene;
  auto tiles = scene.tiles();
  tiles[0].speaks = true;
  const Picture& drawn = scene.compositor.draw(tiles);
  EXPECT_FALSE(is_near(mean(drawn.view(), {0, 20, 4, 40}), kRed));
  EXPECT_TRUE(is_near(mean(drawn.view(), {8, 8, 100, 40}), kRed, 2));
}

TEST(Compositor, ShowsAScreenWhole) {
  Scene scene;
  const Picture wide = plain({320, 90}, kRed);
  const PictureView view = wide.view();
  const Compositor::Tile tile{.cell = {{{1}, Source::kScreen}, {0, 0, 160, 90}}, .picture = &view};
  const Picture& drawn = scene.compositor.draw({&tile, 1});
  EXPECT_TRUE(is_near(mean(drawn.view(), {0, 24, 160, 40}), kRed, 2));
  EXPECT_TRUE(is_near(mean(drawn.view(), {0, 0, 160, 20}), {.y = 24}, 1));
  const Picture high = plain({60, 90}, kGreen);  // Another window; nothing is left of the first.
  const PictureView other = high.view();
  const Compositor::Tile next{.cell = tile.cell, .picture = &other};
  scene.compositor.draw({&next, 1});
  EXPECT_TRUE(is_near(mean(drawn.view(), {0, 0, 48, 90}), {.y = 24}, 1));
  EXPECT_TRUE(is_near(mean(drawn.view(), {52, 0, 56, 90}), kGreen, 2));
}

}  // namespace
}  // namespace parley::mcu
