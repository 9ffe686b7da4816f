#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "codec/vp8.h"

namespace parley::codec {

// Of a frame's uncompressed header (VP9 bitstream specification, 6.2), where it is told: in all key
// frames, and in others that do not take it from a frame before them. Profile 0 alone.
std::optional<PictureSize> vp9_picture_size(Bytes frame);

// Frames in one chunk, as the index at its end tells (Annex B); without an index it is one.
// Nothing where the index promises more than there is.
std::optional<std::vector<Bytes>> split_vp9_superframe(Bytes chunk);

inline constexpr std::size_t kMaxVp9Frames = 8;  // In one chunk.

// Makes one chunk of frames that follow each other in `chunk`: the index, appended. `sizes`: one to
// eight of them.
void append_vp9_index(std::vector<std::uint8_t>& chunk, std::span<const std::size_t> sizes);

}  // namespace parley::codec
