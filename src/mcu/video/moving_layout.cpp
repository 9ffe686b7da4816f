#include "mcu/video/moving_layout.h"

#include <algorithm>

namespace parley::mcu {
namespace {

int between(int from, int to, double share) {
  const int value = from + static_cast<int>(static_cast<double>(to - from) * share);
  return value - value % 2;
}

Rect between(const Rect& from, const Rect& to, double share) {
  return {.x = between(from.x, to.x, share),
          .y = between(from.y, to.y, share),
          .width = std::max(between(from.width, to.width, share), 2),
          .height = std::max(between(from.height, to.height, share), 2)};
}

Rect middle_of(const Rect& rect) {
  return {.x = rect.x + rect.width / 2, .y = rect.y + rect.height / 2, .width = 2, .height = 2};
}

}  // namespace

void MovingLayout::set(Time now, std::span<const Cell> cells) {
  const std::vector<Cell> before = at(now);
  const bool is_first = ways_.empty();
  ways_.clear();
  moves_ = false;
  for (const Cell& cell : cells) {
    const auto was = std::ranges::find(before, cell.shows, &Cell::shows);
    const Rect from = is_first ? cell.rect : was != before.end() ? was->rect : middle_of(cell.rect);
    moves_ = moves_ || from != cell.rect;
    ways_.push_back({.shows = cell.shows, .from = from, .to = cell.rect});
  }
  began_ = now;
}

// Slowly away and slowly there. While it moves the small ones are in front.
std::vector<Cell> MovingLayout::at(Time now) const {
  if (!moves(now)) return target();
  const double time = std::clamp(
      static_cast<double>((now - began_).count()) / static_cast<double>(takes_.count()), 0.0, 1.0);
  const double share = time * time * (3 - 2 * time);
  std::vector<Cell> cells;
  for (const Way& way : ways_) {
    cells.push_back({.shows = way.shows, .rect = between(way.from, way.to, share)});
  }
  std::ranges::stable_sort(
      cells, [](const Rect& a, const Rect& b) { return a.width > b.width; }, &Cell::rect);
  return cells;
}

std::vector<Cell> MovingLayout::target() const {
  std::vector<Cell> cells;
  for (const Way& way : ways_) cells.push_back({.shows = way.shows, .rect = way.to});
  return cells;
}

}  // namespace parley::mcu
