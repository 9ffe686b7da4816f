// A mixer is linked to a room: who wants everyone in one stream gets what it makes, others do not
// notice.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "rtp/packet_writer.h"
#include "sfu/test_meeting.h"
#include "sfu/test_publisher.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr NodeId kMixer{7};
constexpr ParticipantId kEveryone{100};

// Publishes what a mixer would, 20 ms at a time; it listens to nobody.
class Mixer {
 public:
  explicit Mixer(TestMeeting& meeting) : meeting_(meeting) {
    meeting.node.link_room(TestMeeting::kRoom, kMixer);
    meeting.relay = [this](Node::Relay& relay) {
      EXPECT_EQ(relay.node, kMixer);
      for (RelayMessage& message : relay.batch.messages) told.push_back(std::move(message));
    };
    meeting.flush();
  }

  void add_sound(ParticipantId mix, ParticipantId without = {}) {
    tell(mix, relay::Track{.source = Source::kMicrophone,
                           .encodings = {{}},
                           .codecs = test_audio_codecs(),
                           .mix = Mix{without}});
    sounds_.push_back({mix});
  }
  void add_picture() {
    tell(kEveryone, relay::Track{.source = Source::kCamera,
                                 .encodings = {{"q"}, {"h"}, {"f"}},
                                 .codecs = test_video_codecs(),
                                 .mix = Mix{}});
    has_picture_ = true;
  }
  // Of a codec that everybody takes, or nobody; nothing of it comes by itself.
  void add_still_picture(ParticipantId mix, std::string codec, bool is_spare) {
    sdp::Codec format{.payload_type = 98, .name = std::move(codec), .clock_rate = 90'000};
    tell(mix, relay::Track{.source = Source::kCamera,
                           .encodings = {{"q"}, {"h"}, {"f"}},
                           .codecs = {format},
                           .mix = Mix{.spare = is_spare}});
    send();
  }
  void tell_rates(std::array<DataRate, 3> now, std::array<DataRate, 3> most, bool reduced = false) {
    tell(kEveryone,
         relay::Rates{.source = Source::kCamera, .reduced = reduced, .now = now, .most = most});
    send();
  }
  void end_sound(ParticipantId mix) {
    tell(mix, relay::TrackEnded{Source::kMicrophone});
    std::erase_if(sounds_, [&](const Sound& sound) { return sound.mix == mix; });
  }
  void go(ParticipantId mix) {
    sounds_.clear();
    has_picture_ = false;
    tell(mix, relay::Gone{});
    send();
  }

  void run(Duration time) {
    for (Duration passed{}; passed < time; passed += 20ms) {
      ++frame_;
      for (Sound& sound : sounds_) {
        packet(sound.mix, Source::kMicrophone, 0, kOpus, ++sound.number, frame_ * 960,
               make_sound({.number = frame_, .by = sound.mix}));
      }
      if (has_picture_ && frame_ % 2 == 0) pictures();
      send();
      meeting_.run(20ms);
    }
  }
  std::uint32_t frames() const { return frame_; }
  EncodingSet needed(ParticipantId of = kEveryone) const {
    EncodingSet needs = ~EncodingSet{0};
    for (const RelayMessage& message : told) {
      if (message.publisher != of) continue;
      if (const auto* const one = std::get_if<relay::Needs>(&message.what)) needs = one->encodings;
    }
    return needs;
  }

  std::vector<RelayMessage> told;

 private:
  struct Sound {
    ParticipantId mix = {};
    std::uint16_t number = 0;
  };

  void pictures() {
    for (std::uint8_t encoding = 0; encoding < 3; ++encoding) {
      const std::uint32_t number = frame_ / 2;
      auto frame = make_picture({.number = number, .by = kEveryone, .encoding = encoding},
                                number % 25 == 1, 600);
      // One packet each: VP8's descriptor says that a frame begins.
      frame.insert(frame.begin(), 0x10);
      packet(kEveryone, Source::kCamera, encoding, kVp8, static_cast<std::uint16_t>(number),
             frame_ * 1'800, frame);
    }
  }
  void tell(ParticipantId who, decltype(RelayMessage::what) what) {
    batch_.messages.push_back(
        {.room = TestMeeting::kRoom, .publisher = who, .what = std::move(what)});
  }
  void packet(ParticipantId who, Source source, std::uint8_t encoding, rtp::PayloadType type,
              std::uint16_t number, std::uint32_t timestamp, Bytes payload) {
    const auto ssrc = static_cast<std::uint32_t>(who.value * 10 + encoding);
    rtp::PacketWriter writer({.marker = source == Source::kCamera,
                              .payload_type = type,
                              .sequence_number = number,
                              .timestamp = timestamp,
                              .ssrc = rtp::Ssrc{ssrc}});
    writer.set_payload(payload);
    const auto bytes = writer.take();
    tell(who, relay::Packet{.source = source,
                            .encoding = encoding,
                            .size = static_cast<std::uint16_t>(bytes.size())});
    batch_.bytes.insert(batch_.bytes.end(), bytes.begin(), bytes.end());
  }
  void send() {
    meeting_.node.handle_relay(meeting_.now, kMixer, std::exchange(batch_, {}));
    meeting_.flush();
  }

  TestMeeting& meeting_;
  RelayBatch batch_;
  std::vector<Sound> sounds_;
  bool has_picture_ = false;
  std::uint32_t frame_ = 0;
};

struct Room {
  explicit Room(std::uint64_t seed) : meeting(seed) {
    meeting.join(1, {.microphone = true, .camera = 1});
    meeting.join(2, {.microphone = true, .camera = 1});
    meeting.join(3, {.microphone = true, .camera = 1});
    EXPECT_TRUE(meeting.connect_all());
    meeting.run(1s);
  }
  void want_one_stream(std::uint64_t id, codec::PictureSize size = kTestSizes[2]) {
    meeting.node.set_one_stream(meeting.now, {id}, size);
    meeting.flush();
  }
  std::uint64_t heard(std::uint64_t id, ParticipantId whom) {
    return meeting.at(id).frames_of(whom, false);
  }
  std::vector<SlotShows> in_use(std::uint64_t id) {
    std::vector<SlotShows> used;
    for (const auto& [mid, slot] : meeting.shown(id)) {
      if (slot.participant || slot.mix) used.push_back(slot);
    }
    return used;
  }

  TestMeeting meeting;
};

TEST(NodeMix, WhoWantsOneStreamGetsTheMixAndNothingElse) {
  Room room(1);
  Mixer mixer(room.meeting);
  mixer.add_sound(kEveryone);
  mixer.add_picture();
  room.want_one_stream(1);
  mixer.run(1s);
  const auto slots = room.in_use(1);
  ASSERT_EQ(slots.size(), 2u);
  for (const SlotShows& slot : slots) {
    EXPECT_TRUE(slot.mix);
    EXPECT_FALSE(slot.participant);
  }
  const std::uint64_t others = room.heard(1, {2}) + room.heard(1, {3});
  mixer.run(2s);
  EXPECT_EQ(room.heard(1, {2}) + room.heard(1, {3}), others);
  EXPECT_GT(room.heard(1, kEveryone), 140u);
  EXPECT_GT(room.meeting.at(1).frames_of(kEveryone, true), 60u);
  EXPECT_EQ(room.meeting.broken(), std::vector<std::string>{});
}

TEST(NodeMix, OthersDoNotNotice) {
  Room room(2);
  Mixer mixer(room.meeting);
  mixer.add_sound(kEveryone);
  mixer.add_picture();
  mixer.add_sound({101}, {1});
  room.want_one_stream(1);
  mixer.run(3s);
  EXPECT_EQ(room.heard(2, kEveryone), 0u);
  EXPECT_EQ(room.heard(2, {101}), 0u);
  EXPECT_EQ(room.meeting.at(2).frames_of(kEveryone, true), 0u);
  EXPECT_EQ(room.in_use(2).size(), 4u) << "two voices and two pictures";
  EXPECT_GT(room.heard(2, {1}), 140u);
  for (const SpeakersChanged& told : room.meeting.speakers) {
    for (const ParticipantId who : told.speakers) EXPECT_LT(who, kEveryone);
  }
}

TEST(NodeMix, AMixOfOnesOwnTakesThePlaceOfTheOtherWithoutABreak) {
  Room room(3);
  Mixer mixer(room.meeting);
  mixer.add_sound(kEveryone);
  room.want_one_stream(1);
  room.want_one_stream(2);
  mixer.run(1s);
  const std::uint64_t first = room.heard(1, kEveryone);
  ASSERT_EQ(room.heard(2, kEveryone), first);
  const std::uint32_t began = mixer.frames();
  for (int i = 0; i < 5; ++i) {
    mixer.add_sound({101}, {1});
    mixer.run(400ms);
    mixer.end_sound({101});
    mixer.run(200ms);
  }
  room.meeting.run(100ms);
  EXPECT_EQ(room.heard(1, {101}), 100u) << "from its first packet to its last";
  const std::uint64_t all = first + mixer.frames() - began;
  EXPECT_EQ(room.heard(1, kEveryone) + room.heard(1, {101}), all) << "each moment once";
  EXPECT_EQ(room.heard(2, {101}), 0u);
  EXPECT_EQ(room.heard(2, kEveryone), all);
  const TestSlot& slot = *room.meeting.at(1).find_slot(room.in_use(1).front().mid);
  EXPECT_EQ(slot.losses, 0u);
}

TEST(NodeMix, KeepsTheTimeFromOneMixToAnother) {
  Room room(4);
  Mixer mixer(room.meeting);
  mixer.add_sound(kEveryone);
  room.want_one_stream(1);
  mixer.run(1s);
  const std::size_t before = room.meeting.at(1).sound_timestamps.size();
  mixer.add_sound({101}, {1});
  mixer.run(1s);
  const auto& timestamps = room.meeting.at(1).sound_timestamps;
  ASSERT_GT(timestamps.size(), before + 40);
  for (std::size_t i = before; i < timestamps.size(); ++i) {
    EXPECT_EQ(timestamps[i] - timestamps[i - 1], 960u) << i;
  }
}

TEST(NodeMix, UntilThereIsAMixAndOnceThereIsNoneAllGoesOnAsBefore) {
  Room room(5);
  room.want_one_stream(1);
  room.meeting.run(1s);
  EXPECT_EQ(room.in_use(1).size(), 4u);
  Mixer mixer(room.meeting);
  mixer.add_sound(kEveryone);
  mixer.run(1s);
  EXPECT_EQ(room.in_use(1).size(), 3u) << "a mix, and two pictures";
  mixer.add_picture();
  mixer.run(1s);
  EXPECT_EQ(room.in_use(1).size(), 2u);
  mixer.go(kEveryone);
  const std::uint64_t heard = room.heard(1, {2});
  room.meeting.run(1s);
  EXPECT_EQ(room.in_use(1).size(), 4u);
  EXPECT_GT(room.heard(1, {2}), heard + 40);
}

// The first of these is not decoded by anybody here, the spare one is.
TEST(NodeMix, WhoCannotDecodeItGetsTheSpareOne) {
  Room room(7);
  Mixer mixer(room.meeting);
  mixer.add_still_picture({102}, "VP8", true);
  mixer.run(1s);
  EXPECT_EQ(mixer.needed({102}), ~EncodingSet{0}) << "nothing was asked of it";
  room.want_one_stream(1);
  mixer.run(1s);
  EXPECT_EQ(mixer.needed({102}), 0b111u);
  EXPECT_EQ(room.in_use(1).size(), 3u) << "the picture, and two voices";
  room.meeting.node.set_one_stream(room.meeting.now, {1}, std::nullopt);
  room.meeting.flush();
  mixer.run(4s);
  EXPECT_EQ(mixer.needed({102}), 0u);
}

TEST(NodeMix, WhoCanDecodeTheUsualOneNeverGetsTheSpareOne) {
  Room room(8);
  Mixer mixer(room.meeting);
  mixer.add_still_picture({102}, "VP8", true);
  mixer.add_picture();
  mixer.run(1s);
  room.want_one_stream(1);
  mixer.run(2s);
  EXPECT_EQ(mixer.needed({102}), ~EncodingSet{0});
  EXPECT_GT(room.meeting.at(1).frames_of(kEveryone, true), 20u);
}

TEST(NodeMix, NobodyIsGivenAMixThatTheyCannotDecode) {
  Room room(9);
  Mixer mixer(room.meeting);
  mixer.add_still_picture({102}, "H266", true);
  room.want_one_stream(1);
  mixer.run(1s);
  EXPECT_EQ(room.in_use(1).size(), 4u) << "two voices and two pictures, as before";
}

TEST(NodeMix, TheMixerIsToldWhatTheLinksOfItsViewersCarry) {
  Room room(10);
  Mixer mixer(room.meeting);
  mixer.add_picture();
  room.want_one_stream(1, kTestSizes[0]);
  room.want_one_stream(2, kTestSizes[2]);
  mixer.run(5s);
  std::optional<ViewerBudgets> last;
  int told = 0;
  for (const RelayMessage& message : mixer.told) {
    if (const auto* const one = std::get_if<relay::Budgets>(&message.what)) {
      EXPECT_EQ(message.publisher, kEveryone);
      last = one->viewers;
      ++told;
    }
  }
  ASSERT_TRUE(last);
  EXPECT_NEAR(told, 5, 2) << "once a second";
  std::array<std::uint32_t, 3> viewers = {};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t step = 0; step < ViewerBudgets::kSteps; ++step) {
      viewers[i] += last->count(i, step);
    }
  }
  EXPECT_EQ(viewers, (std::array<std::uint32_t, 3>{1, 0, 1}));
}

