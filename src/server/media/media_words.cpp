#include "server/media/media_words.h"

#include <utility>

namespace parley::server {

sfu::Source to_sfu(meeting::PictureSource source) {
  return source == meeting::PictureSource::kScreen ? sfu::Source::kScreen : sfu::Source::kCamera;
}

sfu::Source to_sfu(meeting::Source source) {
  switch (source) {
    case meeting::Source::kMicrophone: return sfu::Source::kMicrophone;
    case meeting::Source::kCamera: return sfu::Source::kCamera;
    case meeting::Source::kScreen: return sfu::Source::kScreen;
    case meeting::Source::kScreenAudio: return sfu::Source::kScreenAudio;
  }
  std::unreachable();
}

meeting::Source to_meeting(sfu::Source source) {
  switch (source) {
    case sfu::Source::kMicrophone: return meeting::Source::kMicrophone;
    case sfu::Source::kCamera: return meeting::Source::kCamera;
    case sfu::Source::kScreen: return meeting::Source::kScreen;
    case sfu::Source::kScreenAudio: return meeting::Source::kScreenAudio;
  }
  std::unreachable();
}

meeting::PictureSource to_picture(sfu::Source source) {
  return source == sfu::Source::kScreen ? meeting::PictureSource::kScreen
                                        : meeting::PictureSource::kCamera;
}

meeting::QualityLimit to_meeting(sfu::Limit limit, bool of_mix) {
  switch (limit) {
    case sfu::Limit::kNone: return meeting::QualityLimit::kNone;
    case sfu::Limit::kTile: return meeting::QualityLimit::kTile;
    case sfu::Limit::kSender:
      return of_mix ? meeting::QualityLimit::kServer : meeting::QualityLimit::kSender;
    case sfu::Limit::kDownlink: return meeting::QualityLimit::kDownlink;
    case sfu::Limit::kServer: return meeting::QualityLimit::kServer;
    case sfu::Limit::kPolicy: return meeting::QualityLimit::kPolicy;
  }
  std::unreachable();
}

meeting::ConnectionChanged::State to_meeting(sfu::Node::State state) {
  using To = meeting::ConnectionChanged::State;
  switch (state) {
    case sfu::Node::State::kConnected: return To::kConnected;
    case sfu::Node::State::kDisconnected: return To::kLost;
    case sfu::Node::State::kFailed: return To::kFailed;
  }
  std::unreachable();
}

std::vector<sfu::Source> permitted_by(const meeting::SetSending& sending) {
  std::vector<sfu::Source> sources;
  if (sending.microphone) sources.push_back(sfu::Source::kMicrophone);
  if (sending.camera) sources.push_back(sfu::Source::kCamera);
  if (sending.screen) sources.push_back(sfu::Source::kScreen);
  if (sending.screen_audio) sources.push_back(sfu::Source::kScreenAudio);
  return sources;
}

sfu::Offer to_sfu(meeting::MediaOffer offer) {
  sfu::Offer result{.sdp = std::move(offer.sdp)};
  for (const auto& [mid, source] : offer.sources) result.sources.emplace(mid, to_sfu(source));
  return result;
}

mcu::Looks to_looks(meeting::Describe person) {
  return {.name = std::move(person.name),
          .muted = !person.microphone,
          .camera = person.camera,
          .screen = person.screen,
          .lectures = person.lectures};
}

codec::PictureSize to_size(std::int64_t width, std::int64_t height) {
  return {.width = static_cast<std::uint16_t>(width), .height = static_cast<std::uint16_t>(height)};
}

}  // namespace parley::server
