#include "mcu/node.h"

#include <utility>
#include <variant>
#include <vector>

#include "base/assert.h"

namespace parley::mcu {
namespace {

void add_counters(Node::Counters& sum, const RoomMixer& room) {
  const RoomMixer::Counters& own = room.counters();
  sum.rooms_sum.packets += own.packets;
  sum.rooms_sum.unreadable += own.unreadable;
  sum.rooms_sum.of_nobody += own.of_nobody;
  sum.rooms_sum.packets_out += own.packets_out;
  const AudioMixer::Counters& audio = room.audio_counters();
  sum.audio.frames += audio.frames;
  sum.audio.left_out += audio.left_out;
  sum.audio.not_mixed += audio.not_mixed;
  sum.audio.encoded += audio.encoded;
  sum.audio.unknown += audio.unknown;
}

}  // namespace

void Node::link_room(Time now, sfu::RoomId room, sfu::NodeId node) {
  auto& mixer = rooms_[room];
  if (mixer == nullptr) {
    mixer = std::make_unique<RoomMixer>(room, config_.audio, outbox_, random_);
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

void Node::describe(sfu::RoomId room, sfu::ParticipantId who, Looks looks) {
  if (RoomMixer* const mixer = find(room)) mixer->describe(who, std::move(looks));
}

void Node::forget(sfu::RoomId room, sfu::ParticipantId who) {
  if (RoomMixer* const mixer = find(room)) mixer->forget(who);
}

void Node::close_room(sfu::RoomId room) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return;
  found->second->leave();
  add_counters(counters_, *found->second);
  deadlines_.set(*found->second, kNever);
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
  while (Timed* const timed = deadlines_.take_due(now)) {
    auto& room = static_cast<RoomMixer&>(*timed);
    room.handle_timeout(now);
    deadlines_.set(room, room.next_deadline());
  }
}

Node::Counters Node::counters() const {
  Counters sum = counters_;
  sum.rooms = rooms_.size();
  for (const auto& [id, room] : rooms_) {
    add_counters(sum, *room);
    sum.speaking += room->speaking();
  }
  return sum;
}

}  // namespace parley::mcu
