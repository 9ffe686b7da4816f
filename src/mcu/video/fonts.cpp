#include "mcu/video/fonts.h"

#include <fribidi/fribidi.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/assert.h"
#include "mcu/video/text.h"

namespace parley::mcu {
namespace {

constexpr std::size_t kMaxLetters = 64;
constexpr char32_t kEllipsis = 0x2026;

struct Glyph {
  FT_Face face = nullptr;
  FT_UInt index = 0;
  int x = 0;
};

// As they stand next to each other, from left to right.
std::u32string in_visual_order(const std::u32string& text) {
  const auto length = static_cast<FriBidiStrIndex>(text.size());
  std::vector<FriBidiChar> logical(text.begin(), text.end());
  std::vector<FriBidiChar> visual(text.size() + 1);
  FriBidiParType direction = FRIBIDI_PAR_ON;
  if (fribidi_log2vis(logical.data(), length, &direction, visual.data(), nullptr, nullptr,
                      nullptr) == 0) {
    return text;
  }
  std::u32string ordered;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // Two letters that became one leave a mark behind.
    if (visual[i] != FRIBIDI_CHAR_FILL) ordered.push_back(static_cast<char32_t>(visual[i]));
  }
  return ordered;
}

void add_glyph(const FT_Bitmap& bitmap, int left, int top, Mask& mask) {
  for (int row = 0; row < static_cast<int>(bitmap.rows); ++row) {
    for (int column = 0; column < static_cast<int>(bitmap.width); ++column) {
      const int x = left + column;
      const int y = top + row;
      if (x < 0 || y < 0 || x >= mask.size.width || y >= mask.size.height) continue;
      const std::uint8_t value = bitmap.buffer[row * bitmap.pitch + column];
      std::uint8_t& there =
          mask.alpha[static_cast<std::size_t>(y) * static_cast<std::size_t>(mask.size.width) +
                     static_cast<std::size_t>(x)];
      there = std::max(there, value);
    }
  }
}

}  // namespace

struct Fonts::Faces {
  explicit Faces(std::vector<std::vector<std::uint8_t>> given) : files(std::move(given)) {
    PARLEY_ASSERT(FT_Init_FreeType(&library) == 0);
    for (const auto& file : files) {
      FT_Face face = nullptr;
      if (FT_New_Memory_Face(library, file.data(), static_cast<FT_Long>(file.size()), 0, &face) !=
          0) {
        continue;
      }
      if (FT_IS_SCALABLE(face)) {
        faces.push_back(face);
      } else {
        FT_Done_Face(face);
      }
    }
  }
  Faces(const Faces&) = delete;
  Faces& operator=(const Faces&) = delete;
  ~Faces() {
    for (const FT_Face face : faces) FT_Done_Face(face);
    FT_Done_FreeType(library);
  }

  std::optional<Glyph> find(char32_t letter) const {
    for (const FT_Face face : faces) {
      const FT_UInt index = FT_Get_Char_Index(face, letter);
      if (index != 0) return Glyph{.face = face, .index = index};
    }
    return std::nullopt;
  }

  // Their places, and then the width of all.
  std::pair<std::vector<Glyph>, int> lay_out(const std::u32string& text) const {
    std::vector<Glyph> glyphs;
    int width = 0;
    for (const char32_t letter : in_visual_order(text)) {
      auto glyph = find(letter);
      if (!glyph || FT_Load_Glyph(glyph->face, glyph->index, FT_LOAD_DEFAULT) != 0) continue;
      glyph->x = width;
      width += static_cast<int>(glyph->face->glyph->advance.x >> 6);
      glyphs.push_back(*glyph);
    }
    return {std::move(glyphs), width};
  }

  std::vector<std::vector<std::uint8_t>> files;  // The faces point into them.
  FT_Library library = nullptr;
  std::vector<FT_Face> faces = {};
};

Fonts::Fonts(std::vector<std::vector<std::uint8_t>> files)
    : faces_(std::make_unique<Faces>(std::move(files))) {}
Fonts::Fonts(Fonts&&) noexcept = default;
Fonts& Fonts::operator=(Fonts&&) noexcept = default;
Fonts::~Fonts() = default;

std::size_t Fonts::size() const {
  return faces_->faces.size();
}

Mask Fonts::draw(std::string_view text, int pixels, int max_width) const {
  if (faces_->faces.empty() || pixels <= 0) return {};
  for (const FT_Face face : faces_->faces) {
    if (FT_Set_Pixel_Sizes(face, 0, static_cast<FT_UInt>(pixels)) != 0) return {};
  }
  std::u32string letters = decode_utf8(text.substr(0, 4 * kMaxLetters)).substr(0, kMaxLetters);
  auto [glyphs, width] = faces_->lay_out(letters);
  while (width > max_width && !letters.empty()) {
    letters.pop_back();
    while (letters.ends_with(U' ')) letters.pop_back();
    std::tie(glyphs, width) = faces_->lay_out(letters + kEllipsis);
  }
  if (glyphs.empty() || letters.empty()) return {};

  const FT_Size_Metrics& metrics = faces_->faces.front()->size->metrics;
  const int ascent = static_cast<int>(metrics.ascender >> 6);
  Mask mask{.size = {width, ascent - static_cast<int>(metrics.descender >> 6)}};
  if (mask.size.empty()) return {};
  mask.alpha.assign(
      static_cast<std::size_t>(mask.size.width) * static_cast<std::size_t>(mask.size.height), 0);
  for (const Glyph& glyph : glyphs) {
    if (FT_Load_Glyph(glyph.face, glyph.index, FT_LOAD_RENDER) != 0) continue;
    const FT_GlyphSlot slot = glyph.face->glyph;
    if (slot->bitmap.pixel_mode != FT_PIXEL_MODE_GRAY) continue;
    add_glyph(slot->bitmap, glyph.x + slot->bitmap_left, ascent - slot->bitmap_top, mask);
  }
  return mask;
}

}  // namespace parley::mcu
