#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sdp/codec.h"

namespace parley::peer {

// Hands out payload types: in a bundle one number means one format in all sections, and once it has
// meant one it never means another (RFC 9143, 10.1.1).
class PayloadTypes {
 public:
  // What a description, of either side, has used.
  void learn(std::span<const sdp::Codec> codecs);

  // The same codecs with payload types that are free or theirs already, and with RTX and RED
  // pointing at them. What finds no number is left out.
  std::vector<sdp::Codec> assign(std::span<const sdp::Codec> codecs);

 private:
  std::optional<std::uint8_t> find(const sdp::Codec& codec) const;
  std::optional<std::uint8_t> take(const sdp::Codec& codec);

  std::array<std::optional<sdp::Codec>, 128> used_;  // By payload type.
};

}  // namespace parley::peer
