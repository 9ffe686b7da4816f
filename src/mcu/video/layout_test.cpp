#include "mcu/video/layout.h"

#include <gtest/gtest.h>

#include <set>

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;

constexpr LayoutConfig kConfig{};
constexpr Time kStart{1h};

std::vector<LayoutPerson> people(std::uint64_t count) {
  std::vector<LayoutPerson> all;
  for (std::uint64_t n = 1; n <= count; ++n) all.push_back({.id = {n}});
  return all;
}

std::set<std::uint64_t> cameras(const std::vector<Cell>& cells) {
  std::set<std::uint64_t> shown;
  for (const Cell& cell : cells) {
    if (cell.shows.source == Source::kCamera) shown.insert(cell.shows.person.value);
  }
  return shown;
}

void expect_sound(const std::vector<Cell>& cells, Size canvas) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Rect& a = cells[i].rect;
    ASSERT_GE(a.x, 0);
    ASSERT_GE(a.y, 0);
    ASSERT_LE(a.x + a.width, canvas.width);
    ASSERT_LE(a.y + a.height, canvas.height);
    ASSERT_FALSE(a.empty());
    ASSERT_EQ((a.x | a.y | a.width | a.height) % 2, 0);
    for (std::size_t j = 0; j < i; ++j) {
      const Rect& b = cells[j].rect;
      ASSERT_FALSE(a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
                   b.y < a.y + a.height)
          << i << " over " << j;
      ASSERT_NE(cells[i].shows, cells[j].shows);
    }
  }
}

TEST(Layout, CellsNeitherOverlapNorLeaveTheCanvas) {
  for (const Size canvas : {Size{1'280, 720}, Size{640, 360}, Size{320, 180}, Size{720, 1'280}}) {
    for (const LayoutMode mode : {LayoutMode::kGrid, LayoutMode::kSpeaker, LayoutMode::kLecture}) {
      for (std::uint64_t count = 0; count <= 30; ++count) {
        for (const bool has_screen : {false, true}) {
          auto all = people(count);
          if (has_screen && count > 0) all.back().has_screen = true;
          const auto cells = arrange(all, mode, PersonId{2}, {.canvas = canvas});
          EXPECT_EQ(cells.empty(), count == 0);
          expect_sound(cells, canvas);
        }
      }
    }
  }
}

TEST(Layout, AGridHasAllAlikeAndAsLargeAsTheyFit) {
  const auto one = arrange(people(1), LayoutMode::kGrid, {}, kConfig);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].rect, (Rect{0, 0, 1'280, 720}));
  const auto two = arrange(people(2), LayoutMode::kGrid, {}, kConfig);
  EXPECT_EQ(two[0].rect.y, two[1].rect.y);  // Side by side.
  const auto nine = arrange(people(9), LayoutMode::kGrid, {}, kConfig);
  ASSERT_EQ(nine.size(), 9u);
  for (const Cell& cell : nine) EXPECT_EQ(cell.rect.size(), nine[0].rect.size());
  EXPECT_GT(nine[0].rect.width, 400);
  EXPECT_EQ(nine[4].rect.x + nine[4].rect.width / 2, 640);
}

TEST(Layout, TheLastRowOfAGridStandsInTheMiddle) {
  const auto five = arrange(people(5), LayoutMode::kGrid, {}, kConfig);
  const int left = five[3].rect.x;
  const int right = 1'280 - five[4].rect.x - five[4].rect.width;
  EXPECT_NEAR(left, right, 2);
  EXPECT_GT(left, five[0].rect.x);
}

TEST(Layout, WhoSpokeLastIsInTheGridIfNotAllHaveRoom) {
  auto all = people(20);
  all[18].spoke_at = kStart;
  all[19].spoke_at = kStart + 1s;
  const auto cells = arrange(all, LayoutMode::kGrid, {}, {.most_in_grid = 4});
  ASSERT_EQ(cells.size(), 4u);
  EXPECT_EQ(cameras(cells), (std::set<std::uint64_t>{1, 2, 19, 20}));
  EXPECT_EQ(cells[0].shows.person.value, 1u);  // In the order in which they came.
  EXPECT_EQ(cells[3].shows.person.value, 20u);
  EXPECT_TRUE(arrange(all, LayoutMode::kGrid, {}, {.most_in_grid = 0}).empty());
}

TEST(Layout, WhoSpeaksIsLargeAboveAStrip) {
  const auto cells = arrange(people(4), LayoutMode::kSpeaker, PersonId{3}, kConfig);
  ASSERT_EQ(cells.size(), 4u);
  EXPECT_EQ(cells[0].shows.person.value, 3u);
  EXPECT_GT(cells[0].rect.width, 900);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_GT(cells[i].rect.y, cells[0].rect.height);
  EXPECT_EQ(cameras(cells), (std::set<std::uint64_t>{1, 2, 3, 4}));
  const auto nobody = arrange(people(4), LayoutMode::kSpeaker, {}, kConfig);
  EXPECT_EQ(nobody[0].shows.person.value, 1u);
  const auto gone = arrange(people(4), LayoutMode::kSpeaker, PersonId{77}, kConfig);
  EXPECT_EQ(gone[0].shows.person.value, 1u);
}

TEST(Layout, AScreenIsLargeAndItsOwnerInTheStrip) {
  for (const LayoutMode mode : {LayoutMode::kGrid, LayoutMode::kSpeaker}) {
    auto all = people(3);
    all[1].has_screen = true;
    const auto cells = arrange(all, mode, PersonId{3}, kConfig);
    ASSERT_EQ(cells.size(), 4u);
    EXPECT_EQ(cells[0].shows, (InputId{{2}, Source::kScreen}));
    EXPECT_EQ(cells[0].rect.width, 1'280);
    EXPECT_EQ(cameras(cells), (std::set<std::uint64_t>{1, 2, 3}));
  }
}

TEST(Layout, OfTwoScreensTheSpeakersIsShown) {
  auto all = people(3);
  all[0].has_screen = all[2].has_screen = true;
  const auto shown = [&](std::optional<PersonId> main) {
    return arrange(all, LayoutMode::kGrid, main, kConfig)[0].shows.person.value;
  };
  EXPECT_EQ(shown(PersonId{3}), 3u);
  EXPECT_EQ(shown(PersonId{2}), 1u);
  all[2].lectures = true;
  EXPECT_EQ(shown(PersonId{2}), 3u);
}

TEST(Layout, ALectureIsSlidesAndWhoLectures) {
  auto all = people(5);
  all[4].lectures = true;
  all[4].has_screen = true;
  const auto cells = arrange(all, LayoutMode::kLecture, {}, kConfig);
  ASSERT_EQ(cells.size(), 4u);
  EXPECT_EQ(cells[0].shows, (InputId{{5}, Source::kScreen}));
  EXPECT_EQ(cells[1].shows, (InputId{{5}, Source::kCamera}));
  EXPECT_GT(cells[0].rect.width, 3 * cells[1].rect.width);
  all[4].has_screen = false;
  const auto without = arrange(all, LayoutMode::kLecture, {}, kConfig);
  EXPECT_EQ(without[0].shows.person.value, 5u);
  EXPECT_EQ(without.size(), 5u);
}

}  // namespace
}  // namespace parley::mcu
