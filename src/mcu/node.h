#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

#include "base/deadline_queue.h"
#include "base/random.h"
#include "base/sans_io.h"
#include "base/time.h"
#include "mcu/audio/audio_mixer.h"
#include "mcu/room_mixer.h"
#include "mcu/thread_time.h"
#include "sfu/identifiers.h"
#include "sfu/relay.h"

namespace parley::mcu {

// All rooms of which one thread mixes the sound, or the pictures. To the SFU's nodes it is one more
// node: what they have for it comes in as RelayBatch, what it publishes goes out so. A SansIo
// engine.
class Node {
 public:
  enum class Kind : std::uint8_t { kSound, kPictures };
  struct Config {
    AudioMixer::Config audio = {};
    VideoMixer::Config video = {};
  };

  struct Relayed {
    sfu::NodeId from = {};
    sfu::RelayBatch batch = {};
  };
  using Input = Relayed;
  using Output = sfu::RelayOutbox::ForNode;

  struct Counters {
    std::uint64_t stale = 0;            // Of rooms that are here no more.
    RoomMixer::Counters of_rooms = {};  // Of all, those that are over too.
    std::size_t rooms = 0;
  };

  // `fonts` and `random` outlive it.
  Node(Kind kind, const Config& config, const Fonts& fonts, Random& random)
      : kind_(kind), config_(config), fonts_(fonts), random_(random) {}

  // --- Commands
  // The room is mixed from now on, if it is not yet; node `node` carries it.
  void link_room(Time now, sfu::RoomId room, sfu::NodeId node);
  // Its pictures are composed by mixer `mixer`: of a room that is mixed.
  void link_mixer(sfu::RoomId room, sfu::NodeId mixer);
  // Whether they hear what is mixed here: of a room that is mixed.
  void set_listening(sfu::RoomId room, sfu::ParticipantId who, bool listening);
  // Who is in a room that is mixed, and how they look; and that they have left.
  void describe(Time now, sfu::RoomId room, sfu::ParticipantId who, const Looks& looks);
  void forget(Time now, sfu::RoomId room, sfu::ParticipantId who);
  void close_room(sfu::RoomId room);

  // --- The engine
  void handle_input(Time now, Relayed relayed);
  // For one of the rooms that are due: the owner says by handle_load() how long it took.
  void handle_timeout(Time now);
  void handle_load(Time now, Duration took);
  std::optional<Output> poll_output() { return outbox_.take(); }
  Time next_deadline() const { return deadlines_.next_deadline(); }

  Counters counters() const;

 private:
  RoomMixer* find(sfu::RoomId room) const;
  void schedule(RoomMixer& room) { deadlines_.set(room, room.next_deadline()); }

  std::unique_ptr<RoomMixer> make(sfu::RoomId room);

  Kind kind_;
  Config config_;
  Codecs codecs_;
  const Fonts& fonts_;
  Random& random_;
  sfu::RelayOutbox outbox_;
  std::unordered_map<sfu::RoomId, std::unique_ptr<RoomMixer>> rooms_;
  DeadlineQueue deadlines_;
  RoomMixer* worked_ = nullptr;  // At the last timeout.
  ThreadTime time_;
  Counters counters_;  // Of rooms that are over.
};

static_assert(SansIo<Node>);

}  // namespace parley::mcu
