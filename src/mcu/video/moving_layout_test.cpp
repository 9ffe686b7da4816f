#include "mcu/video/moving_layout.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr InputId kAda{{1}, Source::kCamera}, kBob{{2}, Source::kCamera};
constexpr Rect kLeft{0, 0, 100, 60}, kRight{200, 100, 300, 180};

Rect rect_of(const std::vector<Cell>& cells, InputId id) {
  const auto found = std::ranges::find(cells, id, &Cell::shows);
  return found == cells.end() ? Rect{} : found->rect;
}

TEST(MovingLayout, TheFirstCellsAreThereAtOnce) {
  MovingLayout layout;
  EXPECT_TRUE(layout.at(kStart).empty());
  const Cell cells[] = {{kAda, kLeft}};
  layout.set(kStart, cells);
  EXPECT_EQ(rect_of(layout.at(kStart), kAda), kLeft);
  EXPECT_FALSE(layout.moves(kStart));
}

TEST(MovingLayout, CellsGoFromWhereTheyAreToWhereTheyShallBe) {
  MovingLayout layout(300ms);
  const Cell before[] = {{kAda, kLeft}};
  const Cell after[] = {{kAda, kRight}};
  layout.set(kStart, before);
  layout.set(kStart, after);
  EXPECT_TRUE(layout.moves(kStart));
  Rect last = kLeft;
  for (Duration passed = 0ms; passed <= 300ms; passed += 10ms) {
    const Rect now = rect_of(layout.at(kStart + passed), kAda);
    EXPECT_GE(now.x, last.x);
    EXPECT_GE(now.width, last.width);
    EXPECT_LT(now.x - last.x, 24);  // No jump.
    EXPECT_EQ((now.x | now.y | now.width | now.height) % 2, 0);
    last = now;
  }
  EXPECT_EQ(last, kRight);
  EXPECT_FALSE(layout.moves(kStart + 300ms));
  EXPECT_EQ(layout.target().front().rect, kRight);
}

TEST(MovingLayout, MovesAsLongAsOneOfThemDoes) {
  MovingLayout layout(300ms);
  const Cell before[] = {{kAda, kLeft}, {kBob, {300, 0, 100, 60}}};
  const Cell after[] = {{kAda, kRight}, {kBob, {300, 0, 100, 60}}};
  layout.set(kStart, before);
  layout.set(kStart, after);
  EXPECT_TRUE(layout.moves(kStart + 100ms));
  EXPECT_LT(rect_of(layout.at(kStart + 100ms), kAda).x, kRight.x);
}

TEST(MovingLayout, TurnsAroundOnItsWay) {
  MovingLayout layout(300ms);
  const Cell before[] = {{kAda, kLeft}};
  const Cell after[] = {{kAda, kRight}};
  layout.set(kStart, before);
  layout.set(kStart, after);
  const Rect half = rect_of(layout.at(kStart + 150ms), kAda);
  layout.set(kStart + 150ms, before);
  EXPECT_EQ(rect_of(layout.at(kStart + 150ms), kAda), half);
  EXPECT_EQ(rect_of(layout.at(kStart + 450ms), kAda), kLeft);
}

TEST(MovingLayout, WhoComesGrowsAndWhoLeavesIsGone) {
  MovingLayout layout(300ms);
  const Cell before[] = {{kAda, kLeft}};
  const Cell after[] = {{kBob, kRight}};
  layout.set(kStart, before);
  layout.set(kStart, after);
  const auto cells = layout.at(kStart);
  ASSERT_EQ(cells.size(), 1u);
  EXPECT_EQ(cells[0].rect, (Rect{350, 190, 2, 2}));
  EXPECT_EQ(rect_of(layout.at(kStart + 1s), kBob), kRight);
}

TEST(MovingLayout, WhatIsSmallIsInFrontWhileItMoves) {
  MovingLayout layout(300ms);
  const Cell before[] = {{kAda, kLeft}, {kBob, kRight}};
  const Cell after[] = {{kAda, kRight}, {kBob, kLeft}};
  layout.set(kStart, before);
  layout.set(kStart, after);
  EXPECT_EQ(layout.at(kStart + 50ms).front().shows, kBob);
  EXPECT_EQ(layout.at(kStart + 250ms).front().shows, kAda);
}

}  // namespace
}  // namespace parley::mcu
