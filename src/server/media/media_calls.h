#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <variant>
#include <vector>

#include "sfu/node.h"

// What passes between the control thread and a media worker: values, by the ids that both know.
namespace parley::server {

// To a worker; what each does is said at sfu::Node.
namespace media_call {

struct Connect {
  std::uint64_t ticket = 0;
  sfu::RoomId room = {};
  sfu::ParticipantId participant = {};
  std::string label = {};
  sfu::Offer offer = {};
  bool restart = false;
  std::vector<sfu::Source> permitted = {};
  bool messages = true;  // Its own are passed on; as in Permit.
};
struct Disconnect {
  sfu::ParticipantId participant = {};
};
struct CloseRoom {
  sfu::RoomId room = {};
};
// The room is on that worker, too.
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

}  // namespace media_call

using MediaCall = std::variant<media_call::Connect, media_call::Disconnect, media_call::CloseRoom,
                               media_call::LinkRoom, media_call::Permit, media_call::SetView>;

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
