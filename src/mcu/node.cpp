#include "mcu/node.h"

#include <utility>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "mcu/picture_room.h"
#include "mcu/sound_room.h"

namespace parley::mcu {
namespace {

void add_counters(RoomMixer::Counters& sum, const RoomMixer& room) {
  const RoomMixer::Counters one = room.counters();
  sum.packets += one.packets;
  sum.unreadable += one.unreadable;
  sum.of_nobody += one.of_nobody;
  sum.packets_out += one.packets_out;
  sum.audio.frames += one.audio.frames;
  sum.audio.left_out += one.audio.left_out;
  sum.audio.not_mixed += one.audio.not_mixed;
  sum.audio.encoded += one.audio.encoded;
  sum.audio.unknown += one.audio.unknown;
  sum.video.pictures += one.video.pictures;
  sum.video.left_out += one.video.left_out;
  sum.video.encoded += one.video.encoded;
  sum.video.unknown += one.video.unknown;
  sum.video.steps_down += one.video.steps_down;
  sum.video.steps_up += one.video.steps_up;
  sum.speaking += one.speaking;
  sum.overloaded += one.overloaded;
}

}  // namespace

void Node::link_room(Time now, sfu::RoomId room, sfu::NodeId node) {
  auto& mixer = rooms_[room];
  if (mixer == nullptr) {
    mixer = make(room);
    deadlines_.set(*mixer, now);
  }
  mixer->link(node);
}

std::unique_ptr<RoomMixer> Node::make(sfu::RoomId room) {
  const RoomMixer::Surroundings around{
      .outbox = outbox_, .codecs = codecs_, .fonts = fonts_, .random = random_};
  if (kind_ == Kind::kSound) return std::make_unique<SoundRoom>(room, config_.audio, around);
  return std::make_unique<PictureRoom>(room, config_.video, around);
}

RoomMixer* Node::find(sfu::RoomId room) const {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? nullptr : found->second.get();
}

void Node::link_mixer(sfu::RoomId room, sfu::NodeId node) {
  if (RoomMixer* const mixer = find(room)) mixer->link_mixer(node);
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
  add_counters(counters_.of_rooms, *found->second);
  counters_.of_rooms.speaking = counters_.of_rooms.overloaded = 0;
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
  worked_->handle_load(now, time_.handle(now, took, worked_->time_seen));
  schedule(*worked_);
}

Node::Counters Node::counters() const {
  Counters sum = counters_;
  sum.rooms = rooms_.size();
  for (const auto& [id, room] : rooms_) add_counters(sum.of_rooms, *room);
  return sum;
}

}  // namespace parley::mcu
