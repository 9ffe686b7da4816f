#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace parley::mcu {

// Pictures are I420: a plane of brightness, and two of colour at half its width and height.

struct Size {
  int width = 0;
  int height = 0;

  bool empty() const { return width <= 0 || height <= 0; }
  friend bool operator==(const Size&, const Size&) = default;
};

struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  Size size() const { return {width, height}; }
  bool empty() const { return width <= 0 || height <= 0; }
  friend bool operator==(const Rect&, const Rect&) = default;
};

// One that somebody else owns, or a part of it.
struct PictureView {
  const std::uint8_t* y = nullptr;
  const std::uint8_t* u = nullptr;
  const std::uint8_t* v = nullptr;
  int y_stride = 0;
  int uv_stride = 0;
  Size size = {};

  // `rect` lies within it, and begins at even numbers.
  PictureView part(const Rect& rect) const {
    const std::ptrdiff_t uv = std::ptrdiff_t{rect.y / 2} * uv_stride + rect.x / 2;
    return {.y = y + std::ptrdiff_t{rect.y} * y_stride + rect.x,
            .u = u + uv,
            .v = v + uv,
            .y_stride = y_stride,
            .uv_stride = uv_stride,
            .size = rect.size()};
  }
};

struct Color {
  std::uint8_t y = 0;
  std::uint8_t u = 128;
  std::uint8_t v = 128;

  friend bool operator==(const Color&, const Color&) = default;
};

// One of our own, of even width and height.
class Picture {
 public:
  Picture() = default;
  explicit Picture(Size size)
      : size_{size.width + size.width % 2, size.height + size.height % 2},
        y_(area(size_), 0),
        u_(area(size_) / 4, 128),
        v_(area(size_) / 4, 128) {}

  Size size() const { return size_; }
  PictureView view() const {
    return {.y = y_.data(),
            .u = u_.data(),
            .v = v_.data(),
            .y_stride = size_.width,
            .uv_stride = size_.width / 2,
            .size = size_};
  }

  std::uint8_t* y() { return y_.data(); }
  std::uint8_t* u() { return u_.data(); }
  std::uint8_t* v() { return v_.data(); }
  int y_stride() const { return size_.width; }
  int uv_stride() const { return size_.width / 2; }

 private:
  static std::size_t area(Size size) {
    return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
  }

  Size size_ = {};
  std::vector<std::uint8_t> y_;
  std::vector<std::uint8_t> u_;
  std::vector<std::uint8_t> v_;
};

}  // namespace parley::mcu
