#include "file_media.h"

#include <algorithm>
#include <utility>

#include "codec/vp8.h"

namespace native_call {

using namespace parley;
using peer::Direction;
using peer::MediaKind;

peer::MediaConfig FileMedia::config() {
  peer::MediaConfig config;
  const auto& vp8 = *std::ranges::find_if(config.video_codecs, [](auto& c) { return c.is("VP8"); });
  std::erase_if(config.video_codecs, [type = vp8.payload_type](const sdp::Codec& codec) {
    return codec.payload_type != type && codec.apt() != type;  // Its retransmissions stay.
  });
  return config;
}

FileMedia::FileMedia(const Files& files, peer::PeerConnection& connection, const std::string& from)
    : connection_(connection), saves_(!files.save_to.empty()), recorder_(files.save_to, from) {
  if (files.picture) picture_.emplace(*files.picture);
  if (files.sound) sound_.emplace(*files.sound);
}

void FileMedia::add_tracks(Time now) {
  if (std::exchange(added_, true)) return;
  add(now, MediaKind::kAudio, sound_);
  add(now, MediaKind::kVideo, picture_);
}

// Without a file, a section in which only they send; their offer has such a one already.
void FileMedia::add(Time now, MediaKind kind, std::optional<Track>& track) {
  if (!track && connection_.remote_description()) return;
  peer::TransceiverInit init{.direction = track ? Direction::kSendRecv : Direction::kRecvOnly};
  if (track) init.streams = {"file"};  // Sound and picture belong together.
  const auto id =
      track ? connection_.add_track(now, kind, init) : connection_.add_transceiver(now, kind, init);
  if (track && id) track->id = *id;
}

Sources FileMedia::sources() const {
  Sources sources;
  for (const auto& [track, source] : {std::pair(&sound_, "microphone"), {&picture_, "camera"}}) {
    const peer::Transceiver* transceiver = *track ? connection_.find((*track)->id) : nullptr;
    if (transceiver != nullptr) sources[transceiver->mid] = source;
  }
  return sources;
}

void FileMedia::start(Time now) {
  for (auto* track : {&picture_, &sound_}) {
    if (*track && !(*track)->player.is_playing()) (*track)->player.start(now);
  }
}

// RTP's clock runs at 48 kHz for Opus, and at 90 kHz for every picture. What cannot be sent is not
// sent later either.
void FileMedia::send_due_frames(Time now) {
  while (const auto frame = sound_ ? sound_->player.poll(now) : std::nullopt) {
    const auto timestamp = static_cast<std::uint32_t>(frame->at.count() * 48 / 1'000);
    (void)connection_.send_frame(now, sound_->id,
                                 {.timestamp = timestamp, .captured = now, .data = frame->bytes});
  }
  while (const auto frame = picture_ ? picture_->player.poll(now) : std::nullopt) {
    const auto timestamp = static_cast<std::uint32_t>(frame->at.count() * 90 / 1'000);
    (void)connection_.send_frame(now, picture_->id,
                                 {.timestamp = timestamp,
                                  .captured = now,
                                  .key = codec::is_vp8_key_frame(frame->bytes),
                                  .data = frame->bytes});
  }
}

Time FileMedia::next_deadline() const {
  return std::min(picture_ ? picture_->player.next_deadline() : kNever,
                  sound_ ? sound_->player.next_deadline() : kNever);
}

void FileMedia::send_key_frame() {
  if (picture_) picture_->player.skip_to(codec::is_vp8_key_frame);
}

void FileMedia::save(Time now, const peer::IncomingFrame& frame, const Sources& theirs) {
  if (!saves_) return;
  const peer::Transceiver* transceiver = connection_.find(frame.transceiver);
  const auto source = transceiver != nullptr ? theirs.find(transceiver->mid) : theirs.end();
  if (source == theirs.end()) return;
  if (!recorder_.write(source->second, frame)) {
    connection_.request_key_frame(now, frame.transceiver);
  }
}

}  // namespace native_call
