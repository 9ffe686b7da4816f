#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "sdp/codec.h"
#include "sdp/description.h"

namespace parley::peer {

// What the library can packetize: Opus; VP8, VP9, H.264 (constrained baseline, mode 1) and AV1,
// each with RTX.
std::vector<sdp::Codec> default_audio_codecs();
std::vector<sdp::Codec> default_video_codecs();

// The header extensions that it writes or reads, by URI.
std::vector<std::string_view> audio_extensions();
std::vector<std::string_view> video_extensions();

struct MediaConfig {
  std::vector<sdp::Codec> audio_codecs = default_audio_codecs();
  std::vector<sdp::Codec> video_codecs = default_video_codecs();
  std::size_t max_receive_layers = 3;  // Of one simulcast.
  std::size_t max_send_layers = 3;
  std::size_t max_sections = 128;  // Of a description, the peer's too.

  const std::vector<sdp::Codec>& codecs(sdp::MediaKind kind) const {
    return kind == sdp::MediaKind::kAudio ? audio_codecs : video_codecs;
  }
};

}  // namespace parley::peer
