#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "server/media/media_calls.h"

namespace parley::server {

// Which rooms are mixed, by which mixer, and for whom. A room is from its first listener on, who
// wants everyone in one stream, until its last has gone; it goes to the mixer with the fewest.
//
// A room that is mixed holds decoders, pictures and encoders, with nine people some 60 MB: so a
// mixer takes a number of rooms and no more, whoever asks. Who asks in vain sees and hears all by
// themselves, as before.
//
// Mixers know of a lecture's stage, and nothing of its audience: who neither speaks nor is seen is
// sent what all are sent, and a thousand of them cost a mixer no message.
//
// Of `mixers` each is two: number M mixes sound, and number `mixers` + M the pictures to it. To
// media workers a mixer is one more of them: number M has the index `workers` + M.
class Mixing {
 public:
  static constexpr std::size_t kMaxRooms = 16;  // Of a mixer; nine people in each are five cores.

  using Calls = std::vector<ForMedia>;  // What is to be done now; appended to.
  // How somebody in the room looks. Off the stage they are neither heard nor seen.
  struct Person {
    sfu::ParticipantId id = {};
    const mcu::Looks* looks = nullptr;
    bool on_stage = true;
  };

  Mixing(std::size_t workers, std::size_t mixers) : workers_(workers), rooms_on_(mixers, 0) {}

  bool can_mix() const { return !rooms_on_.empty(); }
  bool is_mixed(sfu::RoomId room) const { return rooms_.contains(room); }
  std::uint64_t refused() const { return refused_; }  // Times that a room found no place.

  // `workers`: who carry the room; `people`: all who are in it; where it is mixed already neither
  // is looked at.
  void listen(sfu::RoomId room, sfu::ParticipantId who, std::span<const std::size_t> workers,
              std::span<const Person> people, Calls& calls);
  void stop_listening(sfu::RoomId room, sfu::ParticipantId who, Calls& calls);

  // What of a room is not mixed is nothing to be done for.
  void describe(sfu::RoomId room, const Person& person, Calls& calls);
  void forget(sfu::RoomId room, sfu::ParticipantId who, Calls& calls);        // They have left.
  void add_worker(sfu::RoomId room, std::size_t worker, Calls& calls) const;  // It carries it, too.
  void close(sfu::RoomId room, Calls& calls);

 private:
  struct Mixed {
    std::size_t mixer = 0;
    std::set<sfu::ParticipantId> listeners = {};
    std::set<sfu::ParticipantId> on_stage = {};  // Whom the mixers know.
  };
  using Rooms = std::unordered_map<sfu::RoomId, Mixed>;

  void link(sfu::RoomId room, std::size_t mixer, std::size_t worker, Calls& calls) const;
  std::size_t pictures_of(std::size_t mixer) const { return rooms_on_.size() + mixer; }
  void leave_stage(Rooms::iterator room, sfu::ParticipantId who, Calls& calls);
  void end(Rooms::iterator room, Calls& calls);

  std::size_t workers_;
  std::vector<std::size_t> rooms_on_;  // By mixer.
  Rooms rooms_;
  std::uint64_t refused_ = 0;
};

}  // namespace parley::server
