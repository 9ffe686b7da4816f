#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "codec/packetizer.h"
#include "mcu/picture_input.h"
#include "mcu/room_links.h"
#include "mcu/video/video_mixer.h"
#include "rtp/identifiers.h"
#include "sfu/identifiers.h"
#include "sfu/relay.h"

namespace parley::mcu {

// How somebody who is in a room is drawn.
struct Looks {
  std::string name = {};
  bool muted = false;   // Their microphone is off.
  bool camera = false;  // It is on.

  friend bool operator==(const Looks&, const Looks&) = default;
};

// The pictures of a room, composed into one that is published as a camera in up to three
// encodings. Of what others publish it asks for what fits its place, and for nothing that is not
// shown; while nobody needs the composed picture, for nothing at all.
class PictureMix {
 public:
  struct Surroundings {
    RoomLinks& links;
    Codecs& codecs;
    const Fonts& fonts;
    Random& random;
  };
  struct Counters {
    std::uint64_t packets = 0;     // That came.
    std::uint64_t unreadable = 0;  // Of these: no RTP, or nothing that we decode.
    std::uint64_t of_nobody = 0;   // Of a publication that we were not told of.
  };
  // When what a sender captured at that moment of its clock is heard; nothing where that is not
  // known.
  using Heard = std::optional<Time>;

  // `mix` is by whom it is published.
  PictureMix(const VideoMixer::Config& config, sfu::ParticipantId mix, Surroundings around);

  // --- Who is there
  void describe(Time now, sfu::ParticipantId who, const Looks& looks);
  void forget(Time now, sfu::ParticipantId who);
  void set_speaks(Time now, sfu::ParticipantId who, bool speaks);
  std::vector<sfu::ParticipantId> people() const;

  // --- What nodes tell
  void add_node(sfu::NodeId node);
  void handle(Time now, sfu::NodeId from, sfu::ParticipantId who, const sfu::relay::Track& track);
  void handle(Time now, sfu::ParticipantId who, const sfu::relay::TrackEnded& ended);
  void handle(Time now, sfu::ParticipantId who, const sfu::relay::Packet& packet, Bytes bytes);
  void handle(sfu::ParticipantId who, const sfu::relay::Report& report);
  void handle_gone(Time now, sfu::ParticipantId who);
  // Of what is published here.
  void handle(sfu::NodeId from, const sfu::relay::Needs& needs);
  void handle(const sfu::relay::Asked& asked);
  // `ntp` of their clock is heard at `heard`: so long their pictures wait.
  void set_pace(sfu::ParticipantId who, rtp::NtpTime ntp, Time heard);

  void handle_timeout(Time now);
  // How long that took.
  void handle_load(Time now, Duration took) { mixer_.handle_load(now, took); }
  Time next_deadline() const { return mixer_.next_deadline(); }

  const Counters& counters() const { return counters_; }
  const VideoMixer& mixer() const { return mixer_; }

 private:
  static constexpr std::size_t kEncodings = 3;

  struct Person {
    Looks looks = {};
    bool is_here = false;  // They were described.
    bool speaks = false;
    std::map<sfu::Source, PictureInput> inputs = {};
  };
  struct Encoding {
    rtp::Ssrc ssrc = {};
    std::uint16_t next_number = 0;
    codec::Packetizer packetizer;
    std::optional<Time> clock_told = {};
  };
  struct Node {
    sfu::NodeId id = {};
    sfu::EncodingSet needs = ~sfu::EncodingSet{0};
  };

  void update(Time now, sfu::ParticipantId who, const Person& person);
  void end(sfu::ParticipantId who, Person& person, sfu::Source source);
  PictureInput* find(InputId input);
  void choose(Time now);
  void drain(Time now);
  void on(Time now, const VideoMixer::Encoded& encoded);
  void on(Time now, const VideoMixer::NeedsKeyFrame& needs);
  void on(Time now, const VideoMixer::WantsSize& wants);
  void tell_clock(Encoding& encoding, std::uint8_t index, const VideoMixer::Encoded& encoded);
  void update_needs();
  sfu::relay::Track track() const;

  RoomLinks& links_;
  Random& random_;
  sfu::ParticipantId mix_;
  VideoMixer mixer_;
  std::uint32_t first_timestamp_;
  std::vector<Encoding> encodings_;  // The smallest first: the mixer's qualities backwards.
  std::vector<Node> nodes_;
  std::map<sfu::ParticipantId, Person> people_;
  Time choose_at_ = kAtOnce;
  Counters counters_;
};

}  // namespace parley::mcu
