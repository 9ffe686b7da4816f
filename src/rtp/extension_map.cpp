#include "rtp/extension_map.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace parley::rtp {
namespace {

constexpr std::array<std::string_view, kExtensions> kUris = {
    "urn:ietf:params:rtp-hdrext:sdes:mid",
    "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
    "urn:3gpp:video-orientation",
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
};

}  // namespace

std::string_view uri_of(Extension extension) {
  return kUris.at(std::to_underlying(extension));
}

std::optional<Extension> extension_of(std::string_view uri) {
  const auto it = std::ranges::find(kUris, uri);
  if (it == kUris.end()) return std::nullopt;
  return static_cast<Extension>(it - kUris.begin());
}

void ExtensionMap::set(Extension extension, std::uint8_t id) {
  PARLEY_ASSERT(id != 0);
  std::ranges::replace(ids_, id, std::uint8_t{0});
  ids_.at(std::to_underlying(extension)) = id;
}

std::optional<std::uint8_t> ExtensionMap::id_of(Extension extension) const {
  const std::uint8_t id = ids_.at(std::to_underlying(extension));
  return id == 0 ? std::nullopt : std::optional(id);
}

std::optional<Extension> ExtensionMap::find(std::uint8_t id) const {
  if (id == 0) return std::nullopt;
  const auto it = std::ranges::find(ids_, id);
  if (it == ids_.end()) return std::nullopt;
  return static_cast<Extension>(it - ids_.begin());
}

}  // namespace parley::rtp
