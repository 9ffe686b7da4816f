#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "mcu/video/picture.h"

namespace parley::mcu {

// Text as a shape: how much of each point it covers.
struct Mask {
  Size size = {};
  std::vector<std::uint8_t> alpha = {};  // Row by row.
};

// Draws names: by FreeType, with the first font that has a letter; right to left and joined where
// the script is (FriBidi). The owner reads the files. With none at all nothing is drawn.
class Fonts {
 public:
  // TrueType or OpenType, whole files. What is no font is left out.
  explicit Fonts(std::vector<std::vector<std::uint8_t>> files = {});
  Fonts(Fonts&&) noexcept;
  Fonts& operator=(Fonts&&) noexcept;
  ~Fonts();

  // One line of UTF-8, as high as letters of `pixels` need; what is wider is cut, with an ellipsis.
  Mask draw(std::string_view text, int pixels, int max_width) const;
  std::size_t size() const;

 private:
  struct Faces;

  std::unique_ptr<Faces> faces_;
};

}  // namespace parley::mcu
