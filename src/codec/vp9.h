#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "codec/frame_part.h"
#include "codec/vp8.h"

namespace parley::codec {

// What stands in front of each VP9 payload (RFC 9628, 4.2).
struct Vp9Descriptor {
  static constexpr std::size_t kMaxSpatialLayers = 8;

  struct Layer {
    std::uint8_t temporal = 0;
    std::uint8_t spatial = 0;
    bool switching_up_point = false;  // From here one may go up to this temporal layer.
    bool depends_on_lower_spatial = false;
    // Without flexible mode: counts the frames of temporal layer 0.
    std::optional<std::uint8_t> tl0_picture_index = {};

    friend bool operator==(const Layer&, const Layer&) = default;
  };

  // The sizes of the spatial layers, lowest first; nothing of the picture groups, which only a
  // player without layer indices would need.
  struct ScalabilityStructure {
    std::uint8_t spatial_layers = 1;
    std::array<PictureSize, kMaxSpatialLayers> sizes = {};  // Zero where it does not tell.

    friend bool operator==(const ScalabilityStructure&, const ScalabilityStructure&) = default;
  };

  std::optional<std::uint16_t> picture_id = {};  // 15 bits, or 7 where `short_picture_id`.
  bool short_picture_id = false;
  bool inter_picture_predicted = false;
  std::optional<Layer> layer = {};
  bool flexible = false;
  std::uint8_t reference_count = 0;  // In flexible mode: how many of `references` there are.
  std::array<std::uint8_t, 3> references = {};  // Picture ids back; 7 bits.
  bool starts_layer_frame = false;
  bool ends_layer_frame = false;
  bool not_reference_for_upper_spatial = false;
  std::optional<ScalabilityStructure> structure = {};

  std::size_t size = 0;  // In bytes. Set by parse().

  // Nothing where the payload ends within it, or breaks its rules.
  static std::optional<Vp9Descriptor> parse(Bytes payload);

  // A picture that needs none before it: its lowest layer starts here.
  bool starts_key_frame() const {
    return starts_layer_frame && !inter_picture_predicted && (!layer || layer->spatial == 0);
  }

  // Picture groups are not written.
  void write_to(ByteWriter& writer) const;

  friend bool operator==(const Vp9Descriptor&, const Vp9Descriptor&) = default;
};

// Cuts one layer frame into payloads of at most `max_size` bytes, descriptor included. What
// `descriptor` says of start and end is set here; a structure goes with the first payload only.
std::vector<Payload> packetize_vp9(Bytes layer_frame, std::size_t max_size,
                                   Vp9Descriptor descriptor, bool last_of_picture);

}  // namespace parley::codec
