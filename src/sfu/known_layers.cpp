#include "sfu/known_layers.h"

#include <algorithm>
#include <tuple>

namespace parley::sfu {
namespace {

constexpr double kFall = 0.9;  // Of a remembered rate, from one update to the next.

auto place_of(const Layer& layer) {
  return std::tuple(layer.encoding, layer.spatial, layer.temporal);
}

EncodingSet encodings_of(const std::vector<Layer>& layers) {
  EncodingSet set = 0;
  for (const Layer& layer : layers) set |= EncodingSet{1} << layer.encoding;
  return set;
}

}  // namespace

bool KnownLayers::update(Time now, const std::vector<Layer>& coming, EncodingSet told,
                         const EncodingOrder& order) {
  const EncodingSet counting = steady(now, encodings_of(coming), told, order);
  std::vector<Layer> layers = coming;
  std::erase_if(layers, [&](const Layer& layer) { return (counting >> layer.encoding & 1) == 0; });
  const bool changed = !std::ranges::equal(layers, active_, {}, place_of, place_of);
  active_ = std::move(layers);
  for (Layer& layer : active_) take_for_known(layer);
  // A layer that its own encoding no longer has, while the encoding goes on, is gone for good.
  std::erase_if(all_, [&](const Layer& layer) {
    return (counting >> layer.encoding & 1) != 0 &&
           std::ranges::find(active_, place_of(layer), place_of) == active_.end();
  });
  for (const Layer& layer : active_) {
    const auto it = std::ranges::lower_bound(all_, place_of(layer), {}, place_of);
    if (it == all_.end() || place_of(*it) != place_of(layer)) {
      all_.insert(it, layer);
      continue;
    }
    const DataRate remembered = it->rate * kFall;
    *it = layer;
    it->rate = std::max(layer.rate, remembered);
  }
  return changed;
}

// Of those that come, those that count. The smallest of them always does.
EncodingSet KnownLayers::steady(Time now, EncodingSet coming, EncodingSet told,
                                const EncodingOrder& order) {
  constexpr Duration kMemory = std::chrono::seconds{10};
  constexpr Duration kProbation = std::chrono::seconds{1};
  EncodingSet counting = 0;
  for (std::size_t rank = 0; rank < standings_.size(); ++rank) {
    const std::size_t i = order.at(rank);
    Standing& standing = standings_[i];
    const bool comes = (coming >> i & 1) != 0;
    if (comes && !standing.comes) standing.since = now;
    if (!comes && standing.comes && (told >> i & 1) != 0) standing.stopped = now;
    standing.comes = comes;
    const bool on_probation = standing.stopped && standing.since - *standing.stopped < kMemory &&
                              now - standing.since < kProbation;
    if (comes && (!on_probation || counting == 0)) counting |= EncodingSet{1} << i;
  }
  return counting;
}

// Its lower temporal layers keep their shares of it.
void KnownLayers::set_rate(std::size_t encoding, DataRate rate) {
  if ((active_encodings() >> encoding & 1) != 0) return;
  DataRate whole;
  for (const Layer& layer : all_) {
    if (layer.encoding == encoding) whole = std::max(whole, layer.rate);
  }
  if (whole == DataRate()) return;
  for (Layer& layer : all_) {
    if (layer.encoding == encoding) layer.rate = rate * (layer.rate / whole);
  }
}

// What has only begun again, and what it costs is remembered.
void KnownLayers::take_for_known(Layer& layer) const {
  if (layer.settled) return;
  const auto it = std::ranges::lower_bound(all_, place_of(layer), {}, place_of);
  if (it == all_.end() || place_of(*it) != place_of(layer) || !it->settled) return;
  layer.rate = std::max(layer.rate, it->rate * kFall);
  layer.settled = true;
}

const Layer* KnownLayers::find(const LayerTarget& target) const {
  const auto wanted = std::tuple(target.encoding, target.spatial, target.temporal);
  const auto it = std::ranges::find(active_, wanted, place_of);
  return it == active_.end() ? nullptr : &*it;
}

EncodingSet KnownLayers::active_encodings() const {
  return encodings_of(active_);
}

EncodingSet KnownLayers::known_encodings() const {
  return encodings_of(all_);
}

}  // namespace parley::sfu
