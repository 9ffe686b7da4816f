#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "codec/format.h"
#include "codec/frame_part.h"

namespace parley::codec {

// Cuts the frames of one stream into RTP payloads, and numbers them where their format does.
class Packetizer {
 public:
  explicit Packetizer(std::uint16_t first_picture_id) : picture_id_(first_picture_id) {}

  // Of at most `max_size` bytes each. Nothing where `frame` is not of that format, or empty.
  std::optional<std::vector<Payload>> packetize(Format format, Bytes frame, bool key,
                                                std::size_t max_size);

 private:
  std::uint16_t picture_id_;  // 15 bits; of the next frame.
};

}  // namespace parley::codec
