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
#include "sfu/identifiers.h"
#include "sfu/relay.h"

namespace parley::mcu {

// All rooms that one mixer's thread mixes. To the SFU's nodes it is one more node: what they have
// for it comes in as RelayBatch, what it publishes goes out so. A SansIo engine.
class Node {
 public:
  using Config = RoomMixer::Config;

  struct Relayed {
    sfu::NodeId from = {};
    sfu::RelayBatch batch = {};
  };
  using Input = Relayed;
  using Output = sfu::RelayOutbox::ForNode;

  struct Counters {
    std::uint64_t stale = 0;  // Of rooms that are here no more.
    // Of all rooms, those that are over too.
    RoomMixer::Counters sound = {};
    PictureMix::Counters pictures = {};
    AudioMixer::Counters audio = {};
    VideoMixer::Counters video = {};
    std::uint64_t packets_out = 0;
    // Now. Overloaded: rooms with fewer or smaller pictures than there should be.
    std::size_t rooms = 0, speaking = 0, overloaded = 0;
  };

  // `fonts` and `random` outlive it.
  Node(const Config& config, const Fonts& fonts, Random& random)
      : config_(config), fonts_(fonts), random_(random) {}

  // --- Commands
  // The room is mixed from now on, if it is not yet; node `node` carries it.
  void link_room(Time now, sfu::RoomId room, sfu::NodeId node);
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

  Config config_;
  Codecs codecs_;
  const Fonts& fonts_;
  Random& random_;
  sfu::RelayOutbox outbox_;
  std::unordered_map<sfu::RoomId, std::unique_ptr<RoomMixer>> rooms_;
  DeadlineQueue deadlines_;
  RoomMixer* worked_ = nullptr;  // At the last timeout.
  Counters counters_;            // Of rooms that are over.
};

static_assert(SansIo<Node>);

}  // namespace parley::mcu
