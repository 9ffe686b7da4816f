#include "codec/vp9_frame.h"

#include <algorithm>

#include "base/assert.h"
#include "codec/bit_reader.h"

namespace parley::codec {
namespace {

constexpr std::uint32_t kFrameMarker = 2;
constexpr std::uint32_t kSyncCode = 0x498342;
constexpr std::uint32_t kRgb = 7;
constexpr std::size_t kReferences = 3;

std::optional<PictureSize> read_size(BitReader& reader) {
  constexpr std::uint32_t kMost = 65'535;  // It can be one more; either is too much for anyone.
  const std::uint32_t width = std::min(reader.bits(16) + 1, kMost);
  const std::uint32_t height = std::min(reader.bits(16) + 1, kMost);
  if (!reader.ok()) return std::nullopt;
  return PictureSize{.width = static_cast<std::uint16_t>(width),
                     .height = static_cast<std::uint16_t>(height)};
}

std::optional<PictureSize> read_key_frame(BitReader& reader) {
  if (reader.bits(24) != kSyncCode) return std::nullopt;
  if (reader.bits(3) == kRgb) return std::nullopt;
  reader.flag();  // color_range
  return read_size(reader);
}

std::optional<PictureSize> read_inter_frame(BitReader& reader) {
  reader.bits(8);  // refresh_frame_flags
  reader.bits(4 * kReferences);
  for (std::size_t i = 0; i < kReferences; ++i) {
    if (reader.flag()) return std::nullopt;  // As large as that one.
  }
  return read_size(reader);
}

}  // namespace

std::optional<PictureSize> vp9_picture_size(Bytes frame) {
  BitReader reader(frame);
  if (reader.bits(2) != kFrameMarker) return std::nullopt;
  if (reader.bits(2) != 0) return std::nullopt;  // The profile.
  if (reader.flag()) return std::nullopt;        // One that is there is shown again.
  const bool is_inter = reader.flag();
  const bool is_shown = reader.flag();
  const bool is_resilient = reader.flag();
  if (!is_inter) return read_key_frame(reader);
  const bool is_intra_only = !is_shown && reader.flag();
  if (!is_resilient) reader.bits(2);  // reset_frame_context
  if (!is_intra_only) return read_inter_frame(reader);
  if (reader.bits(24) != kSyncCode) return std::nullopt;
  reader.bits(8);  // refresh_frame_flags
  return read_size(reader);
}

// The index: a marker, the sizes in little-endian, and the marker again.
std::optional<std::vector<Bytes>> split_vp9_superframe(Bytes chunk) {
  if (chunk.empty()) return std::nullopt;
  const std::uint8_t marker = chunk.back();
  const std::size_t count = (marker & 7u) + 1;
  const std::size_t width = (marker >> 3 & 3u) + 1;
  const std::size_t index = 2 + width * count;
  if ((marker & 0xE0) != 0xC0 || chunk.size() < index || chunk[chunk.size() - index] != marker) {
    return std::vector{chunk};
  }
  Bytes sizes = chunk.subspan(chunk.size() - index + 1);
  Bytes rest = chunk.first(chunk.size() - index);
  std::vector<Bytes> frames;
  for (std::size_t i = 0; i < count; ++i, sizes = sizes.subspan(width)) {
    std::size_t size = 0;
    for (std::size_t n = width; n > 0; --n) size = size << 8 | sizes[n - 1];
    if (size > rest.size()) return std::nullopt;
    if (size > 0) frames.push_back(rest.first(size));
    rest = rest.subspan(size);
  }
  return frames;
}

void append_vp9_index(std::vector<std::uint8_t>& chunk, std::span<const std::size_t> sizes) {
  constexpr std::size_t kWidth = 4;
  PARLEY_ASSERT(!sizes.empty() && sizes.size() <= kMaxVp9Frames);
  const auto marker = static_cast<std::uint8_t>(0xC0 | (kWidth - 1) << 3 | (sizes.size() - 1));
  chunk.push_back(marker);
  for (const std::size_t size : sizes) {
    for (std::size_t n = 0; n < kWidth; ++n) {
      chunk.push_back(static_cast<std::uint8_t>(size >> (8 * n)));
    }
  }
  chunk.push_back(marker);
}

}  // namespace parley::codec
