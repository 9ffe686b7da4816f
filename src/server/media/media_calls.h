#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mcu/node.h"
#include "sfu/node.h"

// What passes between the control thread and a media worker, or a mixer: values, by the ids that
// both know.
namespace parley::server {

// As nodes of a room know workers and mixers; zero names none.
constexpr sfu::NodeId node_of(std::size_t worker) {
  return {worker + 1};
}
constexpr std::size_t worker_of(sfu::NodeId node) {
  return node.value - 1;
}

// To a worker; what each does is said at sfu::Node.
namespace media_call {

struct Connect {
  std::uint64_t ticket = 0;
  sfu::RoomId room = {};
  sfu::ParticipantId participant = {};
  std::string label = {};
  sfu::Offer offer = {};
  bool renegotiate = false;
  std::vector<sfu::Source> permitted = {};
  bool messages = true;  // Its own are passed on; as in Permit.
};
struct Disconnect {
  sfu::ParticipantId participant = {};
};
struct CloseRoom {
  sfu::RoomId room = {};
};
// The room is on that worker, too; or on a mixer, see Mixing.
struct LinkRoom {
  sfu::RoomId room = {};
  std::size_t worker = 0;
};
struct Permit {
  sfu::ParticipantId participant = {};
  std::vector<sfu::Source> sources = {};
  bool messages = true;
};
struct SetView {
  sfu::ParticipantId participant = {};
  sfu::View view = {};
};
struct SetOneStream {
  sfu::ParticipantId participant = {};
  std::optional<codec::PictureSize> size = {};
};

}  // namespace media_call

using MediaCall = std::variant<media_call::Connect, media_call::Disconnect, media_call::CloseRoom,
                               media_call::LinkRoom, media_call::Permit, media_call::SetView,
                               media_call::SetOneStream>;
struct ForWorker {
  std::size_t worker = 0;
  MediaCall call = {};
};

// To a mixer; what each does is said at mcu::Node.
namespace mix_call {

struct LinkRoom {
  sfu::RoomId room = {};
  std::size_t worker = 0;  // That carries it.
};
// Its pictures are mixed by that one.
struct LinkMixer {
  sfu::RoomId room = {};
  std::size_t mixer = 0;
};
struct Listen {
  sfu::RoomId room = {};
  sfu::ParticipantId participant = {};
  bool listens = false;
};
struct Describe {
  sfu::RoomId room = {};
  sfu::ParticipantId participant = {};
  mcu::Looks looks = {};
};
struct Forget {
  sfu::RoomId room = {};
  sfu::ParticipantId participant = {};
};
struct CloseRoom {
  sfu::RoomId room = {};
};

}  // namespace mix_call

using MixCall = std::variant<mix_call::LinkRoom, mix_call::LinkMixer, mix_call::Listen,
                             mix_call::Describe, mix_call::Forget, mix_call::CloseRoom>;
struct ForMixer {
  std::size_t mixer = 0;
  MixCall call = {};
};

// Of many, each is to be told before the next: who is told that somebody carries a room may speak
// to them at once, and what they say of a room that is not known there is lost.
using ForMedia = std::variant<ForWorker, ForMixer>;

// From a worker, in the order in which things happened there. What the Connect of a participant
// does to an earlier connection of theirs comes before its answer.
struct MediaAnswer {
  std::uint64_t ticket = 0;
  sfu::ParticipantId participant = {};
  std::expected<std::string, std::string> answer = {};
};

using MediaNotice =
    std::variant<MediaAnswer, sfu::Node::StateChanged, sfu::Node::SlotsChanged,
                 sfu::Node::SpeakersChanged, sfu::Node::QualityChanged, sfu::Node::LayersWanted>;

}  // namespace parley::server
