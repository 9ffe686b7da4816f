#include "mcu/video/drawing.h"

#include <libyuv/convert.h>
#include <libyuv/planar_functions.h>
#include <libyuv/scale.h>

#include <algorithm>
#include <cstddef>

namespace parley::mcu {
namespace {

constexpr int even(int value) {
  return value - value % 2;
}

struct Planes {
  std::uint8_t* y = nullptr;
  std::uint8_t* u = nullptr;
  std::uint8_t* v = nullptr;
};

Planes at(Picture& picture, int x, int y) {
  const std::ptrdiff_t uv = std::ptrdiff_t{y / 2} * picture.uv_stride() + x / 2;
  return {.y = picture.y() + std::ptrdiff_t{y} * picture.y_stride() + x,
          .u = picture.u() + uv,
          .v = picture.v() + uv};
}

Rect clipped(const Rect& rect, Size within) {
  const int left = std::max(rect.x, 0);
  const int top = std::max(rect.y, 0);
  return {.x = left,
          .y = top,
          .width = std::min(rect.x + rect.width, within.width) - left,
          .height = std::min(rect.y + rect.height, within.height) - top};
}

}  // namespace

// Where less than half is left, every point of it counts (kFilterBox); else two by two are enough,
// at half the time.
void draw_scaled(const PictureView& from, Picture& to, const Rect& rect) {
  const Planes into = at(to, rect.x, rect.y);
  if (from.size == rect.size()) {
    libyuv::I420Copy(from.y, from.y_stride, from.u, from.uv_stride, from.v, from.uv_stride, into.y,
                     to.y_stride(), into.u, to.uv_stride(), into.v, to.uv_stride(), rect.width,
                     rect.height);
    return;
  }
  const bool is_much_smaller = rect.width * 2 <= from.size.width;
  libyuv::I420Scale(from.y, from.y_stride, from.u, from.uv_stride, from.v, from.uv_stride,
                    from.size.width, from.size.height, into.y, to.y_stride(), into.u,
                    to.uv_stride(), into.v, to.uv_stride(), rect.width, rect.height,
                    is_much_smaller ? libyuv::kFilterBox : libyuv::kFilterBilinear);
}

void fill(Picture& to, const Rect& rect, Color color) {
  const Rect part = clipped(rect, to.size());
  if (part.empty()) return;
  libyuv::I420Rect(to.y(), to.y_stride(), to.u(), to.uv_stride(), to.v(), to.uv_stride(), part.x,
                   part.y, part.width, part.height, color.y, color.u, color.v);
}

void blend(Picture& to, int x, int y, const Overlay& overlay) {
  const Size size = overlay.picture.size();
  const Rect part =
      clipped({.x = x, .y = y, .width = size.width, .height = size.height}, to.size());
  if (part.empty()) return;
  const Rect shown{.x = part.x - x, .y = part.y - y, .width = part.width, .height = part.height};
  const PictureView from = overlay.picture.view().part(shown);
  const std::uint8_t* const alpha =
      overlay.alpha.data() + std::ptrdiff_t{shown.y} * size.width + shown.x;
  const Planes into = at(to, part.x, part.y);
  libyuv::I420Blend(from.y, from.y_stride, from.u, from.uv_stride, from.v, from.uv_stride, into.y,
                    to.y_stride(), into.u, to.uv_stride(), into.v, to.uv_stride(), alpha,
                    size.width, into.y, to.y_stride(), into.u, to.uv_stride(), into.v,
                    to.uv_stride(), part.width, part.height);
}

Rect crop(Size picture, Size cell) {
  Rect part{.width = picture.width, .height = picture.height};
  if (std::int64_t{picture.width} * cell.height > std::int64_t{picture.height} * cell.width) {
    part.width = static_cast<int>(std::int64_t{picture.height} * cell.width / cell.height);
    part.width = std::max(part.width, 1);
    part.x = even((picture.width - part.width) / 2);
  } else {
    part.height = static_cast<int>(std::int64_t{picture.width} * cell.height / cell.width);
    part.height = std::max(part.height, 1);
    part.y = even((picture.height - part.height) / 2);
  }
  return part;
}

Rect fit(Size picture, const Rect& cell) {
  Rect place = cell;
  if (std::int64_t{picture.width} * cell.height > std::int64_t{picture.height} * cell.width) {
    place.height =
        even(static_cast<int>(std::int64_t{picture.height} * cell.width / picture.width));
    place.height = std::max(place.height, 2);
    place.y += even((cell.height - place.height) / 2);
  } else {
    place.width =
        even(static_cast<int>(std::int64_t{picture.width} * cell.height / picture.height));
    place.width = std::max(place.width, 2);
    place.x += even((cell.width - place.width) / 2);
  }
  return place;
}

}  // namespace parley::mcu
