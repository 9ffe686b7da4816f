#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "mcu/video/fonts.h"
#include "mcu/video/layout.h"
#include "mcu/video/overlay.h"
#include "mcu/video/picture.h"

namespace parley::mcu {

// Draws the cells: pictures scaled, cameras cut to their cell and screens whole, with names and
// badges above them. A cell in which nothing changed is not drawn again.
class Compositor {
 public:
  struct Tile {
    Cell cell = {};
    const PictureView* picture = nullptr;  // Null: the waiting card.
    bool changed = true;                   // Another picture than in the last call.
    std::string_view name = {};
    bool muted = false;
    bool speaks = false;
  };
  struct Counters {
    std::uint64_t cells_drawn = 0, cells_kept = 0;
    std::uint64_t labels_drawn = 0;  // Each is kept for as long as it is shown.
  };

  Compositor(Size canvas, const Fonts& fonts) : fonts_(fonts), canvas_(canvas) {}

  // What is behind comes first. The result is good until the next call.
  const Picture& draw(std::span<const Tile> tiles);
  const Counters& counters() const { return counters_; }
  std::size_t labels() const { return labels_.size(); }  // That are kept.

 private:
  struct Drawn {
    Cell cell = {};
    bool has_picture = false;
    Size picture = {};
    std::string name = {};
    bool muted = false;
    bool speaks = false;

    friend bool operator==(const Drawn&, const Drawn&) = default;
  };
  struct Label {
    std::string name = {};
    bool muted = false;
    int height = 0;
    int max_width = 0;

    friend auto operator<=>(const Label&, const Label&) = default;
  };
  struct KeptLabel {
    Overlay overlay = {};
    std::uint64_t used = 0;
  };

  void draw_tile(const Tile& tile);
  void draw_picture(const Rect& rect, const PictureView& picture, Source source);
  void draw_card(const Rect& rect, const Tile& tile);
  void draw_label(const Rect& rect, const Tile& tile);
  void draw_border(const Rect& rect);
  void forget_labels();

  const Fonts& fonts_;
  Picture canvas_;
  bool is_clear_ = false;
  std::vector<Drawn> drawn_;
  std::map<Label, KeptLabel> labels_;
  std::uint64_t draws_ = 0;
  Counters counters_;
};

}  // namespace parley::mcu
