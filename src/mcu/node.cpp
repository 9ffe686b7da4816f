#include "mcu/node.h"

#include <utility>
#include <variant>
#include <vector>

#include "base/assert.h"

namespace parley::mcu {
namespace {

void add_counters(Node::Counters& sum, const RoomMixer& room) {
  sum.sound.packets += room.counters().packets;
  sum.sound.unreadable += room.counters().unreadable;
  sum.sound.of_nobody += room.counters().of_nobody;
  const PictureMix::Counters& pictures = room.pictures().counters();
  sum.pictures.packets += pictures.packets;
  sum.pictures.unreadable += pictures.unreadable;
  sum.pictures.of_nobody += pictures.of_nobody;
  const AudioMixer::Counters& audio = room.audio_counters();
  sum.audio.frames += audio.frames;
  sum.audio.left_out += audio.left_out;
  sum.audio.not_mixed += audio.not_mixed;
  sum.audio.encoded += audio.encoded;
  sum.audio.unknown += audio.unknown;
  const VideoMixer::Counters& video = room.pictures().mixer().counters();
  sum.video.pictures += video.pictures;
  sum.video.left_out += video.left_out;
  sum.video.encoded += video.encoded;
  sum.video.unknown += video.unknown;
  sum.video.steps_down += video.steps_down;
  sum.video.steps_up += video.steps_up;
  sum.packets_out += room.packets_out();
}

}  // namespace

void Node::link_room(Time now, sfu::RoomId room, sfu::NodeId node) {
  auto& mixer = rooms_[room];
  if (mixer == nullptr) {
    mixer = std::make_unique<RoomMixer>(
        room, config_,
        RoomMixer::Surroundings{
            .outbox = outbox_, .codecs = codecs_, .fonts = fonts_, .random = random_});
    deadlines_.set(*mixer, now);
  }
  mixer->link(node);
}

RoomMixer* Node::find(sfu::RoomId room) const {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? nullptr : found->second.get();
}

void Node::set_listening(sfu::RoomId room, sfu::ParticipantId who, bool listening) {
  if (RoomMixer* const mixer = find(room)) mixer->set_listening(who, listening);
}

void Node::describe(Time now, sfu::RoomId room, sfu::ParticipantId who, const Looks& looks) {
  RoomMixer* const mixer = find(room);
  if (mixer == nullptr) return;
  mixer->describe(now, who, looks);
  schedule(*mixer);
}

void Node::forget(Time now, sfu::RoomId room, sfu::ParticipantId who) {
  RoomMixer* const mixer = find(room);
  if (mixer == nullptr) return;
  mixer->forget(now, who);
  schedule(*mixer);
}

void Node::close_room(sfu::RoomId room) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return;
  found->second->leave();
  add_counters(counters_, *found->second);
  deadlines_.set(*found->second, kNever);
  if (worked_ == found->second.get()) worked_ = nullptr;
  rooms_.erase(found);
}

void Node::handle_input(Time now, Relayed relayed) {
  Bytes bytes = relayed.batch.bytes;
  for (sfu::RelayMessage& message : relayed.batch.messages) {
    const auto* const packet = std::get_if<sfu::relay::Packet>(&message.what);
    const std::size_t size = packet == nullptr ? 0 : packet->size;
    PARLEY_ASSERT(size <= bytes.size());
    const auto room = rooms_.find(message.room);
    if (room == rooms_.end()) {
      ++counters_.stale;
    } else {
      room->second->handle_relayed(now, relayed.from, message, bytes.first(size));
      deadlines_.hasten(*room->second, room->second->next_deadline());
    }
    bytes = bytes.subspan(size);
  }
}

void Node::handle_timeout(Time now) {
  worked_ = static_cast<RoomMixer*>(deadlines_.take_due(now));
  if (worked_ == nullptr) return;
  worked_->handle_timeout(now);
  schedule(*worked_);
}

void Node::handle_load(Time now, Duration took) {
  if (worked_ == nullptr) return;
  worked_->handle_load(now, took);
  schedule(*worked_);
}

Node::Counters Node::counters() const {
  Counters sum = counters_;
  sum.rooms = rooms_.size();
  for (const auto& [id, room] : rooms_) {
    add_counters(sum, *room);
    sum.speaking += room->speaking();
    const bool is_reduced = room->pictures().mixer().load().reason() != LoadControl::Reason::kNone;
    sum.overloaded += is_reduced ? 1 : 0;
  }
  return sum;
}

}  // namespace parley::mcu
