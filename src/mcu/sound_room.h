#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>

#include "mcu/audio/audio_mixer.h"
#include "mcu/audio/sound_input.h"
#include "mcu/room_mixer.h"
#include "rtp/identifiers.h"

namespace parley::mcu {

// The sound of a room: one mix for all who listen, and for each of these who speaks one without
// their voice, which goes only to the node where they are. A mix is told (relay::Track) right
// before its first packet.
class SoundRoom final : public RoomMixer {
 public:
  SoundRoom(sfu::RoomId id, const AudioMixer::Config& config, const Surroundings& around);

  void link(sfu::NodeId node) override;
  void link_mixer(sfu::NodeId mixer) override { picture_mixer_ = mixer; }
  void leave() override;
  void set_listening(sfu::ParticipantId who, bool listening) override;
  void describe(Time, sfu::ParticipantId, const Looks&) override {}  // Not to be heard.
  void forget(Time now, sfu::ParticipantId who) override;
  void handle_relayed(Time now, sfu::NodeId from, sfu::RelayMessage& message,
                      Bytes packet) override;
  void handle_timeout(Time now) override;
  void handle_load(Time, Duration) override {}  // Sound is never less.
  Time next_deadline() const override { return audio_.next_deadline(); }
  Counters counters() const override;

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
  void on(sfu::ParticipantId who, const sfu::relay::TrackEnded& ended);
  void on(Time now, sfu::ParticipantId who, const sfu::relay::Packet& packet, Bytes bytes);
  void on(sfu::ParticipantId who, const sfu::relay::Report& report);
  void gone(sfu::ParticipantId who);

  void on(const AudioMixer::Mixed& mixed);
  void on(const AudioMixer::OwnMixEnded& ended);
  bool goes_to(const std::optional<PersonId>& without, sfu::NodeId node) const;
  void tell_clock(Time now);
  void tell_heard(Time now);
  sfu::ParticipantId mix_without(const std::optional<PersonId>& person) const;
  static sfu::relay::Track sound_track(std::optional<PersonId> without);

  Random& random_;
  std::optional<sfu::NodeId> picture_mixer_;
  AudioMixer audio_;
  std::uint32_t first_timestamp_;  // Of RTP, for the mixer's 0.
  std::unordered_map<sfu::ParticipantId, Publisher> publishers_;
  std::map<std::optional<PersonId>, Published> published_;  // By whom they are without.
  std::uint64_t newest_timestamp_ = 0;                      // Of a mix.
  Time clock_told_ = kAtOnce;
  Time heard_told_ = kAtOnce;
  Counters counters_;
};

}  // namespace parley::mcu
