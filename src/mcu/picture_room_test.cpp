#include "mcu/picture_room.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "codec/format.h"
#include "codec/frame_builder.h"
#include "codec/vp8.h"
#include "mcu/test_order.h"
#include "rtp/packet_writer.h"

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;
using sfu::NodeId;
using sfu::ParticipantId;
using sfu::RelayMessage;
namespace relay = sfu::relay;

constexpr sfu::RoomId kRoom{5};
constexpr NodeId kHere{1}, kThere{2}, kSound{9};
constexpr ParticipantId kAda{11}, kBob{12};
constexpr std::uint8_t kVp8 = 100;

// The nodes of a room, as far as its mixer sees them.
struct Room {
  Room() { mixer.link(kHere); }

  void publish(ParticipantId who, NodeId from, sfu::Source source = sfu::Source::kCamera) {
    relay::Track track{.source = source,
                       .codecs = {{.payload_type = kVp8, .name = "VP8", .clock_rate = 90'000}}};
    track.encodings.resize(3);
    tell(from, who, track);
  }
  // Whatever they publish is on.
  void describe(ParticipantId who) {
    mixer.describe(now, who, {.name = "Ada", .camera = true, .screen = true});
  }
  void tell(NodeId from, ParticipantId who, RoomLinks::What what, Bytes packet = {}) {
    RelayMessage message{.room = kRoom, .publisher = who, .what = std::move(what)};
    mixer.handle_relayed(now, from, message, packet);
  }
  void send(NodeId from, ParticipantId who, std::uint8_t encoding, Bytes payload = {},
            std::uint8_t type = kVp8) {
    rtp::PacketWriter writer({.marker = true,
                              .payload_type = rtp::PayloadType{type},
                              .sequence_number = ++numbers[encoding],
                              .timestamp = timestamp += 3'000,
                              .ssrc = rtp::Ssrc{700u + encoding}});
    writer.set_payload(payload);
    const auto bytes = writer.take();
    tell(from, who, relay::Packet{.source = sfu::Source::kCamera, .encoding = encoding}, bytes);
  }
  void run(Duration time) {
    for (const Time end = now + time; now < end; now += 1ms) {
      if (mixer.next_deadline() <= now) mixer.handle_timeout(now);
    }
  }
  void collect() {
    while (auto batch = outbox.take()) {
      Bytes bytes = batch->batch.bytes;
      for (RelayMessage& message : batch->batch.messages) {
        if (const auto* const packet = std::get_if<relay::Packet>(&message.what)) {
          const auto view = rtp::PacketView::parse(bytes.first(packet->size)).value();
          ssrcs[packet->encoding] = view.ssrc();
          bytes = bytes.subspan(packet->size);
          if (message.publisher == spare_picture_id(kRoom)) {
            spare_keys += codec::starts_key_frame(codec::Format::kH264, view.payload());
          } else {
            const auto descriptor = codec::Vp8Descriptor::parse(view.payload()).value();
            layers[packet->encoding].insert(descriptor.temporal.value().layer);
            keys[packet->encoding] += codec::starts_key_frame(codec::Format::kVp8, view.payload());
          }
        }
        messages[batch->node].push_back(std::move(message));
      }
    }
  }
  template <class What>
  std::vector<std::pair<ParticipantId, What>> told(NodeId node) {
    collect();
    std::vector<std::pair<ParticipantId, What>> all;
    for (const RelayMessage& message : messages[node]) {
      if (const auto* const what = std::get_if<What>(&message.what)) {
        all.emplace_back(message.publisher, *what);
      }
    }
    return all;
  }
  // What is needed of Ada, by what that node was told last.
  std::optional<sfu::EncodingSet> needed(sfu::Source source) {
    std::optional<sfu::EncodingSet> last;
    for (const auto& [who, needs] : told<relay::Needs>(kHere)) {
      if (who == kAda && needs.source == source) last = needs.encodings;
    }
    return last;
  }
  // Which encodings that node was sent, since the last call.
  std::set<int> sent(NodeId node) {
    std::set<int> encodings;
    for (const auto& [who, packet] : told<relay::Packet>(node)) {
      EXPECT_EQ(who, picture_id(kRoom));
      encodings.insert(packet.encoding);
    }
    messages.clear();
    return encodings;
  }

  SeededRandom random{1};
  sfu::RelayOutbox outbox;
  Codecs codecs;
  Fonts fonts;
  PictureRoom mixer{
      kRoom, {}, {.outbox = outbox, .codecs = codecs, .fonts = fonts, .random = random}};
  std::map<NodeId, std::vector<RelayMessage>> messages;
  std::map<std::uint8_t, rtp::Ssrc> ssrcs;       // Of what it sends, by encoding.
  std::map<std::uint8_t, int> keys;              // Key frames of it, in VP8.
  int spare_keys = 0;                            // In H.264.
  std::map<std::uint8_t, std::set<int>> layers;  // Temporal ones.
  std::map<std::uint8_t, std::uint16_t> numbers;
  std::uint32_t timestamp = 0;
  Time now{1h};
};

TEST(PictureRoom, PublishesOnePictureInThreeEncodings) {
  Room room;
  EXPECT_TRUE(room.told<relay::Listening>(kHere).at(0).second.listening);
  const auto tracks = room.told<relay::Track>(kHere);
  ASSERT_EQ(tracks.size(), 1u);
  EXPECT_EQ(tracks[0].first, picture_id(kRoom));
  EXPECT_EQ(tracks[0].second.encodings.size(), 3u);
  EXPECT_EQ(tracks[0].second.mix, sfu::Mix{});
  room.describe(kAda);
  room.run(200ms);
  EXPECT_EQ(room.sent(kHere), (std::set{0, 1, 2})) << "nobody has said what they need";
}

// Her camera keeps it waiting, but not for ever.
TEST(PictureRoom, WaitsForPicturesBeforeItShowsCards) {
  Room room;
  room.publish(kAda, kHere);
  room.describe(kAda);
  room.describe(kBob);
  room.run(1s);
  EXPECT_EQ(room.sent(kHere), std::set<int>{});
  room.run(1s);
  EXPECT_EQ(room.sent(kHere), (std::set{0, 1, 2}));
  room.collect();
  EXPECT_EQ(room.keys[0], 1) << "it begins with a key frame";
}

TEST(PictureRoom, SendsEachNodeWhatItNeedsAndEncodesNothingElse) {
  Room room;
  room.mixer.link(kThere);
  room.describe(kAda);
  room.tell(kHere, picture_id(kRoom), relay::Needs{sfu::Source::kCamera, 0b001});
  room.tell(kThere, picture_id(kRoom), relay::Needs{sfu::Source::kCamera, 0b010});
  room.run(200ms);
  EXPECT_EQ(room.sent(kHere), std::set{0});
  room.run(200ms);
  EXPECT_EQ(room.sent(kThere), std::set{1});
  room.tell(kHere, picture_id(kRoom), relay::Needs{sfu::Source::kCamera, 0});
  room.tell(kThere, picture_id(kRoom), relay::Needs{sfu::Source::kCamera, 0});
  const auto encoded = room.mixer.counters().video.encoded;
  room.run(200ms);
  EXPECT_EQ(room.mixer.counters().video.encoded, encoded);
}

// Every second frame is needed by no other, so a node may leave it out for whose link is narrow.
TEST(PictureRoom, TellsTheTemporalLayersOfEachEncoding) {
  Room room;
  room.describe(kAda);
  room.run(300ms);
  room.collect();
  ASSERT_EQ(room.layers.size(), 3u);
  for (const auto& [encoding, layers] : room.layers) EXPECT_EQ(layers, (std::set{0, 1}));
}

TEST(PictureRoom, GivesAKeyFrameToWhoAsks) {
  Room room;
  room.describe(kAda);
  room.run(500ms);
  room.collect();
  EXPECT_EQ(room.keys, (std::map<std::uint8_t, int>{{0, 1}, {1, 1}, {2, 1}})) << "to begin with";
  room.run(600ms);  // No more than one a second.
  const auto ask = [&](rtp::Ssrc ssrc) {
    room.tell(kHere, picture_id(kRoom),
              relay::Asked{sfu::Source::kCamera, {.ssrc = ssrc, .key_frame = true}});
    room.run(100ms);
    room.collect();
  };
  ask(room.ssrcs[1]);
  EXPECT_EQ(room.keys, (std::map<std::uint8_t, int>{{0, 1}, {1, 2}, {2, 1}}));
  ask(rtp::Ssrc{1});
  EXPECT_EQ(room.keys, (std::map<std::uint8_t, int>{{0, 1}, {1, 2}, {2, 1}}));
}

TEST(PictureRoom, AsksForWhatFitsItsPlaceOnceTheyAreDescribed) {
  Room room;
  room.publish(kAda, kHere);
  EXPECT_EQ(room.told<relay::Needs>(kHere).back().second.encodings, 0u);
  room.describe(kAda);
  room.run(50ms);
  const auto needs = room.told<relay::Needs>(kHere);
  EXPECT_EQ(needs.back().first, kAda);
  EXPECT_EQ(needs.back().second.encodings, 0b101u) << "alone she fills the picture";
  for (std::uint64_t id = 20; id < 28; ++id) {
    room.publish({id}, kHere);
    room.describe({id});
  }
  room.run(1s);
  EXPECT_EQ(room.told<relay::Needs>(kHere).back().second.encodings, 0b011u) << "one of nine";
}

TEST(PictureRoom, AsksForNoSound) {
  Room room;
  room.publish(kAda, kHere, sfu::Source::kMicrophone);
  room.describe(kAda);
  room.run(50ms);
  const auto needs = room.told<relay::Needs>(kHere);
  ASSERT_EQ(needs.size(), 1u);
  EXPECT_EQ(needs[0].second.source, sfu::Source::kMicrophone);
  EXPECT_EQ(needs[0].second.encodings, 0u);
}

TEST(PictureRoom, OfACameraThatIsOffNothingIsAskedFor) {
  Room room;
  room.publish(kAda, kHere);
  room.describe(kAda);
  room.run(50ms);
  EXPECT_NE(room.told<relay::Needs>(kHere).back().second.encodings, 0u);
  room.mixer.describe(room.now, kAda, {.name = "Ada", .camera = false});
  room.run(50ms);
  EXPECT_EQ(room.told<relay::Needs>(kHere).back().second.encodings, 0u);
  EXPECT_EQ(room.mixer.cells().size(), 1u) << "her card";
  room.mixer.describe(room.now, kAda, {.name = "Ada", .camera = true});
  room.run(50ms);
  EXPECT_NE(room.told<relay::Needs>(kHere).back().second.encodings, 0u);
}

TEST(PictureRoom, AScreenThatIsSharedNoMoreIsGoneAtOnce) {
  Room room;
  room.publish(kAda, kHere);
  room.publish(kAda, kHere, sfu::Source::kScreen);
  room.describe(kAda);
  room.run(50ms);
  EXPECT_EQ(room.mixer.cells().size(), 2u);
  EXPECT_NE(room.needed(sfu::Source::kScreen), 0u);
  room.mixer.describe(room.now, kAda, {.name = "Ada", .camera = true});
  room.run(1s);  // The picture has moved.
  EXPECT_EQ(room.mixer.cells().size(), 1u) << "her camera alone, though no track has ended";
  EXPECT_EQ(room.needed(sfu::Source::kScreen), 0u);
  room.describe(kAda);
  room.run(50ms);
  EXPECT_EQ(room.mixer.cells().size(), 2u);
  EXPECT_NE(room.needed(sfu::Source::kScreen), 0u);
}

TEST(PictureRoom, GoesByTheOrderOfSizesThatItsNodeTells) {
  Room room;
  for (const ParticipantId who : {kAda, kBob}) {
    room.publish(who, kHere);
    room.describe(who);
  }
  room.run(50ms);
  EXPECT_EQ(room.needed(sfu::Source::kCamera), 0b011u) << "for half of the picture";
  const sfu::EncodingOrder order = largest_first();
  room.tell(kHere, kAda, relay::Order{.source = sfu::Source::kCamera, .order = order});
  EXPECT_EQ(room.needed(sfu::Source::kCamera), 0b110u);
  relay::Track screen{.source = sfu::Source::kScreen, .order = order};
  screen.encodings.resize(3);
  room.tell(kHere, kAda, screen);
  room.run(50ms);
  EXPECT_EQ(room.needed(sfu::Source::kScreen), 0b001u) << "the largest";
}

TEST(PictureRoom, APublicationThatBeginsAnewIsAskedForAnew) {
  Room room;
  room.publish(kAda, kHere);
  room.describe(kAda);
  room.run(50ms);
  room.publish(kAda, kHere);
  room.run(50ms);
  EXPECT_NE(room.told<relay::Needs>(kHere).back().second.encodings, 0u);
}

TEST(PictureRoom, AsksForAKeyFrameOfWhatComesAndCannotBeShown) {
  Room room;
  room.publish(kAda, kHere);
  room.describe(kAda);
  const std::uint8_t junk[] = {0x10, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A};
  for (int n = 0; n < 50; ++n) {
    room.send(kHere, kAda, 2, junk);
    room.run(33ms);
  }
  const auto asked = room.told<relay::Asked>(kHere);
  ASSERT_FALSE(asked.empty());
  EXPECT_EQ(asked[0].first, kAda);
  EXPECT_EQ(asked[0].second.feedback.ssrc, rtp::Ssrc{702});
  EXPECT_TRUE(asked[0].second.feedback.key_frame);
  EXPECT_LT(asked.size(), 10u) << "not with each packet";
}

TEST(PictureRoom, CountsWhatItCannotRead) {
  Room room;
  room.publish(kAda, kHere);
  room.describe(kAda);
  room.tell(kHere, kAda, relay::Packet{.source = sfu::Source::kCamera}, as_bytes("no RTP"));
  room.send(kHere, kAda, 0, {}, 35);
  room.send(kHere, kAda, 7);
  room.send(kHere, kBob, 0);
  EXPECT_EQ(room.mixer.counters().packets, 4u);
  EXPECT_EQ(room.mixer.counters().unreadable, 3u);
  EXPECT_EQ(room.mixer.counters().of_nobody, 1u);
  // Sound is not for it.
  room.tell(kHere, kAda, relay::Packet{.source = sfu::Source::kMicrophone}, as_bytes("sound"));
  // Nor is what came before it needed anything.
  room.tell(kHere, kAda, relay::Packet{.source = sfu::Source::kCamera, .arrived = room.now - 100ms},
            as_bytes("old"));
  EXPECT_EQ(room.mixer.counters().packets, 4u);
}

TEST(PictureRoom, WhoLeavesIsDrawnNoMore) {
  Room room;
  for (const ParticipantId who : {kAda, kBob}) {
    room.publish(who, kHere);
    room.describe(who);
  }
  room.run(100ms);
  EXPECT_EQ(room.mixer.cells().size(), 2u);
  room.tell(kHere, kBob, relay::Gone{});  // A connection that broke: they are still there.
  room.run(100ms);
  EXPECT_EQ(room.mixer.cells().size(), 2u);
  room.mixer.forget(room.now, kBob);
  room.run(100ms);
  EXPECT_EQ(room.mixer.cells().size(), 1u);
}

TEST(PictureRoom, WhoSharesAScreenHasItLarge) {
  Room room;
  for (const ParticipantId who : {kAda, kBob}) {
    room.publish(who, kHere);
    room.describe(who);
  }
  room.publish(kBob, kHere, sfu::Source::kScreen);
  room.run(1s);
  const auto cells = room.mixer.cells();
  ASSERT_EQ(cells.size(), 3u);
  const auto largest = std::ranges::max_element(
      cells, {}, [](const Cell& cell) { return cell.rect.width * cell.rect.height; });
  EXPECT_EQ(largest->shows, (InputId{.person = {kBob.value}, .source = Source::kScreen}));
}

TEST(PictureRoom, IsDrawnAsALectureWhileSomebodyLectures) {
  Room room;
  room.publish(kAda, kHere, sfu::Source::kScreen);
  room.describe(kBob);
  room.mixer.describe(room.now, kAda, {.name = "Ada", .screen = true});
  room.run(200ms);
  const auto meets = room.mixer.cells();
  ASSERT_EQ(meets.size(), 3u);
  EXPECT_GT(meets[1].rect.y, meets[0].rect.height) << "the others in a strip below the screen";

  room.mixer.describe(room.now, kBob, {.name = "Bob", .lectures = true});
  room.run(200ms);
  const auto lecture = room.mixer.cells();
  ASSERT_EQ(lecture.size(), 3u);
  EXPECT_EQ(lecture[0].shows, (InputId{{kAda.value}, Source::kScreen}));
  EXPECT_EQ(lecture[0].rect.height, 720) << "slides, and the others beside them";
  EXPECT_EQ(lecture[1].shows.person, PersonId{kBob.value}) << "who lectures first";
  EXPECT_GT(lecture[1].rect.x, lecture[0].rect.width);

  room.mixer.forget(room.now, kBob);
  room.describe(kBob);
  room.run(200ms);
  EXPECT_EQ(room.mixer.cells()[0].rect, meets[0].rect);
}

TEST(PictureRoom, IsThereInH264ForWhoNeedsItAndElseNotEncoded) {
  Room room;
  room.describe(kAda);
  EXPECT_EQ(room.told<relay::Track>(kHere).size(), 1u) << "the other one comes first";
  room.run(1s);
  const auto tracks = room.told<relay::Track>(kHere);
  ASSERT_EQ(tracks.size(), 2u);
  EXPECT_EQ(tracks[1].first, spare_picture_id(kRoom));
  EXPECT_EQ(tracks[1].second.mix, sfu::Mix{.spare = true});
  EXPECT_EQ(tracks[1].second.codecs.at(0).name, "H264");
  EXPECT_EQ(room.spare_keys, 0);
  room.tell(kHere, picture_id(kRoom), relay::Needs{sfu::Source::kCamera, 0});
  room.tell(kHere, spare_picture_id(kRoom), relay::Needs{sfu::Source::kCamera, 0b100});
  const auto encoded = room.mixer.counters().video.encoded;
  room.run(1s);
  EXPECT_NEAR(static_cast<double>(room.mixer.counters().video.encoded - encoded), 30, 1);
  room.collect();
  EXPECT_EQ(room.spare_keys, 1);
  room.run(100ms);  // No more than one a second.
  room.tell(kHere, spare_picture_id(kRoom),
            relay::Asked{sfu::Source::kCamera, {.ssrc = room.ssrcs[2], .key_frame = true}});
  room.run(100ms);
  room.collect();
  EXPECT_EQ(room.spare_keys, 2);
}

TEST(PictureRoom, CostsWhatThoseWhoWatchItCarry) {
  Room room;
  room.describe(kAda);
  room.run(200ms);
  const auto before = room.told<relay::Rates>(kHere);
  ASSERT_EQ(before.size(), 2u) << "in either format";
  EXPECT_EQ(before[0].second.now, before[0].second.most);
  sfu::ViewerBudgets viewers;
  viewers.add(2, DataRate::kbps(1'100));
  for (int second = 0; second < 5; ++second) {
    room.tell(kHere, picture_id(kRoom), relay::Budgets{sfu::Source::kCamera, viewers});
    room.tell(kThere, picture_id(kRoom), relay::Budgets{});  // Of nobody.
    room.run(1s);
  }
  const auto after = room.told<relay::Rates>(kHere);
  ASSERT_EQ(after.size(), 3u);
  EXPECT_EQ(after[2].first, picture_id(kRoom));
  EXPECT_LT(after[2].second.now[2], DataRate::kbps(1'000));
  EXPECT_EQ(after[2].second.most, before[0].second.most);
  const auto all = room.told<relay::Rates>(kThere);
  EXPECT_EQ(all.back().second.now, after[2].second.now) << "each node is told";
}

TEST(PictureRoom, SaysWhileThereIsNoTimeForAllOfIt) {
  Room room;
  room.describe(kAda);
  room.run(200ms);
  const auto told = [&] {
    std::vector<bool> reduced;
    for (const auto& [who, rates] : room.told<relay::Rates>(kHere)) {
      if (who == picture_id(kRoom)) reduced.push_back(rates.reduced);
    }
    return reduced;
  };
  const auto take = [&](Duration each, int pictures) {
    for (int i = 0; i < pictures; ++i) {
      room.run(33ms);
      room.mixer.handle_load(room.now, each);
    }
  };
  take(60ms, 60);
  EXPECT_EQ(told(), (std::vector{false, true}));
  take(1ms, 3'000);
  EXPECT_EQ(told(), (std::vector{false, true, false})) << "and once it is whole again";
}

TEST(PictureRoom, TakesItsPictureAlongWhenItLeaves) {
  Room room;
  room.mixer.leave();
  EXPECT_EQ(room.told<relay::Gone>(kHere).at(0).first, picture_id(kRoom));
  EXPECT_FALSE(room.told<relay::Listening>(kHere).back().second.listening);
}

TEST(PictureRoom, AMixerOfSoundIsNoNodeOfTheRoom) {
  Room room;
  room.publish(kAda, kHere);
  room.describe(kAda);
  room.tell(kSound, kAda, relay::Heard{.speaks = true});
  room.tell(kSound, kBob, relay::Heard{.speaks = true});
  room.run(100ms);
  EXPECT_TRUE(room.told<relay::Track>(kSound).empty());
  EXPECT_EQ(room.sent(kSound), std::set<int>{});
}

}  // namespace
}  // namespace parley::mcu
