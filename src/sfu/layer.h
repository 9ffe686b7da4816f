#pragma once

#include <cstdint>

#include "base/data_rate.h"
#include "codec/vp8.h"

namespace parley::sfu {

// A layer that a publication has at the moment, and what it costs to forward it: with all layers
// that it needs below it.
struct Layer {
  std::uint8_t encoding = 0;  // Of a simulcast, in the order of the offer.
  std::uint8_t spatial = 0;   // With SVC.
  std::uint8_t temporal = 0;
  DataRate rate = {};            // Measured over the last second, or since it began.
  codec::PictureSize size = {};  // Zero where nobody has told.
  double frames_per_second = 0;
  bool settled = true;  // Else it has just begun, and may turn out to cost more.

  friend bool operator==(const Layer&, const Layer&) = default;
};

}  // namespace parley::sfu
