#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "codec/format.h"
#include "codec/frame_part.h"
#include "codec/vp8.h"

namespace parley::codec {

// Cuts the frames of one stream into RTP payloads, and numbers them where their format does.
class Packetizer {
 public:
  explicit Packetizer(std::uint16_t first_picture_id) : picture_id_(first_picture_id) {}

  // Of at most `max_size` bytes each. Nothing where `frame` is not of that format, or empty.
  // `temporal_layer`, of VP8: 0, or 1 for a frame that needs the last of layer 0 alone, and that no
  // other needs.
  std::optional<std::vector<Payload>> packetize(Format format, Bytes frame, bool key,
                                                std::size_t max_size,
                                                std::optional<std::uint8_t> temporal_layer = {});

 private:
  Vp8Descriptor next_vp8(std::optional<std::uint8_t> temporal_layer);
  std::uint16_t next_picture_id();

  std::uint16_t picture_id_;            // 15 bits; of the next frame.
  std::uint8_t tl0_picture_index_ = 0;  // Of the last frame of VP8's layer 0.
};

}  // namespace parley::codec
