#include "sfu/encoding_order.h"

#include <algorithm>
#include <utility>

namespace parley::sfu {
namespace {

// Rates come and go: only what costs so many times as much is larger for it.
constexpr double kDearer = 1.5;

// What is known of an encoding; zero: not known.
struct Extent {
  std::uint32_t pixels = 0;
  DataRate rate = {};

  bool is_known() const { return pixels > 0 || rate > DataRate(); }
};

void add(Extent& extent, const Layer& layer) {
  extent.pixels = std::max(extent.pixels, std::uint32_t{layer.size.width} * layer.size.height);
  if (layer.settled) extent.rate = std::max(extent.rate, layer.rate);
}

bool is_larger(const Extent& a, const Extent& b) {
  if (a.pixels > 0 && b.pixels > 0 && a.pixels != b.pixels) return a.pixels > b.pixels;
  return b.rate > DataRate() && a.rate > b.rate * kDearer;
}

}  // namespace

bool EncodingOrder::update(std::span<const Layer> layers) {
  std::array<Extent, kMax> extents = {};
  for (const Layer& layer : layers) add(extents[layer.encoding], layer);

  // Those that are known are sorted among the ranks that they have. By hand, since to be clearly
  // larger is no strict weak order.
  const Places before = by_rank();
  Places sorted = {};
  const auto known = std::ranges::copy_if(
      before, sorted.begin(), [&](std::uint8_t encoding) { return extents[encoding].is_known(); });
  for (auto end = known.out; end != sorted.begin(); --end) {
    for (auto it = sorted.begin(); it + 1 < end; ++it) {
      if (is_larger(extents[it[0]], extents[it[1]])) std::swap(it[0], it[1]);
    }
  }
  const Places ranks = ranks_;
  auto next = sorted.begin();
  for (std::uint8_t rank = 0; rank < kMax; ++rank) {
    if (extents[before[rank]].is_known()) ranks_[*next++] = rank;
  }
  return ranks_ != ranks;
}

EncodingOrder::Places EncodingOrder::by_rank() const {
  Places encodings = {};
  for (std::uint8_t encoding = 0; encoding < kMax; ++encoding) {
    encodings[ranks_[encoding]] = encoding;
  }
  return encodings;
}

EncodingSet EncodingOrder::larger_than(std::size_t encoding) const {
  EncodingSet larger = 0;
  for (std::size_t other = 0; other < kMax; ++other) {
    if (is_smaller(encoding, other)) larger |= EncodingSet{1} << other;
  }
  return larger;
}

}  // namespace parley::sfu
