#pragma once

#include <array>
#include <optional>
#include <vector>

#include "base/time.h"
#include "sfu/encoding_order.h"
#include "sfu/layer_demand.h"
#include "sfu/publication.h"
#include "sfu/subscription.h"

namespace parley::sfu {

// The layers of a publication that come in, and those that came once and were stopped: what those
// cost is remembered, so that one may decide to want them again.
class KnownLayers {
 public:
  // What Publication::layers() and order() tell now, and what its publisher was told to send.
  // Whether another set of layers comes than before.
  //
  // An encoding that stopped though it was to be sent, as its publisher's link is too narrow for
  // it, has to come for a while before it counts again: it is tried now and then in vain, and who
  // sees it each time would see the picture stand still.
  bool update(Time now, const std::vector<Layer>& coming, EncodingSet told,
              const EncodingOrder& order = {});

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
  // Whether something of it comes, if it counts or not.
  bool comes(std::size_t encoding) const { return standings_[encoding].comes; }
  EncodingSet known_encodings() const;

 private:
  struct Standing {
    bool comes = false;
    Time since = {};
    std::optional<Time> stopped = {};  // By itself, the last time.
  };

  EncodingSet steady(Time now, EncodingSet coming, EncodingSet told, const EncodingOrder& order);
  void take_for_known(Layer& layer) const;

  std::array<Standing, LayerDemand::kMaxEncodings> standings_ = {};  // By encoding.
  std::vector<Layer> active_;
  std::vector<Layer> all_;
};

}  // namespace parley::sfu
