// The transceivers of a negotiation: what the application wants to send and receive.
#include <algorithm>
#include <utility>

#include "peer/negotiation/negotiation.h"

namespace parley::peer {
namespace {

std::unexpected<Error> fail(Error::Kind kind, std::string message) {
  return std::unexpected(Error{kind, std::move(message)});
}

std::unexpected<Error> no_such() {
  return fail(Error::Kind::kInvalidAccess, "there is no such transceiver, or it has been stopped");
}

// RFC 8851, 10: a rid is made of letters and digits. Firefox and Chromium take 16 at most.
bool is_valid_rid(std::string_view rid) {
  const auto is_alphanumeric = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  return !rid.empty() && rid.size() <= 16 && std::ranges::all_of(rid, is_alphanumeric);
}

std::expected<void, Error> check(const TransceiverInit& init, const MediaConfig& config,
                                 MediaKind kind) {
  if (kind != MediaKind::kAudio && kind != MediaKind::kVideo) {
    return fail(Error::Kind::kOperation, "a transceiver is for audio or video");
  }
  if (init.encodings.size() > config.max_send_layers ||
      init.receive_rids.size() > config.max_receive_layers) {
    return fail(Error::Kind::kLimit, "there are too many encodings");
  }
  if (init.encodings.size() > 1 || !init.receive_rids.empty()) {
    const bool are_valid = std::ranges::all_of(init.encodings, is_valid_rid, &Encoding::rid) &&
                           std::ranges::all_of(init.receive_rids, is_valid_rid);
    if (!are_valid || kind != MediaKind::kVideo) {
      return fail(Error::Kind::kOperation,
                  "a simulcast is of video, and names each encoding by letters and digits");
    }
  }
  return {};
}

}  // namespace

std::expected<TransceiverId, Error> Negotiation::add_transceiver(MediaKind kind,
                                                                 TransceiverInit init) {
  if (state_ == SignalingState::kClosed) return fail(Error::Kind::kInvalidState, "it is closed");
  if (auto checked = check(init, config_.media, kind); !checked) {
    return std::unexpected(checked.error());
  }
  if (transceivers_.size() >= config_.media.max_sections) {
    return fail(Error::Kind::kLimit, "there are too many transceivers");
  }
  Transceiver& transceiver = make_transceiver(kind, std::move(init));
  if (sends(transceiver.direction) && transceiver.track.empty()) {
    transceiver.track = random_->token(16);
  }
  return transceiver.id;
}

std::expected<TransceiverId, Error> Negotiation::add_track(MediaKind kind, TransceiverInit init) {
  if (state_ == SignalingState::kClosed) return fail(Error::Kind::kInvalidState, "it is closed");
  const auto it = std::ranges::find_if(transceivers_, [&](const Transceiver& transceiver) {
    return transceiver.kind == kind && !transceiver.stopped && transceiver.track.empty() &&
           !sends(transceiver.direction);
  });
  if (it == transceivers_.end()) {
    init.direction = Direction::kSendRecv;
    const auto id = add_transceiver(kind, std::move(init));
    if (id) find_mutable(*id)->by_add_track = true;
    return id;
  }
  it->direction = sdp::make_direction(true, receives(it->direction));
  it->streams = std::move(init.streams);
  it->track = init.track.empty() ? random_->token(16) : std::move(init.track);
  return it->id;
}

std::expected<void, Error> Negotiation::remove_track(TransceiverId id) {
  Transceiver* const transceiver = find_mutable(id);
  if (transceiver == nullptr || transceiver->stopped) return no_such();
  transceiver->direction = sdp::make_direction(false, receives(transceiver->direction));
  transceiver->track.clear();
  transceiver->streams.clear();
  return {};
}

std::expected<void, Error> Negotiation::set_direction(TransceiverId id, Direction direction) {
  Transceiver* const transceiver = find_mutable(id);
  if (transceiver == nullptr || transceiver->stopped) return no_such();
  transceiver->direction = direction;
  if (sends(direction) && transceiver->track.empty()) transceiver->track = random_->token(16);
  return {};
}

std::expected<void, Error> Negotiation::set_codecs(TransceiverId id,
                                                   std::vector<sdp::Codec> codecs) {
  Transceiver* const transceiver = find_mutable(id);
  if (transceiver == nullptr || transceiver->stopped) return no_such();
  const auto& ours = config_.media.codecs(transceiver->kind);
  const bool known = std::ranges::all_of(codecs, [&](const sdp::Codec& codec) {
    return std::ranges::find(ours, codec) != ours.end();
  });
  if (!known || std::ranges::none_of(codecs, &sdp::Codec::is_media)) {
    return fail(Error::Kind::kInvalidModification, "these are not codecs of the configuration");
  }
  transceiver->codecs = std::move(codecs);
  return {};
}

std::expected<void, Error> Negotiation::set_active(TransceiverId id, std::string_view rid,
                                                   bool active) {
  Transceiver* const transceiver = find_mutable(id);
  if (transceiver == nullptr || transceiver->stopped) return no_such();
  const auto it = std::ranges::find(transceiver->encodings, rid, &Encoding::rid);
  if (it == transceiver->encodings.end()) {
    return fail(Error::Kind::kInvalidAccess, "there is no such encoding");
  }
  it->active = active;
  return {};
}

std::expected<void, Error> Negotiation::stop(TransceiverId id) {
  Transceiver* const transceiver = find_mutable(id);
  if (transceiver == nullptr) return no_such();
  transceiver->stopped = true;
  return {};
}

const Transceiver* Negotiation::find(TransceiverId id) const {
  const auto it = std::ranges::find(transceivers_, id, &Transceiver::id);
  return it == transceivers_.end() ? nullptr : &*it;
}

Transceiver* Negotiation::find_mutable(TransceiverId id) {
  const auto it = std::ranges::find(transceivers_, id, &Transceiver::id);
  return it == transceivers_.end() ? nullptr : &*it;
}

Transceiver& Negotiation::make_transceiver(MediaKind kind, TransceiverInit init) {
  Transceiver& made = transceivers_.emplace_back();
  made.id = {++last_id_};
  made.kind = kind;
  made.direction = init.direction;
  made.streams = std::move(init.streams);
  made.track = std::move(init.track);
  made.encodings = std::move(init.encodings);
  if (made.encodings.empty()) made.encodings.push_back({});
  if (made.encodings.size() == 1) made.encodings.front().rid.clear();
  for (std::size_t i = 0; i < made.encodings.size(); ++i) {
    made.ssrcs.push_back({rtp::Ssrc{random_->u32()}, rtp::Ssrc{random_->u32()}});
  }
  made.receive_rids = std::move(init.receive_rids);
  made.codecs = init.codecs.empty() ? config_.media.codecs(kind) : std::move(init.codecs);
  return made;
}

}  // namespace parley::peer
