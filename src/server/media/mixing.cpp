#include "server/media/mixing.h"

#include <algorithm>

namespace parley::server {

void Mixing::listen(sfu::RoomId room, sfu::ParticipantId who, std::span<const std::size_t> workers,
                    std::span<const Person> people, Calls& calls) {
  if (!can_mix()) return;
  const auto least = std::ranges::min_element(rooms_on_);
  if (!is_mixed(room) && *least >= kMaxRooms) {
    ++refused_;
    return;
  }
  const auto [it, is_new] = rooms_.try_emplace(room);
  Mixed& mixed = it->second;
  if (is_new) {
    ++*least;
    mixed.mixer = static_cast<std::size_t>(least - rooms_on_.begin());
    for (const std::size_t worker : workers) link(room, mixed.mixer, worker, calls);
    calls.push_back(
        ForMixer{mixed.mixer, mix_call::LinkMixer{room, workers_ + pictures_of(mixed.mixer)}});
    for (const Person& person : people) describe(room, person, calls);
  }
  if (!mixed.listeners.insert(who).second || !mixed.on_stage.contains(who)) return;
  calls.push_back(ForMixer{mixed.mixer, mix_call::Listen{room, who, true}});
}

void Mixing::stop_listening(sfu::RoomId room, sfu::ParticipantId who, Calls& calls) {
  const auto it = rooms_.find(room);
  if (it == rooms_.end() || it->second.listeners.erase(who) == 0) return;
  if (it->second.listeners.empty()) return end(it, calls);
  if (!it->second.on_stage.contains(who)) return;
  calls.push_back(ForMixer{it->second.mixer, mix_call::Listen{room, who, false}});
}

void Mixing::describe(sfu::RoomId room, const Person& person, Calls& calls) {
  const auto it = rooms_.find(room);
  if (it == rooms_.end()) return;
  if (!person.on_stage) return leave_stage(it, person.id, calls);
  Mixed& mixed = it->second;
  const bool comes = mixed.on_stage.insert(person.id).second;
  if (comes && mixed.listeners.contains(person.id)) {
    calls.push_back(ForMixer{mixed.mixer, mix_call::Listen{room, person.id, true}});
  }
  calls.push_back(
      ForMixer{pictures_of(mixed.mixer), mix_call::Describe{room, person.id, *person.looks}});
}

void Mixing::forget(sfu::RoomId room, sfu::ParticipantId who, Calls& calls) {
  stop_listening(room, who, calls);
  const auto it = rooms_.find(room);
  if (it != rooms_.end()) leave_stage(it, who, calls);
}

void Mixing::leave_stage(Rooms::iterator room, sfu::ParticipantId who, Calls& calls) {
  Mixed& mixed = room->second;
  if (mixed.on_stage.erase(who) == 0) return;
  if (mixed.listeners.contains(who)) {
    calls.push_back(ForMixer{mixed.mixer, mix_call::Listen{room->first, who, false}});
  }
  calls.push_back(ForMixer{pictures_of(mixed.mixer), mix_call::Forget{room->first, who}});
}

void Mixing::add_worker(sfu::RoomId room, std::size_t worker, Calls& calls) const {
  const auto it = rooms_.find(room);
  if (it != rooms_.end()) link(room, it->second.mixer, worker, calls);
}

void Mixing::close(sfu::RoomId room, Calls& calls) {
  const auto it = rooms_.find(room);
  if (it != rooms_.end()) end(it, calls);
}

// The mixer first: what the worker then tells it, it understands. The worker has the room by now.
void Mixing::link(sfu::RoomId room, std::size_t mixer, std::size_t worker, Calls& calls) const {
  for (const std::size_t one : {mixer, pictures_of(mixer)}) {
    calls.push_back(ForMixer{one, mix_call::LinkRoom{room, worker}});
    calls.push_back(ForWorker{worker, media_call::LinkRoom{room, workers_ + one}});
  }
}

void Mixing::end(Rooms::iterator room, Calls& calls) {
  const std::size_t mixer = room->second.mixer;
  for (const std::size_t one : {mixer, pictures_of(mixer)}) {
    calls.push_back(ForMixer{one, mix_call::CloseRoom{room->first}});
  }
  --rooms_on_[room->second.mixer];
  rooms_.erase(room);
}

}  // namespace parley::server
