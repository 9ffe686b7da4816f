#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sfu/layer.h"
#include "sfu/layer_demand.h"

namespace parley::sfu {

// Which encodings of a simulcast are larger than which. Its offer does not say: browsers list the
// smallest first, other programs the largest (RFC 8853 leaves it to them). So it goes by what has
// come: by the size of the picture; where that is the same, or nobody tells it, by what it costs.
// What has not come yet keeps its place, at first that of the offer.
//
// An encoding is called by its place in the offer for as long as there is its publication: only
// this says what that means, and may come to say something else.
class EncodingOrder {
 public:
  // Goes by these layers, of any encodings. Whether the order has changed.
  bool update(std::span<const Layer> layers);

  // 0: none is smaller.
  std::uint8_t rank(std::size_t encoding) const { return ranks_[encoding]; }
  std::size_t at(std::size_t rank) const { return by_rank()[rank]; }
  std::size_t smallest() const { return at(0); }
  bool is_smaller(std::size_t encoding, std::size_t than) const {
    return ranks_[encoding] < ranks_[than];
  }
  EncodingSet larger_than(std::size_t encoding) const;

  friend bool operator==(const EncodingOrder&, const EncodingOrder&) = default;

 private:
  static constexpr std::size_t kMax = LayerDemand::kMaxEncodings;
  using Places = std::array<std::uint8_t, kMax>;

  Places by_rank() const;

  Places ranks_ = {0, 1, 2, 3, 4, 5, 6, 7};  // By encoding.
};

}  // namespace parley::sfu
