#include "mcu/video/overlay.h"

#include <algorithm>
#include <cmath>

#include "mcu/video/drawing.h"

namespace parley::mcu {
namespace {

constexpr Color kStrip{.y = 24};
constexpr Color kText{.y = 235};
constexpr Color kRed{.y = 90, .u = 110, .v = 210};
constexpr double kStripAlpha = 150;

struct Point {
  double x = 0;
  double y = 0;
};

// How far a point lies outside of a line from a to b that is as thick as twice the radius.
double outside_line(Point p, Point a, Point b, double radius) {
  const Point along{b.x - a.x, b.y - a.y};
  const double length = along.x * along.x + along.y * along.y;
  const double t =
      length == 0 ? 0
                  : std::clamp(((p.x - a.x) * along.x + (p.y - a.y) * along.y) / length, 0.0, 1.0);
  return std::hypot(p.x - a.x - t * along.x, p.y - a.y - t * along.y) - radius;
}

double outside_round(Point p, double width, double height) {
  const double radius = height / 2;
  return outside_line(p, {radius, radius}, {std::max(width - radius, radius), radius}, radius);
}

// A microphone in a square of 1, crossed.
double outside_microphone(Point p) {
  const double head = outside_line(p, {0.5, 0.28}, {0.5, 0.5}, 0.12);
  const double bow = p.y < 0.5 ? 1 : std::abs(std::hypot(p.x - 0.5, p.y - 0.5) - 0.22) - 0.03;
  const double foot = outside_line(p, {0.5, 0.72}, {0.5, 0.84}, 0.03);
  return std::min({head, bow, foot});
}
double outside_cross(Point p) {
  return outside_line(p, {0.2, 0.18}, {0.8, 0.84}, 0.045);
}

double covered(double outside) {  // Of a point whose middle lies so far outside.
  return std::clamp(0.5 - outside, 0.0, 1.0);
}

// Paints over what is there.
void paint(Overlay& overlay, int x, int y, Color color, double alpha) {
  const Size size = overlay.picture.size();
  if (alpha <= 0 || x < 0 || y < 0 || x >= size.width || y >= size.height) return;
  const auto index = static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) +
                     static_cast<std::size_t>(x);
  const double below = overlay.alpha[index] / 255.0;
  const double together = alpha + below * (1 - alpha);
  std::uint8_t& luma = overlay.picture.y()[index];
  luma = static_cast<std::uint8_t>(
      std::lround((color.y * alpha + luma * below * (1 - alpha)) / together));
  overlay.alpha[index] = static_cast<std::uint8_t>(std::lround(together * 255));
  if (alpha < 0.5) return;
  const auto uv = static_cast<std::size_t>(y / 2) * static_cast<std::size_t>(size.width / 2) +
                  static_cast<std::size_t>(x / 2);
  overlay.picture.u()[uv] = color.u;
  overlay.picture.v()[uv] = color.v;
}

void paint_microphone(Overlay& overlay, int left, int side) {
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const Point p{(x + 0.5) / side, (y + 0.5) / side};
      paint(overlay, left + x, y, kText, covered(outside_microphone(p) * side));
      paint(overlay, left + x, y, kRed, covered(outside_cross(p) * side));
    }
  }
}

}  // namespace

Overlay draw_label(const Mask& name, bool muted, int height) {
  const int microphone = muted ? height : 0;
  const int padding = height / 3;
  const int width =
      name.size.width + microphone + (name.size.width > 0 || !muted ? 2 * padding : 0);
  Overlay overlay{.picture = Picture({width, height})};
  const Size size = overlay.picture.size();
  overlay.alpha.assign(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height),
                       0);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double inside = covered(outside_round({x + 0.5, y + 0.5}, width, height));
      paint(overlay, x, y, kStrip, inside * kStripAlpha / 255);
    }
  }
  if (muted) paint_microphone(overlay, 0, height);
  const int left = muted ? microphone : padding;
  const int top = (height - name.size.height) / 2;
  for (int y = 0; y < name.size.height; ++y) {
    for (int x = 0; x < name.size.width; ++x) {
      const auto index = static_cast<std::size_t>(y) * static_cast<std::size_t>(name.size.width) +
                         static_cast<std::size_t>(x);
      paint(overlay, left + x, top + y, kText, name.alpha[index] / 255.0);
    }
  }
  return overlay;
}

}  // namespace parley::mcu
