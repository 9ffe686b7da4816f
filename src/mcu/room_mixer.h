#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/deadline_queue.h"
#include "base/random.h"
#include "base/time.h"
#include "mcu/audio/audio_mixer.h"
#include "mcu/audio/sound_input.h"
#include "rtp/identifiers.h"
#include "sfu/identifiers.h"
#include "sfu/relay.h"

namespace parley::mcu {

// By what id a mix is published: everyone's by the room's, that without somebody's voice by theirs.
// Owners give out no ids with the two highest bits.
constexpr sfu::ParticipantId mix_id(sfu::RoomId room) {
  return {room.value | std::uint64_t{2} << 62};
}
constexpr sfu::ParticipantId mix_id(PersonId without) {
  return {without.value | std::uint64_t{3} << 62};
}

// How somebody who is in a room is drawn.
struct Looks {
  std::string name = {};
  bool muted = false;   // Their microphone is off.
  bool camera = false;  // It is on.

  friend bool operator==(const Looks&, const Looks&) = default;
};

// One room as a mixer takes part in it: to the nodes that carry it, it is one more (sfu::Node),
// which listens to everyone and publishes mixes.
//
// A mix is told (relay::Track) right before its first packet; a mix of someone's own goes only to
// the node where they are.
class RoomMixer : public Timed {
 public:
  struct Counters {
    std::uint64_t packets = 0;      // That came, of sound.
    std::uint64_t unreadable = 0;   // Of these: no RTP, or nothing that we decode.
    std::uint64_t of_nobody = 0;    // Of a publication that we were not told of.
    std::uint64_t packets_out = 0;  // To each node once.
  };

  // `outbox` and `random` outlive it.
  RoomMixer(sfu::RoomId id, const AudioMixer::Config& config, sfu::RelayOutbox& outbox,
            Random& random);

  // Node `node` carries the room, too.
  void link(sfu::NodeId node);
  void set_listening(sfu::ParticipantId who, bool listening);
  // They are in the room, and look so; or have left it.
  void describe(sfu::ParticipantId who, Looks looks);
  void forget(sfu::ParticipantId who);
  // Leaves the room; nothing may follow.
  void leave();

  // `packet` is that of a relay::Packet.
  void handle_relayed(Time now, sfu::NodeId from, sfu::RelayMessage& message, Bytes packet);
  void handle_timeout(Time now);
  Time next_deadline() const { return audio_.next_deadline(); }

  sfu::RoomId id() const { return id_; }
  const Counters& counters() const { return counters_; }
  const AudioMixer::Counters& audio_counters() const { return audio_.counters(); }
  std::size_t speaking() const { return audio_.speaking(); }

 private:
  // Somebody whose publications we were told of.
  struct Publisher {
    sfu::NodeId home = {};
    std::array<std::optional<SoundInput>, sfu::kSources> sounds = {};  // By source.
  };
  // A mix as it is published.
  struct Published {
    rtp::Ssrc ssrc = {};
    std::uint16_t next_number = 0;
  };

  void on(Time now, sfu::NodeId from, sfu::ParticipantId who, const sfu::relay::Track& track);
  void on(sfu::ParticipantId who, const sfu::relay::TrackEnded& ended);
  void on(Time now, sfu::ParticipantId who, const sfu::relay::Packet& packet, Bytes bytes);
  void gone(sfu::ParticipantId who);

  void on(const AudioMixer::Mixed& mixed);
  void on(const AudioMixer::OwnMixEnded& ended);
  bool goes_to(const std::optional<PersonId>& without, sfu::NodeId node) const;
  void tell_clock(Time now);
  sfu::ParticipantId mix_without(const std::optional<PersonId>& person) const;
  void tell(sfu::NodeId node, sfu::ParticipantId who, decltype(sfu::RelayMessage::what) what);
  static sfu::relay::Track sound_track(std::optional<PersonId> without);

  sfu::RoomId id_;
  sfu::RelayOutbox& outbox_;
  Random& random_;
  AudioMixer audio_;
  std::uint32_t first_timestamp_;  // Of RTP, for the mixer's 0.
  std::vector<sfu::NodeId> nodes_;
  std::unordered_map<sfu::ParticipantId, Publisher> publishers_;
  std::unordered_map<sfu::ParticipantId, Looks> people_;
  std::map<std::optional<PersonId>, Published> published_;  // By whom they are without.
  std::uint64_t newest_timestamp_ = 0;                      // Of a mix.
  Time clock_told_ = kAtOnce;
  Counters counters_;
};

}  // namespace parley::mcu
