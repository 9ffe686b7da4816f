#include "peer/negotiation/media_defaults.h"

#include <string>

#include "rtp/extension_map.h"

namespace parley::peer {
namespace {

sdp::Codec video_codec(std::uint8_t type, std::string name,
                       std::vector<sdp::FormatParameter> parameters = {}) {
  return {.payload_type = type,
          .name = std::move(name),
          .clock_rate = 90'000,
          .parameters = std::move(parameters),
          .feedback = {"goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"}};
}

sdp::Codec rtx(std::uint8_t type, std::uint8_t apt) {
  return {.payload_type = type,
          .name = "rtx",
          .clock_rate = 90'000,
          .parameters = {{"apt", std::to_string(apt)}}};
}

}  // namespace

std::vector<sdp::Codec> default_audio_codecs() {
  return {{.payload_type = 111,
           .name = "opus",
           .clock_rate = 48'000,
           .channels = 2,
           .parameters = {{"minptime", "10"}, {"useinbandfec", "1"}},
           .feedback = {"transport-cc"}}};
}

std::vector<sdp::Codec> default_video_codecs() {
  return {
      video_codec(96, "VP8"),
      rtx(97, 96),
      video_codec(102, "H264",
                  {{"level-asymmetry-allowed", "1"},
                   {"packetization-mode", "1"},
                   {"profile-level-id", "42e034"}}),
      rtx(103, 102),
      video_codec(45, "AV1", {{"level-idx", "5"}, {"profile", "0"}, {"tier", "0"}}),
      rtx(46, 45),
      video_codec(98, "VP9", {{"profile-id", "0"}}),
      rtx(99, 98),
  };
}

std::vector<std::string_view> audio_extensions() {
  using rtp::Extension;
  return {rtp::uri_of(Extension::kMid), rtp::uri_of(Extension::kAudioLevel),
          rtp::uri_of(Extension::kTransportSequenceNumber),
          rtp::uri_of(Extension::kAbsoluteSendTime)};
}

std::vector<std::string_view> video_extensions() {
  using rtp::Extension;
  return {rtp::uri_of(Extension::kMid),
          rtp::uri_of(Extension::kRid),
          rtp::uri_of(Extension::kRepairedRid),
          rtp::uri_of(Extension::kTransportSequenceNumber),
          rtp::uri_of(Extension::kAbsoluteSendTime),
          rtp::uri_of(Extension::kVideoOrientation)};
}

}  // namespace parley::peer
