#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>

#include "base/bytes.h"
#include "base/deadline_queue.h"
#include "base/random.h"
#include "base/time.h"
#include "mcu/audio/audio_mixer.h"
#include "mcu/audio/sound_input.h"
#include "mcu/picture_mix.h"
#include "mcu/room_links.h"
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

// One room as a mixer takes part in it: to the nodes that carry it, it is one more (sfu::Node),
// which listens to everyone and publishes mixes.
//
// A mix of sound is told (relay::Track) right before its first packet; one of someone's own goes
// only to the node where they are. The picture is the same for all (PictureMix).
class RoomMixer : public Timed {
 public:
  struct Config {
    AudioMixer::Config audio = {};
    VideoMixer::Config video = {};
  };
  // What all rooms of a node share; it outlives them.
  struct Surroundings {
    sfu::RelayOutbox& outbox;
    Codecs& codecs;
    const Fonts& fonts;
    Random& random;
  };
  struct Counters {
    std::uint64_t packets = 0;     // That came, of sound.
    std::uint64_t unreadable = 0;  // Of these: no RTP, or nothing that we decode.
    std::uint64_t of_nobody = 0;   // Of a publication that we were not told of.
  };

  RoomMixer(sfu::RoomId id, const Config& config, const Surroundings& around);

  // Node `node` carries the room, too.
  void link(sfu::NodeId node);
  void set_listening(sfu::ParticipantId who, bool listening);
  // They are in the room, and look so; or have left it.
  void describe(Time now, sfu::ParticipantId who, const Looks& looks);
  void forget(Time now, sfu::ParticipantId who);
  // Leaves the room; nothing may follow.
  void leave();

  // `packet` is that of a relay::Packet.
  void handle_relayed(Time now, sfu::NodeId from, sfu::RelayMessage& message, Bytes packet);
  void handle_timeout(Time now);
  // How long that took: where it is too long, pictures become fewer, then smaller.
  void handle_load(Time now, Duration took);
  Time next_deadline() const { return std::min(audio_.next_deadline(), pictures_.next_deadline()); }

  const Counters& counters() const { return counters_; }
  std::uint64_t packets_out() const { return links_.packets(); }  // To each node once.
  const AudioMixer::Counters& audio_counters() const { return audio_.counters(); }
  const PictureMix& pictures() const { return pictures_; }
  std::size_t speaking() const { return audio_.speaking(); }

 private:
  // Somebody whose publications we were told of.
  struct Publisher {
    sfu::NodeId home = {};
    std::array<std::optional<SoundInput>, sfu::kSources> sounds = {};  // By source.
    // What their clock says of their microphone.
    std::optional<sfu::relay::Report> report = {};
  };
  // A mix as it is published.
  struct Published {
    rtp::Ssrc ssrc = {};
    std::uint16_t next_number = 0;
  };

  void on(Time now, sfu::NodeId from, sfu::ParticipantId who, const sfu::relay::Track& track);
  void on(Time now, sfu::ParticipantId who, const sfu::relay::TrackEnded& ended);
  void on(Time now, sfu::ParticipantId who, const sfu::relay::Packet& packet, Bytes bytes);
  void on(sfu::ParticipantId who, const sfu::relay::Report& report);
  void gone(Time now, sfu::ParticipantId who);

  void mix_sound(Time now);
  void on(const AudioMixer::Mixed& mixed);
  void on(const AudioMixer::OwnMixEnded& ended);
  bool goes_to(const std::optional<PersonId>& without, sfu::NodeId node) const;
  void tell_clock(Time now);
  void follow_speakers(Time now);
  void keep_in_step();
  sfu::ParticipantId mix_without(const std::optional<PersonId>& person) const;
  static sfu::relay::Track sound_track(std::optional<PersonId> without);

  RoomLinks links_;
  Random& random_;
  AudioMixer audio_;
  PictureMix pictures_;
  std::uint32_t first_timestamp_;  // Of sound, for the mixer's 0.
  std::unordered_map<sfu::ParticipantId, Publisher> publishers_;
  std::map<std::optional<PersonId>, Published> published_;  // By whom they are without.
  std::uint64_t newest_timestamp_ = 0;                      // Of a mix.
  Time clock_told_ = kAtOnce;
  Counters counters_;
};

}  // namespace parley::mcu
