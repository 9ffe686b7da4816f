#include "sfu/ladder.h"

#include <algorithm>
#include <span>
#include <tuple>

namespace parley::sfu {
namespace {

// A picture of a camera that a tile shows larger than it is by no more than this is sharp enough
// for it; the text on a screen is not.
constexpr double kEnlarged = 1.15;

// One size of a publication, and its temporal layers.
struct Picture {
  std::vector<Layer> layers = {};  // The lowest first; at least one.
  codec::PictureSize size = {};
};

// The smallest first.
std::vector<Picture> pictures_of(const Want& want) {
  std::vector<Picture> pictures;
  for (const Layer& layer : want.layers) {
    const bool another = pictures.empty() ||
                         pictures.back().layers.front().encoding != layer.encoding ||
                         pictures.back().layers.front().spatial != layer.spatial;
    if (another) pictures.emplace_back();
    pictures.back().layers.push_back(layer);
    if (layer.size != codec::PictureSize{}) pictures.back().size = layer.size;
  }
  std::ranges::sort(pictures, {}, [&](const Picture& picture) {
    const Layer& lowest = picture.layers.front();
    return std::tuple(want.order.rank(lowest.encoding), lowest.spatial);
  });
  return pictures;
}

// Where nobody has told a size, each picture is taken for half of the one above it.
void guess_sizes(std::vector<Picture>& pictures, bool screen) {
  codec::PictureSize above = screen ? codec::PictureSize{.width = 3'840, .height = 2'160}
                                    : codec::PictureSize{.width = 2'560, .height = 1'440};
  for (auto it = pictures.rbegin(); it != pictures.rend(); ++it) {
    if (it->size == codec::PictureSize{}) {
      it->size = {.width = static_cast<std::uint16_t>(above.width / 2),
                  .height = static_cast<std::uint16_t>(above.height / 2)};
    }
    above = it->size;
  }
}

// What a layer will cost that has just begun: what browsers spend on a picture of that size, and
// their usual shares of the temporal layers.
DataRate guess_rate(const Picture& picture, std::size_t temporal) {
  constexpr double kBitsAPixel = 0.07;
  constexpr double kFrames = 30;
  constexpr double kShares[] = {0.4, 0.6, 1.0};
  const double whole = kBitsAPixel * kFrames * picture.size.width * picture.size.height;
  const std::size_t below_top = picture.layers.size() - 1 - temporal;
  const double share = below_top < std::size(kShares) ? kShares[2 - below_top] : kShares[0];
  return DataRate::bps(static_cast<std::int64_t>(whole * share));
}

DataRate rate_of(const Picture& picture, std::size_t temporal) {
  const Layer& layer = picture.layers[temporal];
  const bool is_measured = layer.settled && layer.rate > DataRate();
  return is_measured ? layer.rate : std::max(layer.rate, guess_rate(picture, temporal));
}

// The tile shows all of the picture, as large as it fits.
bool suffices(codec::PictureSize picture, const Want& want) {
  const double enlarged = want.screen ? 1.0 : kEnlarged;
  return want.tile.width <= picture.width * enlarged ||
         want.tile.height <= picture.height * enlarged;
}

LayerTarget target_of(const Layer& layer) {
  return {.encoding = layer.encoding, .spatial = layer.spatial, .temporal = layer.temporal};
}

// By what is better to look at: size first, then frames.
bool is_above(const EncodingOrder& order, const LayerTarget& a, const LayerTarget& b) {
  return std::tuple(order.rank(a.encoding), a.spatial, a.temporal) >
         std::tuple(order.rank(b.encoding), b.spatial, b.temporal);
}

}  // namespace

Ladder::Ladder(const Want& want) {
  std::vector<Picture> pictures = pictures_of(want);
  if (pictures.empty()) return;
  guess_sizes(pictures, want.screen);
  const auto enough = std::ranges::find_if(
      pictures, [&](const Picture& picture) { return suffices(picture.size, want); });
  if (enough != pictures.end()) {
    limit_at_top_ = enough + 1 == pictures.end() ? Limit::kNone : Limit::kTile;
    pictures.erase(enough + 1, pictures.end());
  }

  // A rung that costs less than those below it makes them useless.
  const auto add = [&](const Picture& picture, std::size_t temporal, bool sharper) {
    const DataRate rate = rate_of(picture, temporal);
    while (!rungs_.empty() && rungs_.back().rate >= rate) rungs_.pop_back();
    rungs_.push_back(
        {.target = target_of(picture.layers[temporal]), .rate = rate, .sharper = sharper});
  };
  for (const Picture& picture : pictures) {
    const bool full = &picture == (want.screen ? &pictures.back() : &pictures.front());
    const std::size_t top = picture.layers.size() - 1;
    if (!full) add(picture, want.screen ? 0 : top, want.screen);
    for (std::size_t i = 0; full && i <= top; ++i) add(picture, i, want.screen && i == 0);
  }
  for (std::size_t i = 0; want.current && i < rungs_.size(); ++i) {
    if (!is_above(want.order, rungs_[i].target, *want.current)) current_ = i;
  }
}

}  // namespace parley::sfu
