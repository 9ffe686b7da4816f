#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "base/assert.h"
#include "mcu/video/drawing.h"
#include "mcu/video/fonts.h"
#include "mcu/video/picture.h"

namespace parley::mcu {

inline Picture plain(Size size, Color color) {
  Picture picture(size);
  fill(picture, {.width = picture.size().width, .height = picture.size().height}, color);
  return picture;
}

// Something that moves: a ramp of brightness, and a square that goes around with `time`.
inline Picture scene(Size size, int time, Color color = {.y = 100, .u = 100, .v = 160}) {
  Picture picture = plain(size, color);
  for (int y = 0; y < picture.size().height; ++y) {
    for (int x = 0; x < picture.size().width; ++x) {
      const double wave = std::sin(x * 0.07 + time * 0.1) * std::cos(y * 0.05);
      picture.y()[y * picture.y_stride() + x] = static_cast<std::uint8_t>(color.y + 40 * wave);
    }
  }
  const int side = std::max(2, size.height / 4);
  fill(picture,
       {.x = (time * 4 % std::max(2, size.width - side)) & ~1,
        .y = 0,
        .width = side,
        .height = side},
       {.y = 220, .u = 128, .v = 60});
  return picture;
}

// Of a part, in the mean.
inline Color mean(const PictureView& view, const Rect& rect) {
  std::int64_t y = 0;
  std::int64_t u = 0;
  std::int64_t v = 0;
  const PictureView part = view.part(rect);
  for (int row = 0; row < rect.height; ++row) {
    for (int column = 0; column < rect.width; ++column) {
      y += part.y[row * part.y_stride + column];
      u += part.u[row / 2 * part.uv_stride + column / 2];
      v += part.v[row / 2 * part.uv_stride + column / 2];
    }
  }
  const std::int64_t area = std::int64_t{rect.width} * rect.height;
  return {.y = static_cast<std::uint8_t>(y / area),
          .u = static_cast<std::uint8_t>(u / area),
          .v = static_cast<std::uint8_t>(v / area)};
}

inline bool is_near(Color a, Color b, int within = 12) {
  return std::abs(a.y - b.y) <= within && std::abs(a.u - b.u) <= within &&
         std::abs(a.v - b.v) <= within;
}

// In dB, of brightness; both are of one size.
inline double psnr(const PictureView& a, const PictureView& b) {
  PARLEY_ASSERT(a.size == b.size);
  double sum = 0;
  for (int y = 0; y < a.size.height; ++y) {
    for (int x = 0; x < a.size.width; ++x) {
      const double d = a.y[y * a.y_stride + x] - b.y[y * b.y_stride + x];
      sum += d * d;
    }
  }
  const double error = sum / (a.size.width * a.size.height);
  return error == 0 ? 99 : 10 * std::log10(255.0 * 255.0 / error);
}

inline std::vector<std::uint8_t> read_file(const char* path) {
  std::vector<std::uint8_t> bytes(std::filesystem::file_size(path));
  std::ifstream(path, std::ios::binary)
      .read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

// The font of the package that the server needs.
inline Fonts test_fonts() {
  std::vector<std::vector<std::uint8_t>> files;
  files.push_back(read_file("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"));
  return Fonts(std::move(files));
}

}  // namespace parley::mcu
