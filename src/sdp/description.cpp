#include "sdp/description.h"

#include <algorithm>

namespace parley::sdp {

std::string_view to_string(MediaKind kind) {
  switch (kind) {
    case MediaKind::kAudio: return "audio";
    case MediaKind::kVideo: return "video";
    case MediaKind::kApplication: return "application";
    case MediaKind::kOther: return "other";
  }
  return {};
}

bool MediaSection::is_data_channel() const {
  return kind == MediaKind::kApplication && protocol.ends_with("DTLS/SCTP");
}

bool MediaSection::has_ice_option(std::string_view option) const {
  return std::ranges::find(ice_options, option) != ice_options.end();
}

const MediaSection* SessionDescription::find(std::string_view mid) const {
  const auto it = std::ranges::find(sections, mid, &MediaSection::mid);
  return it == sections.end() ? nullptr : &*it;
}

const std::vector<std::string>* SessionDescription::find_bundle(std::string_view mid) const {
  const auto it = std::ranges::find_if(bundles, [&](const std::vector<std::string>& bundle) {
    return std::ranges::find(bundle, mid) != bundle.end();
  });
  return it == bundles.end() ? nullptr : &*it;
}

}  // namespace parley::sdp
