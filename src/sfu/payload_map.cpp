#include "sfu/payload_map.h"

#include <algorithm>

namespace parley::sfu {
namespace {

const sdp::Codec* find_same(const sdp::Codec& codec, std::span<const sdp::Codec> codecs) {
  const auto it = std::ranges::find_if(
      codecs, [&](const sdp::Codec& other) { return sdp::is_same_format(codec, other); });
  return it != codecs.end() ? &*it : nullptr;
}

}  // namespace

PayloadMap::PayloadMap(std::span<const sdp::Codec> publication,
                       std::span<const sdp::Codec> receiver) {
  to_.fill(kNone);
  for (const sdp::Codec& codec : publication) {
    if (codec.payload_type >= to_.size() || codec.is_rtx() || codec.is_red()) continue;
    const sdp::Codec* const same = find_same(codec, receiver);
    if (same == nullptr) continue;
    to_[codec.payload_type] = same->payload_type;
    if (codec.is("VP8")) vp8_ = codec.payload_type;
    passes_media_ |= codec.is_media();
  }
  for (const sdp::Codec& codec : publication) {
    if (codec.payload_type >= to_.size() || !codec.is_red()) continue;
    red_ = codec.payload_type;
    const std::optional<std::uint8_t> inner = codec.red_payload_type();
    const sdp::Codec* const same = find_same(codec, receiver);
    if (same != nullptr && inner && *inner < to_.size() && to_[*inner] == *inner &&
        same->red_payload_type() == inner) {
      to_[codec.payload_type] = same->payload_type;
    }
  }
}

// RFC 2198, 3: headers of four octets that say how long their block is; a last one of an octet,
// whose block is what remains.
std::optional<PayloadMap::Passed> PayloadMap::primary(Bytes red) const {
  constexpr std::uint8_t kMore = 0x80;
  std::size_t at = 0;
  std::size_t older = 0;  // Bytes of the blocks in front.
  while (at + 4 <= red.size() && (red[at] & kMore) != 0) {
    older += static_cast<std::size_t>((red[at + 2] & 0x03) << 8 | red[at + 3]);
    at += 4;
  }
  if (at >= red.size() || (red[at] & kMore) != 0) return std::nullopt;
  const std::uint8_t to = to_[red[at] & 0x7F];
  if (to == kNone || at + 1 + older >= red.size()) return std::nullopt;
  return Passed{.payload_type = rtp::PayloadType{to}, .payload = red.subspan(at + 1 + older)};
}

}  // namespace parley::sfu
