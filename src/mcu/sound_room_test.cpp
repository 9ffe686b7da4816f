#include "mcu/sound_room.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "mcu/audio/test_sound.h"
#include "mcu/audio/test_speaker.h"
#include "rtp/extension_values.h"
#include "rtp/packet_writer.h"

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;
using sfu::NodeId;
using sfu::ParticipantId;
using sfu::RelayMessage;
namespace relay = sfu::relay;

constexpr sfu::RoomId kRoom{5};
constexpr NodeId kHere{1}, kThere{2};
constexpr ParticipantId kAda{11}, kBob{12};
constexpr std::uint8_t kOpus = 109, kLevelId = 3;

// The nodes of a room, as far as its mixer sees them.
struct Room {
  Room() { mixer.link(kHere); }

  void publish(ParticipantId who, NodeId from, sfu::Source source = sfu::Source::kMicrophone) {
    relay::Track track{
        .source = source,
        .encodings = {{}},
        .codecs = {{.payload_type = kOpus, .name = "opus", .clock_rate = 48'000, .channels = 2}}};
    track.extensions.set(rtp::Extension::kAudioLevel, kLevelId);
    tell(from, who, track);
  }
  void tell(NodeId from, ParticipantId who, decltype(RelayMessage::what) what, Bytes packet = {}) {
    RelayMessage message{.room = kRoom, .publisher = who, .what = std::move(what)};
    mixer.handle_relayed(now, from, message, packet);
  }
  void say(NodeId from, ParticipantId who, TestSpeaker& speaker,
           sfu::Source source = sfu::Source::kMicrophone) {
    const Voice::Packet said = speaker.next();
    rtp::PacketWriter writer({.payload_type = rtp::PayloadType{kOpus},
                              .sequence_number = static_cast<std::uint16_t>(said.seq.value),
                              .timestamp = static_cast<std::uint32_t>(said.timestamp)});
    writer.add_extension(
        kLevelId, rtp::encode(rtp::AudioLevel{.minus_dbov = said.level.value_or(std::uint8_t{0})}));
    writer.set_payload(said.payload.bytes());
    const auto bytes = writer.take();
    tell(from, who, relay::Packet{.source = source}, bytes);
  }
  void run(std::size_t frames, auto&& each) {
    for (std::size_t n = 0; n < frames; ++n) {
      each();
      now += kFrameDuration;
      mixer.handle_timeout(now);
    }
  }

  // All that one node was told since the last call.
  template <class What>
  std::vector<std::pair<ParticipantId, What>> told(NodeId node) {
    collect();
    std::vector<std::pair<ParticipantId, What>> all;
    for (const RelayMessage& message : messages[node]) {
      EXPECT_EQ(message.room, kRoom);
      if (const auto* const what = std::get_if<What>(&message.what)) {
        all.emplace_back(message.publisher, *what);
      }
    }
    return all;
  }
  void collect() {
    while (auto batch = outbox.take()) {
      for (RelayMessage& message : batch->batch.messages) {
        messages[batch->node].push_back(std::move(message));
      }
    }
  }

  SeededRandom random{1};
  sfu::RelayOutbox outbox;
  Codecs codecs;
  Fonts fonts;
  SoundRoom mixer{
      kRoom, {}, {.outbox = outbox, .codecs = codecs, .fonts = fonts, .random = random}};
  std::map<NodeId, std::vector<RelayMessage>> messages;
  Time now{1h};
};

TEST(SoundRoom, ListensAndPublishesOneMixForEveryone) {
  Room room;
  EXPECT_TRUE(room.told<relay::Listening>(kHere).at(0).second.listening);
  room.publish(kAda, kHere);
  TestSpeaker ada(speech(1, 100 * kFrameSamples));
  room.run(100, [&] { room.say(kHere, kAda, ada); });
  const auto tracks = room.told<relay::Track>(kHere);
  ASSERT_EQ(tracks.size(), 1u);
  EXPECT_EQ(tracks[0].first, sound_id(kRoom));
  EXPECT_EQ(tracks[0].second.mix, sfu::Mix{});
  EXPECT_EQ(tracks[0].second.source, sfu::Source::kMicrophone);
  const auto packets = room.told<relay::Packet>(kHere);
  ASSERT_EQ(packets.size(), 100u);
  EXPECT_TRUE(packets[0].second.begins);
  EXPECT_FALSE(packets[1].second.begins);
  EXPECT_EQ(room.mixer.counters().packets_out, 100u);
  EXPECT_EQ(room.mixer.counters().packets, 100u);
  EXPECT_EQ(room.mixer.counters().unreadable, 0u);
}

TEST(SoundRoom, AMixOfOnesOwnIsToldBeforeItsFirstPacketWhereTheyAreAndNowhereElse) {
  Room room;
  room.mixer.link(kThere);
  room.publish(kAda, kThere);
  room.mixer.set_listening(kAda, true);
  TestSpeaker ada(speech(1, 50 * kFrameSamples));
  room.run(50, [&] { room.say(kThere, kAda, ada); });
  room.collect();
  bool told = false;
  std::size_t packets = 0;
  for (const RelayMessage& message : room.messages[kThere]) {
    if (message.publisher != sound_id(PersonId{kAda.value})) continue;
    if (const auto* const track = std::get_if<relay::Track>(&message.what)) {
      told = true;
      EXPECT_EQ(track->mix, sfu::Mix{.without = kAda});
    }
    if (std::holds_alternative<relay::Packet>(message.what)) {
      EXPECT_TRUE(told);
      ++packets;
    }
  }
  EXPECT_GT(packets, 30u);
  for (const RelayMessage& message : room.messages[kHere]) {
    EXPECT_NE(message.publisher, sound_id(PersonId{kAda.value}));
  }
  // She says nothing more, and it ends.
  room.run(500, [] {});
  const auto gone = room.told<relay::Gone>(kThere);
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].first, sound_id(PersonId{kAda.value}));
}

TEST(SoundRoom, WhoIsLinkedLaterIsToldOfTheMix) {
  Room room;
  room.publish(kAda, kHere);
  room.run(10, [] {});
  room.publish(kBob, kThere);
  room.run(10, [] {});
  EXPECT_EQ(room.told<relay::Track>(kThere).size(), 1u);
  EXPECT_EQ(room.told<relay::Packet>(kThere).size(), 10u);
  EXPECT_EQ(room.told<relay::Packet>(kHere).size(), 20u);
}

TEST(SoundRoom, TellsWhichMomentATimestampIs) {
  Room room;
  room.publish(kAda, kHere);
  room.run(150, [] {});
  const auto reports = room.told<relay::Report>(kHere);
  ASSERT_EQ(reports.size(), 3u);
  for (std::size_t i = 1; i < reports.size(); ++i) {
    const auto seconds = (reports[i].second.ntp.value - reports[i - 1].second.ntp.value) >> 32;
    EXPECT_EQ(reports[i].second.timestamp - reports[i - 1].second.timestamp, seconds * 48'000);
  }
}

TEST(SoundRoom, TellsAMixerOfPicturesWhoIsHeardAndWhen) {
  constexpr NodeId kPictures{9};
  Room room;
  room.mixer.link_mixer(kPictures);
  room.publish(kAda, kHere);
  room.publish(kBob, kHere);
  TestSpeaker ada(speech(1, 200 * kFrameSamples));
  room.say(kHere, kAda, ada);
  const auto ntp = rtp::NtpTime::of(room.now);
  room.tell(kHere, kAda, relay::Report{.source = sfu::Source::kMicrophone, .ntp = ntp});
  room.run(100, [&] { room.say(kHere, kAda, ada); });
  const auto heard = room.told<relay::Heard>(kPictures);
  ASSERT_EQ(heard.size(), 40u) << "of both, ten times a second";
  EXPECT_TRUE(room.told<relay::Heard>(kHere).empty());
  EXPECT_TRUE(room.told<relay::Packet>(kPictures).empty());
  for (const auto& [who, one] : std::span(heard).last(2)) {
    EXPECT_EQ(one.speaks, who == kAda);
    EXPECT_EQ(one.captured.has_value(), who == kAda);
    EXPECT_EQ(one.captured.value_or(ntp), ntp);
  }
}

TEST(SoundRoom, AsksForNoPictures) {
  Room room;
  room.tell(kHere, kAda, relay::Track{.source = sfu::Source::kCamera, .encodings = {{"q"}, {"h"}}});
  const auto needs = room.told<relay::Needs>(kHere);
  ASSERT_EQ(needs.size(), 1u);
  EXPECT_EQ(needs[0].first, kAda);
  EXPECT_EQ(needs[0].second.encodings, 0u);
}

TEST(SoundRoom, WhoLeftOrIsNotToBeHeardIsHeardNoMore) {
  Room room;
  for (const bool leaves : {false, true}) {
    room.publish(kAda, kHere);
    TestSpeaker ada(speech(1, 100 * kFrameSamples));
    room.run(50, [&] { room.say(kHere, kAda, ada); });
    EXPECT_EQ(room.mixer.counters().speaking, 1u);
    if (leaves) {
      room.tell(kHere, kAda, relay::Gone{});
    } else {
      room.tell(kHere, kAda, relay::TrackEnded{sfu::Source::kMicrophone});
    }
    room.run(2, [&] { room.say(kHere, kAda, ada); });
    EXPECT_EQ(room.mixer.counters().speaking, 0u);
  }
  EXPECT_EQ(room.mixer.counters().of_nobody, 4u);
}

TEST(SoundRoom, CountsWhatItCannotRead) {
  Room room;
  room.publish(kAda, kHere);
  room.tell(kHere, kAda, relay::Packet{.source = sfu::Source::kMicrophone}, as_bytes("no RTP"));
  rtp::PacketWriter writer({.payload_type = rtp::PayloadType{13}});
  const auto noise = writer.take();
  room.tell(kHere, kAda, relay::Packet{.source = sfu::Source::kMicrophone}, noise);
  room.tell(kHere, kBob, relay::Packet{.source = sfu::Source::kMicrophone}, noise);
  EXPECT_EQ(room.mixer.counters().unreadable, 2u);
  EXPECT_EQ(room.mixer.counters().of_nobody, 1u);
  EXPECT_EQ(room.mixer.counters().packets, 3u);
}

TEST(SoundRoom, TakesItsMixesAlongWhenItLeaves) {
  Room room;
  room.publish(kAda, kHere);
  room.run(5, [] {});
  room.mixer.leave();
  const auto gone = room.told<relay::Gone>(kHere);
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].first, sound_id(kRoom));
  EXPECT_FALSE(room.told<relay::Listening>(kHere).back().second.listening);
}

}  // namespace
}  // namespace parley::mcu
