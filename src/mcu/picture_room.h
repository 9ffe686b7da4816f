#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "codec/format.h"
#include "mcu/picture_input.h"
#include "mcu/published_picture.h"
#include "mcu/room_mixer.h"
#include "mcu/video/video_mixer.h"
#include "sfu/identifiers.h"
#include "sfu/relay.h"

namespace parley::mcu {

// The pictures of a room, composed into one that is published as a camera in up to three
// encodings, and once more in H.264 for who has no VP8. Of what others publish it asks for what
// fits its place, and for nothing that is not shown; while nobody needs the composed picture, for
// nothing at all.
//
// It is sent once everyone's picture is in it, or has kept it waiting for too long: who goes over
// to it from tiles sees no cards of people whom they saw before.
//
// Who speaks, and so is large, and for how long a picture waits to be in step with its sound, a
// mixer of sound says (relay::Heard).
class PictureRoom final : public RoomMixer {
 public:
  PictureRoom(sfu::RoomId id, const VideoMixer::Config& config, const Surroundings& around);

  void link(sfu::NodeId node) override;
  void link_mixer(sfu::NodeId) override {}
  void leave() override;
  void set_listening(sfu::ParticipantId, bool) override {}  // It is the same for all.
  void describe(Time now, sfu::ParticipantId who, const Looks& looks) override;
  void forget(Time now, sfu::ParticipantId who) override;
  void handle_relayed(Time now, sfu::NodeId from, sfu::RelayMessage& message,
                      Bytes packet) override;
  void handle_timeout(Time now) override;
  // Where it took too long, pictures become fewer, then smaller.
  void handle_load(Time now, Duration took) override;
  Time next_deadline() const override { return mixer_.next_deadline(); }
  Counters counters() const override;
  std::vector<Cell> cells() const { return mixer_.cells(); }  // Where everyone is.

 private:
  bool is_reduced() const { return mixer_.load().reason() != LoadControl::Reason::kNone; }

  struct Person {
    Looks looks = {};
    bool is_here = false;  // They were described.
    bool speaks = false;
    std::map<sfu::Source, PictureInput> inputs = {};
  };

  void on(Time now, sfu::NodeId from, sfu::ParticipantId who, const sfu::relay::Track& track);
  void on(Time now, sfu::ParticipantId who, const sfu::relay::TrackEnded& ended);
  void on(Time now, sfu::ParticipantId who, const sfu::relay::Packet& packet, Bytes bytes);
  void on(sfu::ParticipantId who, const sfu::relay::Report& report);
  void on(Time now, sfu::ParticipantId who, const sfu::relay::Order& order);
  void on(Time now, sfu::ParticipantId who, const sfu::relay::Heard& heard);
  void gone(Time now, sfu::ParticipantId who);
  void on(sfu::NodeId from, sfu::ParticipantId mix, const sfu::relay::Needs& needs);
  void on(Time now, sfu::NodeId from, sfu::ParticipantId mix, const sfu::relay::Budgets& budgets);
  void on(const sfu::relay::Asked& asked);

  void update(Time now, sfu::ParticipantId who, const Person& person);
  bool shows(Time now, sfu::ParticipantId who, sfu::Source source, bool is_on);
  void choose_mode();
  PictureInput* find(InputId input);
  void choose(Time now);
  void drain(Time now);
  void on(Time now, const VideoMixer::Encoded& encoded);
  void on(Time now, const VideoMixer::NeedsKeyFrame& needs);
  void on(Time now, const VideoMixer::WantsSize& wants);
  void ask_for(Time now, InputId id, const PictureInput& input);
  bool is_complete(Time now) const;
  PublishedPicture* published_as(sfu::ParticipantId mix);
  void update_needs();

  LayoutMode mode_;  // While nobody lectures.
  VideoMixer mixer_;
  std::vector<PublishedPicture> published_;  // In each format; the spare ones last.
  std::map<sfu::ParticipantId, Person> people_;
  Time choose_at_ = kAtOnce;
  std::optional<Time> began_;  // With the first who is drawn.
  bool shown_ = false;         // It has been complete, and is sent.
  Counters counters_;
};

}  // namespace parley::mcu
