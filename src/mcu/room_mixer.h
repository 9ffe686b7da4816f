#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/deadline_queue.h"
#include "base/random.h"
#include "base/time.h"
#include "mcu/audio/audio_mixer.h"
#include "mcu/room_links.h"
#include "mcu/thread_time.h"
#include "mcu/video/video_mixer.h"
#include "sfu/identifiers.h"
#include "sfu/relay.h"

namespace parley::mcu {

// By what ids mixes are published: everyone's sound and picture by the room's, the sound without
// somebody's voice by theirs. Owners give out no ids with the three highest bits.
constexpr sfu::ParticipantId sound_id(sfu::RoomId room) {
  return {room.value | std::uint64_t{2} << 62};
}
constexpr sfu::ParticipantId sound_id(PersonId without) {
  return {without.value | std::uint64_t{3} << 62};
}
constexpr sfu::ParticipantId picture_id(sfu::RoomId room) {
  return {room.value | std::uint64_t{2} << 61};
}
constexpr sfu::ParticipantId spare_picture_id(sfu::RoomId room) {
  return {room.value | std::uint64_t{3} << 61};
}

// How somebody who is in a room is drawn.
struct Looks {
  std::string name = {};
  bool muted = false;     // Their microphone is off.
  bool camera = false;    // It is on.
  bool screen = false;    // They share it.
  bool lectures = false;  // While somebody does, the room is drawn as a lecture.

  friend bool operator==(const Looks&, const Looks&) = default;
};

// One room as a mixer takes part in it: to the nodes that carry it, it is one more (sfu::Node),
// which listens to everyone and publishes mixes. There is one of sound and one of pictures, each on
// a node of its own, as a picture takes long and sound must not wait for it.
class RoomMixer : public Timed {
 public:
  struct Counters {
    std::uint64_t packets = 0;      // That came.
    std::uint64_t unreadable = 0;   // Of these: no RTP, or nothing that we decode.
    std::uint64_t of_nobody = 0;    // Of a publication that we were not told of.
    std::uint64_t packets_out = 0;  // To each node once.
    AudioMixer::Counters audio = {};
    VideoMixer::Counters video = {};
    // Now. Overloaded: with fewer or smaller pictures than there should be.
    std::size_t speaking = 0, overloaded = 0;
  };

  // What all rooms of a node share; it outlives them.
  struct Surroundings {
    sfu::RelayOutbox& outbox;
    Codecs& codecs;
    const Fonts& fonts;
    Random& random;
  };

  RoomMixer(sfu::RoomId id, const Surroundings& around) : links_(id, around.outbox) {}
  RoomMixer(const RoomMixer&) = delete;
  RoomMixer& operator=(const RoomMixer&) = delete;
  virtual ~RoomMixer() = default;

  // Node `node` carries the room, too.
  virtual void link(sfu::NodeId node) = 0;
  // Node `mixer` composes its pictures: it is to know who is heard.
  virtual void link_mixer(sfu::NodeId mixer) = 0;
  // Leaves the room; nothing may follow.
  virtual void leave() = 0;

  // What their owner knows of who is in the room; see Node.
  virtual void set_listening(sfu::ParticipantId who, bool listening) = 0;
  virtual void describe(Time now, sfu::ParticipantId who, const Looks& looks) = 0;
  virtual void forget(Time now, sfu::ParticipantId who) = 0;

  // `packet` is that of a relay::Packet.
  virtual void handle_relayed(Time now, sfu::NodeId from, sfu::RelayMessage& message,
                              Bytes packet) = 0;
  virtual void handle_timeout(Time now) = 0;
  // How long that took, by ThreadTime.
  virtual void handle_load(Time now, Duration took) = 0;
  virtual Time next_deadline() const = 0;

  virtual Counters counters() const = 0;

  ThreadTime::Seen time_seen = {};  // Kept by Node.

 protected:
  RoomLinks links_;
};

}  // namespace parley::mcu
