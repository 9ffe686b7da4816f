#pragma once

#include <optional>
#include <vector>

#include "sfu/layer_demand.h"
#include "sfu/publication.h"
#include "sfu/subscription.h"

namespace parley::sfu {

// The layers of a publication that come in, and those that came once and were stopped: what those
// cost is remembered, so that one may decide to want them again.
class KnownLayers {
 public:
  // What Publication::layers() tells now. Whether another set of layers comes than before.
  bool update(const std::vector<Layer>& now);

  // What an encoding will cost that does not come in now: its publisher says so.
  void set_rate(std::size_t encoding, DataRate rate);

  const std::vector<Layer>& active() const { return active_; }
  // The remembered ones with them, in the same order. A rate that falls is followed slowly: a layer
  // that is being stopped has not become cheap.
  const std::vector<Layer>& all() const { return all_; }
  bool has_stopped() const { return all_.size() != active_.size(); }
  // How the layer looks at the moment; null: it does not come in.
  const Layer* find(const LayerTarget& target) const;
  EncodingSet active_encodings() const;
  EncodingSet known_encodings() const;

 private:
  void take_for_known(Layer& layer) const;

  std::vector<Layer> active_;
  std::vector<Layer> all_;
};

}  // namespace parley::sfu
