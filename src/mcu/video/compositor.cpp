#include "mcu/video/compositor.h"

#include <algorithm>
#include <array>

#include "mcu/video/drawing.h"
#include "mcu/video/text.h"

namespace parley::mcu {
namespace {

constexpr Color kBackground{.y = 24};
constexpr Color kBorder{.y = 170, .u = 90, .v = 60};  // Green: who speaks.
constexpr std::uint8_t kWhite = 235;
// Dark enough for white letters.
constexpr std::array<Color, 8> kCards = {{{70, 150, 115},
                                          {75, 110, 150},
                                          {80, 105, 118},
                                          {70, 160, 140},
                                          {78, 125, 145},
                                          {68, 140, 105},
                                          {82, 115, 130},
                                          {72, 135, 150}}};

constexpr int even(int value) {
  return value - value % 2;
}

int label_height(const Rect& cell) {
  return even(std::clamp(cell.height / 10, 16, 40));
}

// White letters above whatever there is.
Overlay letters_of(const Mask& mask) {
  Overlay overlay{.picture = Picture(mask.size)};
  const Size size = overlay.picture.size();
  const auto width = static_cast<std::size_t>(size.width);
  std::fill_n(overlay.picture.y(), width * static_cast<std::size_t>(size.height), kWhite);
  overlay.alpha.assign(width * static_cast<std::size_t>(size.height), 0);
  for (int y = 0; y < mask.size.height; ++y) {
    const auto row = static_cast<std::ptrdiff_t>(y) * mask.size.width;
    std::copy_n(mask.alpha.begin() + row, mask.size.width,
                overlay.alpha.begin() + static_cast<std::ptrdiff_t>(y) * size.width);
  }
  return overlay;
}

}  // namespace

const Picture& Compositor::draw(std::span<const Tile> tiles) {
  std::vector<Drawn> now;
  for (const Tile& tile : tiles) {
    now.push_back({.cell = tile.cell,
                   .has_picture = tile.picture != nullptr,
                   .picture = tile.picture != nullptr ? tile.picture->size : Size{},
                   .name = std::string(tile.name),
                   .muted = tile.muted,
                   .speaks = tile.speaks});
  }
  ++draws_;
  // While cells are where they were, each can be drawn by itself.
  const bool all_new =
      !is_clear_ || !std::ranges::equal(now, drawn_, {}, &Drawn::cell, &Drawn::cell);
  if (all_new) {
    const Size size = canvas_.size();
    fill(canvas_, {.width = size.width, .height = size.height}, kBackground);
    is_clear_ = true;
  }
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const bool has_changed = tiles[i].picture != nullptr && tiles[i].changed;
    if (!all_new && !has_changed && now[i] == drawn_[i]) {
      ++counters_.cells_kept;
      continue;
    }
    draw_tile(tiles[i]);
    ++counters_.cells_drawn;
  }
  drawn_ = std::move(now);
  forget_labels();
  return canvas_;
}

void Compositor::draw_tile(const Tile& tile) {
  const Rect& rect = tile.cell.rect;
  if (tile.picture != nullptr) {
    draw_picture(rect, *tile.picture, tile.cell.shows.source);
  } else {
    draw_card(rect, tile);
  }
  draw_label(rect, tile);
  if (tile.speaks) draw_border(rect);
}

void Compositor::draw_picture(const Rect& rect, const PictureView& picture, Source source) {
  if (source == Source::kCamera) {
    draw_scaled(picture.part(crop(picture.size, rect.size())), canvas_, rect);
    return;
  }
  const Rect place = fit(picture.size, rect);
  if (place != rect) fill(canvas_, rect, kBackground);
  draw_scaled(picture, canvas_, place);
}

void Compositor::draw_card(const Rect& rect, const Tile& tile) {
  fill(canvas_, rect, kCards[tile.cell.shows.person.value % kCards.size()]);
  const int pixels = rect.height / 3;
  if (pixels < 8) return;
  const Mask letters = fonts_.draw(initials(tile.name), pixels, rect.width);
  if (letters.size.empty()) return;
  blend(canvas_, even(rect.x + (rect.width - letters.size.width) / 2),
        even(rect.y + (rect.height - letters.size.height) / 2), letters_of(letters));
}

void Compositor::draw_label(const Rect& rect, const Tile& tile) {
  const int height = label_height(rect);
  if (height * 3 > rect.height || (tile.name.empty() && !tile.muted)) return;
  Label wanted{.name = std::string(tile.name),
               .muted = tile.muted,
               .height = height,
               .max_width = even(rect.width * 4 / 5)};
  auto kept = labels_.find(wanted);
  if (kept == labels_.end()) {
    const int width = wanted.max_width - 2 * height;
    const Mask name = fonts_.draw(tile.name, height * 5 / 8, width);
    if (name.size.empty() && !tile.muted) return;
    ++counters_.labels_drawn;
    kept = labels_.emplace(std::move(wanted), KeptLabel{mcu::draw_label(name, tile.muted, height)})
               .first;
  }
  kept->second.used = draws_;
  const int margin = even(height / 4);
  blend(canvas_, rect.x + margin, rect.y + rect.height - height - margin, kept->second.overlay);
}

void Compositor::draw_border(const Rect& rect) {
  constexpr int kWidth = 4;
  if (rect.width < 4 * kWidth || rect.height < 4 * kWidth) return;
  fill(canvas_, {rect.x, rect.y, rect.width, kWidth}, kBorder);
  fill(canvas_, {rect.x, rect.y + rect.height - kWidth, rect.width, kWidth}, kBorder);
  fill(canvas_, {rect.x, rect.y, kWidth, rect.height}, kBorder);
  fill(canvas_, {rect.x + rect.width - kWidth, rect.y, kWidth, rect.height}, kBorder);
}

// Those of cells that move are another size each time.
void Compositor::forget_labels() {
  constexpr std::size_t kMost = 64;
  constexpr std::uint64_t kKept = 30;
  if (labels_.size() <= kMost) return;
  std::erase_if(labels_, [&](const auto& label) { return label.second.used + kKept < draws_; });
}

}  // namespace parley::mcu
