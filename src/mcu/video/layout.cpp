#include "mcu/video/layout.h"

#include <algorithm>
#include <functional>

namespace parley::mcu {
namespace {

constexpr int kShapeWidth = 16;  // Of a camera's cell.
constexpr int kShapeHeight = 9;
constexpr std::size_t kInStrip = 5;
constexpr std::size_t kBesideSlides = 3;

constexpr int even(int value) {
  return value - value % 2;
}

// The largest of that shape, in its middle.
Rect shaped(const Rect& within) {
  int width = within.width;
  int height = width * kShapeHeight / kShapeWidth;
  if (height > within.height) {
    height = within.height;
    width = height * kShapeWidth / kShapeHeight;
  }
  return {.x = even(within.x + (within.width - width) / 2),
          .y = even(within.y + (within.height - height) / 2),
          .width = std::max(even(width), 2),
          .height = std::max(even(height), 2)};
}

// Who spoke last, at most so many, in the order in which they came.
std::vector<LayoutPerson> most_recent(std::vector<LayoutPerson> people, std::size_t most) {
  if (people.size() <= most) return people;
  std::vector<Time> spoke;
  for (const LayoutPerson& person : people) spoke.push_back(person.spoke_at);
  std::ranges::sort(spoke, std::greater{});
  const Time last = most == 0 ? kNever : spoke[most - 1];
  auto ties = static_cast<std::size_t>(
      std::ranges::count(spoke.begin(), spoke.begin() + static_cast<std::ptrdiff_t>(most), last));
  std::vector<LayoutPerson> chosen;
  for (const LayoutPerson& person : people) {
    if (person.spoke_at < last || chosen.size() == most) continue;
    if (person.spoke_at == last && ties-- == 0) {
      ++ties;
      continue;
    }
    chosen.push_back(person);
  }
  return chosen;
}

InputId camera(const LayoutPerson& person) {
  return {.person = person.id, .source = Source::kCamera};
}

// As many columns as make the cells largest; the last row stands in the middle.
void add_grid(std::span<const LayoutPerson> people, const Rect& area, int gap,
              std::vector<Cell>& cells) {
  const int count = static_cast<int>(people.size());
  int columns = 1;
  Rect best = {};
  for (int tried = 1; tried <= count; ++tried) {
    const int rows = (count + tried - 1) / tried;
    const Rect cell = shaped({.width = (area.width - gap * (tried - 1)) / tried,
                              .height = (area.height - gap * (rows - 1)) / rows});
    if (cell.width <= best.width) continue;
    best = cell;
    columns = tried;
  }
  const int rows = (count + columns - 1) / columns;
  const int top = area.y + (area.height - rows * best.height - (rows - 1) * gap) / 2;
  for (int i = 0; i < count; ++i) {
    const int row = i / columns;
    const int in_row = row + 1 < rows ? columns : count - row * columns;
    const int left = area.x + (area.width - in_row * best.width - (in_row - 1) * gap) / 2;
    cells.push_back({.shows = camera(people[static_cast<std::size_t>(i)]),
                     .rect = {.x = even(left + i % columns * (best.width + gap)),
                              .y = even(top + row * (best.height + gap)),
                              .width = best.width,
                              .height = best.height}});
  }
}

// `main` above, and who is in the strip below it.
std::vector<Cell> with_strip(InputId main, std::vector<LayoutPerson> others,
                             const LayoutConfig& config) {
  const Size canvas = config.canvas;
  others = most_recent(std::move(others), kInStrip);
  const int gap = config.gap;
  const int strip = others.empty() ? 0 : even((canvas.height - gap) / 5);
  const Rect above{.width = canvas.width, .height = canvas.height - (strip > 0 ? strip + gap : 0)};
  std::vector<Cell> cells = {{.shows = main, .rect = shaped(above)}};
  if (main.source == Source::kScreen)
    cells.front().rect = {above.x, above.y, even(above.width), even(above.height)};
  if (others.empty()) return cells;
  const int count = static_cast<int>(others.size());
  const Rect cell = shaped({.width = (canvas.width - gap * (count - 1)) / count, .height = strip});
  int x = (canvas.width - count * cell.width - (count - 1) * gap) / 2;
  for (const LayoutPerson& person : others) {
    cells.push_back({.shows = camera(person),
                     .rect = {.x = even(x),
                              .y = even(canvas.height - cell.height),
                              .width = cell.width,
                              .height = cell.height}});
    x += cell.width + gap;
  }
  return cells;
}

const LayoutPerson* find(std::span<const LayoutPerson> people, std::optional<PersonId> id) {
  const auto found =
      std::ranges::find(people, id, [](const LayoutPerson& p) { return std::optional(p.id); });
  return found == people.end() ? nullptr : &*found;
}

std::vector<LayoutPerson> without(std::span<const LayoutPerson> people, PersonId id) {
  std::vector<LayoutPerson> others(people.begin(), people.end());
  std::erase_if(others, [&](const LayoutPerson& person) { return person.id == id; });
  return others;
}

std::vector<Cell> lecture(std::span<const LayoutPerson> people, const LayoutPerson* sharer,
                          const LayoutConfig& config) {
  std::vector<LayoutPerson> stage(people.begin(), people.end());
  std::ranges::stable_sort(stage, std::greater{}, &LayoutPerson::lectures);
  const Size canvas = config.canvas;
  std::vector<Cell> cells;
  if (sharer == nullptr) {
    stage = most_recent(std::move(stage), config.most_in_grid);
    add_grid(stage, {.width = canvas.width, .height = canvas.height}, config.gap, cells);
    return cells;
  }
  const int side = even(canvas.width / 5);
  cells.push_back(
      {.shows = {.person = sharer->id, .source = Source::kScreen},
       .rect = {.width = even(canvas.width - side - config.gap), .height = even(canvas.height)}});
  const int height = even(side * kShapeHeight / kShapeWidth);
  int y = 0;
  for (std::size_t i = 0; i < std::min(stage.size(), kBesideSlides); ++i) {
    cells.push_back(
        {.shows = camera(stage[i]),
         .rect = {.x = even(canvas.width - side), .y = even(y), .width = side, .height = height}});
    y += height + config.gap;
  }
  return cells;
}

}  // namespace

// Of several screens the one of who speaks, if it is one; else of a lecturer, else the first.
std::vector<Cell> arrange(std::span<const LayoutPerson> people, LayoutMode mode,
                          std::optional<PersonId> main, const LayoutConfig& config) {
  if (people.empty()) return {};
  const LayoutPerson* const speaker = find(people, main);
  const LayoutPerson* sharer = speaker != nullptr && speaker->has_screen ? speaker : nullptr;
  for (const LayoutPerson& person : people) {
    if (sharer == nullptr && person.has_screen && person.lectures) sharer = &person;
  }
  for (const LayoutPerson& person : people) {
    if (sharer == nullptr && person.has_screen) sharer = &person;
  }
  if (mode == LayoutMode::kLecture) return lecture(people, sharer, config);
  if (sharer != nullptr) {
    return with_strip({.person = sharer->id, .source = Source::kScreen},
                      {people.begin(), people.end()}, config);
  }
  if (mode == LayoutMode::kSpeaker) {
    const LayoutPerson& large = speaker != nullptr ? *speaker : people.front();
    return with_strip(camera(large), without(people, large.id), config);
  }
  std::vector<Cell> cells;
  const auto shown = most_recent({people.begin(), people.end()}, config.most_in_grid);
  add_grid(shown, {.width = config.canvas.width, .height = config.canvas.height}, config.gap,
           cells);
  return cells;
}

}  // namespace parley::mcu
