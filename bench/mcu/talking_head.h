#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "mcu/video/picture.h"
#include "mcu/video/picture_encoder.h"

namespace parley::mcu {

// What a camera sees of one who talks: a still room, a head that nods, and the noise of the sensor.
class TalkingHead {
 public:
  TalkingHead(Size size, std::uint32_t seed) : random_(seed), phase_(seed), room_(size) {
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        const double shelves = 20 * std::sin(x * 0.11 + seed) * std::cos(y * 0.07);
        const double wall = 90 + 40.0 * x / size.width;
        at(room_, x, y) = clamped(wall + shelves + static_cast<int>(random_() % 9));
      }
    }
    std::fill_n(room_.u(), size.width * size.height / 4, std::uint8_t(110 + seed * 7 % 40));
    std::fill_n(room_.v(), size.width * size.height / 4, std::uint8_t(150 - seed * 11 % 40));
  }

  // The next of thirty a second.
  Picture next() {
    Picture picture = room_;
    const Size size = picture.size();
    const double t = time_++ / 30.0;
    const double radius = size.height / 3.5;
    const double left = size.width / 2.0 + 12 * std::sin(t * 1.3 + phase_);
    const double top = size.height / 2.0 + 8 * std::sin(t * 2.9 + phase_);
    const double mouth = 6 + 5 * std::sin(t * 20);
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        const double dx = (x - left) / radius;
        const double dy = (y - top) / (radius * 1.3);
        if (dx * dx + dy * dy < 1) {
          const bool is_mouth = std::abs(dx) < 0.35 && std::abs((dy - 0.45) * radius) < mouth;
          at(picture, x, y) =
              clamped(is_mouth ? 60 : 150 + 25 * dx + 12 * std::sin(dx * 9 + dy * 7));
          picture.u()[y / 2 * picture.uv_stride() + x / 2] = 112;
          picture.v()[y / 2 * picture.uv_stride() + x / 2] = 150;
        }
        at(picture, x, y) = clamped(at(picture, x, y) + static_cast<int>(random_() % 5) - 2);
      }
    }
    return picture;
  }

 private:
  static std::uint8_t& at(Picture& picture, int x, int y) {
    return picture.y()[y * picture.y_stride() + x];
  }
  static std::uint8_t clamped(double value) {
    return static_cast<std::uint8_t>(std::clamp(value, 16.0, 235.0));
  }

  std::minstd_rand random_;
  double phase_ = 0;
  Picture room_;
  int time_ = 0;
};

// Their frames of VP8, as a browser sends them.
inline std::vector<std::vector<std::uint8_t>> film(Size size, DataRate rate, std::size_t frames,
                                                   std::uint32_t seed) {
  TalkingHead head(size, seed);
  const auto encoder = make_encoder(
      codec::Format::kVp8, {.size = size, .rate = rate, .temporal_layers = false, .speed = 8});
  std::vector<std::vector<std::uint8_t>> film;
  for (std::size_t n = 0; n < frames; ++n) {
    film.push_back(encoder->encode(head.next().view(), n * 3'000, false).data);
  }
  return film;
}

}  // namespace parley::mcu