// Its pictures are small by now, and its viewers' links would carry more: that is found out.
TEST(NodeMix, LinksAreLookedAtForAsMuchAsAMixMayCost) {
  Room room(11);
  Mixer mixer(room.meeting);
  mixer.add_picture();
  room.want_one_stream(1);
  mixer.run(5s);
  const DataRate before = room.meeting.quality.at(1).estimate;
  const std::array<DataRate, 3> most = {DataRate::kbps(150), DataRate::kbps(500),
                                        DataRate::mbps(5)};
  mixer.tell_rates(most, most);
  mixer.run(20s);
  EXPECT_GT(room.meeting.quality.at(1).estimate, std::max(before, DataRate::mbps(4)));
}

TEST(NodeMix, WhoWatchesIsToldThatTheMixerIsTooBusy) {
  Room room(12);
  Mixer mixer(room.meeting);
  mixer.add_picture();
  room.want_one_stream(1);
  const std::array<DataRate, 3> rates = {DataRate::kbps(150), DataRate::kbps(500),
                                         DataRate::kbps(1'500)};
  mixer.tell_rates(rates, rates);
  mixer.run(10s);
  const auto limit = [&] { return room.meeting.quality.at(1).tiles.at(0).limit; };
  const Limit before = limit();
  EXPECT_NE(before, Limit::kServer);
  EXPECT_NE(before, Limit::kDownlink);
  mixer.tell_rates(rates, rates, true);
  mixer.run(3s);
  EXPECT_EQ(limit(), Limit::kServer);
  mixer.tell_rates(rates, rates);
  mixer.run(3s);
  EXPECT_EQ(limit(), before);
}

TEST(NodeMix, TheMixerIsToldWhatQualitiesAreNeeded) {
  Room room(6);
  Mixer mixer(room.meeting);
  mixer.add_picture();
  room.want_one_stream(1, kTestSizes[0]);
  room.want_one_stream(2, kTestSizes[1]);
  mixer.run(4s);
  EXPECT_EQ(mixer.needed(), 0b011u);
  room.meeting.node.set_one_stream(room.meeting.now, {1}, std::nullopt);
  room.meeting.node.set_one_stream(room.meeting.now, {2}, std::nullopt);
  room.meeting.flush();
  mixer.run(4s);
  EXPECT_EQ(mixer.needed(), 0u);
}

}  // namespace
}  // namespace parley::sfu
