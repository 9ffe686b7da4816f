// What a slot makes of the codecs whose layers are within one stream, and of those without layers.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.h"
#include "sfu/downlink.h"
#include "sfu/subscription.h"
#include "sfu/test_packets.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr Time kNow{1h};
constexpr rtp::PayloadType kType{100};

sdp::Codec codec(std::uint8_t payload_type, std::string name, std::uint32_t clock_rate = 90'000,
                 std::vector<sdp::FormatParameter> parameters = {}) {
  return {.payload_type = payload_type,
          .name = std::move(name),
          .clock_rate = clock_rate,
          .channels = static_cast<std::uint8_t>(clock_rate == 48'000 ? 2 : 1),
          .parameters = std::move(parameters)};
}

struct Scene {
  PacketPool pool;
  Publication publication;
  TestPackets packets{pool, kType};
  Subscription subscription;

  explicit Scene(const std::string& name)
      : publication({.codecs = {codec(100, name)}}, pool),
        subscription({.codecs = {codec(50, name)}, .first_sequence_number = 1}) {
    EXPECT_TRUE(subscription.show(&publication));
  }

  std::optional<Forwarded> send(FrameInfo frame, bool marker = false,
                                std::vector<std::uint8_t> dependency_descriptor = {}) {
    return subscription.forward(
        kNow, packets.packet(kNow, frame, marker, {1, 2}, std::move(dependency_descriptor)));
  }
  // A picture of three spatial layers, two packets each. Returns what goes out of it.
  std::vector<Forwarded> send_picture(bool key, std::uint8_t temporal = 0, bool switch_up = false) {
    std::vector<Forwarded> sent;
    for (std::uint8_t spatial = 0; spatial < 3; ++spatial) {
      for (const bool last : {false, true}) {
        auto forwarded = send({.starts_frame = !last,
                               .ends_frame = last,
                               .key_frame = key,
                               .switch_up = switch_up || key,
                               .spatial = spatial,
                               .temporal = temporal,
                               .ends_layer = last},
                              last && spatial == 2);
        if (forwarded) sent.push_back(*std::move(forwarded));
      }
    }
    packets.next_picture();
    return sent;
  }
};

LayerTarget layers(int spatial, int temporal) {
  return {.spatial = static_cast<std::uint8_t>(spatial),
          .temporal = static_cast<std::uint8_t>(temporal)};
}

TEST(SubscriptionLayers, MarksTheLastPacketOfTheHighestLayerThatGoes) {
  for (int spatial = 0; spatial < 3; ++spatial) {
    SCOPED_TRACE(spatial);
    Scene scene("VP9");
    scene.subscription.set_target(layers(spatial, 0));
    std::uint16_t next = 1;
    for (int picture = 0; picture < 5; ++picture) {
      const auto sent = scene.send_picture(picture == 0);
      ASSERT_EQ(sent.size(), 2u * static_cast<unsigned>(spatial + 1));
      for (const Forwarded& forwarded : sent) {
        EXPECT_EQ(forwarded.marker, &forwarded == &sent.back());
        EXPECT_EQ(forwarded.sequence_number, next++);
        EXPECT_EQ(forwarded.payload_type, rtp::PayloadType{50});
      }
    }
  }
}

TEST(SubscriptionLayers, GoesDownASpatialLayerAtOnceAndUpAtAKeyPicture) {
  Scene scene("VP9");
  scene.subscription.set_target(layers(2, 0));
  EXPECT_EQ(scene.send_picture(true).size(), 6u);
  scene.subscription.set_target(layers(0, 0));
  EXPECT_EQ(scene.subscription.wants_key_frame(), std::nullopt);
  EXPECT_EQ(scene.send_picture(false).size(), 2u);
  scene.subscription.set_target(layers(1, 0));
  EXPECT_EQ(scene.subscription.wants_key_frame(), 0u);
  EXPECT_EQ(scene.send_picture(false).size(), 2u);
  EXPECT_EQ(scene.subscription.current(), layers(0, 0));
  EXPECT_EQ(scene.send_picture(true).size(), 4u);
  EXPECT_EQ(scene.subscription.wants_key_frame(), std::nullopt);
  EXPECT_EQ(scene.subscription.current(), layers(1, 0));
}

TEST(SubscriptionLayers, GoesUpATemporalLayerOfAllSpatialLayersAtOnce) {
  Scene scene("VP9");
  scene.subscription.set_target(layers(2, 0));
  scene.send_picture(true);
  EXPECT_TRUE(scene.send_picture(false, 1, true).empty());
  scene.subscription.set_target(layers(2, 1));
  EXPECT_TRUE(scene.send_picture(false, 1, false).empty());
  EXPECT_EQ(scene.send_picture(false, 1, true).size(), 6u);
}

TEST(SubscriptionLayers, TakesOutWhatIsLostOfLayersThatAreNotWanted) {
  Scene scene("VP9");
  scene.subscription.set_target(layers(0, 0));
  scene.send_picture(true);
  const FrameInfo low{.starts_frame = true, .ends_frame = true, .ends_layer = true};
  FrameInfo high = low;
  high.spatial = 1;
  EXPECT_EQ(scene.send(low)->sequence_number, 3);
  EXPECT_FALSE(scene.send(high));
  scene.packets.next_seq += 2;  // Lost, between two packets that nobody wants.
  EXPECT_FALSE(scene.send(high, true));
  scene.packets.next_picture();
  EXPECT_EQ(scene.send(low)->sequence_number, 4);
  scene.packets.next_seq += 2;  // This may be of the layer that is wanted.
  scene.packets.next_picture();
  EXPECT_EQ(scene.send(low)->sequence_number, 7);
}

TEST(SubscriptionLayers, LetsPaddingOut) {
  Scene scene("VP8");
  scene.subscription.set_target(layers(0, 0));
  const FrameInfo frame{.starts_frame = true, .ends_frame = true, .key_frame = true};
  EXPECT_EQ(scene.send(frame, true)->sequence_number, 1);
  EXPECT_FALSE(
      scene.subscription.forward(kNow, scene.packets.packet(kNow, FrameInfo{}, false, {})));
  scene.packets.next_picture();
  EXPECT_EQ(scene.send(frame, true)->sequence_number, 2);
}

TEST(SubscriptionLayers, LeavesTheIdsOfOtherCodecsAlone) {
  Scene scene("VP9");
  scene.subscription.set_target(layers(0, 0));
  FrameInfo frame{.starts_frame = true, .key_frame = true, .picture_id = 17};
  scene.send(frame, true);
  scene.subscription.set_target(std::nullopt);
  scene.subscription.set_target(layers(0, 0));
  scene.packets.next_picture();
  frame.picture_id = 99;
  const auto sent = scene.send(frame, true);
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->picture_id, std::nullopt);
}

TEST(SubscriptionLayers, CountsTheFramesOfDependencyDescriptorsOn) {
  Scene scene("AV1");
  scene.subscription.set_target(layers(0, 0));
  const FrameInfo key{.starts_frame = true, .ends_frame = true, .key_frame = true};
  const FrameInfo delta{.starts_frame = true, .ends_frame = true};
  EXPECT_EQ(scene.send(key, true, {0xC0, 0xFF, 0xFE, 0x80})->frame_number, std::nullopt);
  scene.packets.next_picture();
  EXPECT_EQ(scene.send(delta, true, {0xC0, 0xFF, 0xFF})->frame_number, std::nullopt);

  Publication other({.codecs = {codec(100, "AV1")}}, scene.pool);
  scene.subscription.show(&other);
  EXPECT_EQ(scene.send(key, true, {0xC0, 0x12, 0x34, 0x80})->frame_number, 0);
  scene.packets.next_picture();
  // Frames refer to each other by distance, so what is dropped leaves a gap.
  EXPECT_FALSE(scene.send({.starts_frame = true, .temporal = 1}, true, {0xC1, 0x12, 0x35}));
  scene.packets.next_picture();
  EXPECT_EQ(scene.send(delta, true, {0xC0, 0x12, 0x36})->frame_number, 2);
}

TEST(SubscriptionLayers, CarriesAStreamWithoutLayers) {
  Scene scene("H264");
  scene.subscription.set_target(layers(0, 0));
  EXPECT_FALSE(scene.send({.starts_frame = true}, true));
  scene.packets.next_picture();
  const auto parameters = scene.send({.starts_frame = true, .key_frame = true});
  const auto slice = scene.send({.ends_frame = true, .key_frame = true, .ends_layer = true}, true);
  EXPECT_TRUE(parameters->starts_stream);
  EXPECT_FALSE(parameters->marker);
  EXPECT_TRUE(slice->marker);
  EXPECT_EQ(slice->timestamp, parameters->timestamp);
  scene.packets.next_picture();
  EXPECT_EQ(scene.send({.starts_frame = true, .ends_frame = true}, true)->sequence_number, 3);
}

TEST(SubscriptionLayers, BeginsAnewWhereMoreIsMissingThanCanBeRepaired) {
  Scene scene("VP8");
  scene.subscription.set_target(layers(0, 0));
  const FrameInfo key{.starts_frame = true, .key_frame = true};
  scene.send(key, true);
  scene.packets.next_seq += 20'000;
  scene.packets.next_picture();
  EXPECT_FALSE(scene.send({.starts_frame = true}, true));
  EXPECT_EQ(scene.subscription.wants_key_frame(), 0u);
  scene.packets.next_picture();
  EXPECT_EQ(scene.send(key, true)->sequence_number, 2);
}

TEST(SubscriptionLayers, StaysInRealTimeWhereThePublishersClockJumps) {
  Scene scene("VP8");
  scene.subscription.set_target(layers(0, 0));
  const FrameInfo key{.starts_frame = true, .key_frame = true};
  const std::uint32_t first = scene.send(key, true)->timestamp;
  scene.packets.timestamp += 1'000'000'000;
  const auto next = scene.send({.starts_frame = true}, true);
  EXPECT_LE(next->timestamp - first, 90u);
  EXPECT_GT(next->timestamp, first);
  scene.packets.next_picture();
  EXPECT_NEAR(scene.send({.starts_frame = true}, true)->timestamp, first + 3'000, 90);
}

TEST(SubscriptionLayers, BeginsAnewWhereThePublishersClockGoesBack) {
  Scene scene("VP8");
  scene.subscription.set_target(layers(0, 0));
  const FrameInfo key{.starts_frame = true, .key_frame = true, .picture_id = 100};
  const std::uint32_t first = scene.send(key, true)->timestamp;
  scene.packets.timestamp -= 1'000'000'000;
  EXPECT_FALSE(scene.send({.starts_frame = true, .picture_id = 101}, true));
  EXPECT_EQ(scene.subscription.wants_key_frame(), 0u);
  const auto next = scene.send(key, true);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->sequence_number, 2);
  EXPECT_EQ(next->timestamp, first + 90);
  EXPECT_EQ(next->picture_id, 101);
}

TEST(SubscriptionLayers, KeepsPicturesThatAreSentOutOfTheirOrder) {
  Scene scene("H264");
  scene.subscription.set_target(layers(0, 0));
  const std::uint32_t first =
      scene.send({.starts_frame = true, .key_frame = true}, true)->timestamp;
  scene.packets.timestamp += 9'000;
  EXPECT_EQ(scene.send({.starts_frame = true}, true)->timestamp, first + 9'000);
  scene.packets.timestamp -= 6'000;
  EXPECT_EQ(scene.send({.starts_frame = true}, true)->timestamp, first + 3'000);
  scene.packets.timestamp += 9'000;
  EXPECT_EQ(scene.send({.starts_frame = true}, true)->timestamp, first + 12'000);
}

TEST(SubscriptionLayers, NeedsAKeyFrameForAnotherCodec) {
  PacketPool pool;
  const std::vector<sdp::Codec> codecs = {codec(100, "VP8"), codec(101, "H264")};
  Publication publication({.codecs = codecs}, pool);
  Subscription subscription({.codecs = codecs, .first_sequence_number = 1});
  subscription.show(&publication);
  subscription.set_target(layers(0, 0));
  TestPackets first(pool, rtp::PayloadType{100});
  TestPackets second(pool, rtp::PayloadType{101});
  const FrameInfo key{.starts_frame = true, .key_frame = true};
  EXPECT_TRUE(subscription.forward(kNow, first.packet(kNow, key, true)));
  second.next_seq = first.next_seq;
  second.timestamp += 3'000;
  EXPECT_FALSE(subscription.forward(kNow, second.packet(kNow, {.starts_frame = true}, true)));
  EXPECT_EQ(subscription.wants_key_frame(), 0u);
  second.next_picture();
  const auto sent = subscription.forward(kNow, second.packet(kNow, key, true));
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->payload_type, rtp::PayloadType{101});
  EXPECT_EQ(sent->sequence_number, 2);
}

TEST(SubscriptionLayers, ShowsNothingOfThePastOfWhatItShows) {
  Scene scene("VP8");
  const FrameInfo key{.starts_frame = true, .key_frame = true};
  const PacketRef old = scene.packets.packet(kNow, key, true);
  scene.packets.next_picture();
  const PacketRef first = scene.packets.packet(kNow + 33ms, key, true);
  scene.subscription.set_target(layers(0, 0));
  EXPECT_TRUE(scene.subscription.forward(kNow + 33ms, first));
  scene.subscription.set_target(std::nullopt);
  scene.subscription.set_target(layers(0, 0));
  scene.packets.next_picture();
  const PacketRef kept = scene.packets.packet(kNow + 66ms, key, true);
  EXPECT_FALSE(scene.subscription.forward(kNow + 1s, old));
  EXPECT_FALSE(scene.subscription.forward(kNow + 1s, kept)) << "A history begins with it.";

  Publication other({.codecs = {codec(100, "VP8")}}, scene.pool);
  scene.subscription.show(&other);
  EXPECT_TRUE(scene.subscription.forward(kNow + 1s, kept)) << "Of another one any is welcome.";
}

TEST(SubscriptionLayers, SetsAVoiceDirectlyBehindOneThatWasFarAhead) {
  PacketPool pool;
  const std::vector<sdp::Codec> codecs = {codec(100, "opus", 48'000)};
  Publication first({.source = Source::kMicrophone, .codecs = codecs}, pool);
  Publication second({.source = Source::kMicrophone, .codecs = codecs}, pool);
  Subscription subscription({.codecs = codecs});
  TestPackets packets(pool, kType);
  subscription.show(&first);
  subscription.forward(kNow, packets.packet(kNow, {}, false));
  packets.timestamp += 48'000;  // A second, and nothing of it has passed.
  EXPECT_EQ(subscription.forward(kNow, packets.packet(kNow, {}, false))->timestamp, 48'000u);
  subscription.show(&second);
  const auto next = subscription.forward(kNow + 1ms, packets.packet(kNow + 1ms, {}, false));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->timestamp, 48'960u);
}

// --- Sound in RED (RFC 2198) ---

const std::vector<std::uint8_t> kRed = {0x80 | 111, 0x0F, 0x00, 3,   111, 'o',
                                        'l',        'd',  'n',  'e', 'w'};

struct SoundScene {
  PacketPool pool;
  Publication publication{
      {.source = Source::kMicrophone,
       .codecs = {codec(111, "opus", 48'000), codec(63, "red", 48'000, {{"111/111", ""}})}},
      pool};
  TestPackets packets{pool, rtp::PayloadType{63}};

  std::optional<Forwarded> forward(std::vector<sdp::Codec> receiver,
                                   const std::vector<std::uint8_t>& payload) {
    Subscription subscription({.codecs = std::move(receiver)});
    subscription.set_redundant(true);
    if (!subscription.show(&publication)) return std::nullopt;
    return subscription.forward(kNow, packets.packet(kNow, {}, false, payload));
  }
};

std::string text(Bytes bytes) {
  return {bytes.begin(), bytes.end()};
}

TEST(SubscriptionLayers, PassesRedToWhoTakesIt) {
  SoundScene scene;
  const auto sent = scene.forward(
      {codec(111, "opus", 48'000), codec(121, "red", 48'000, {{"111/111", ""}})}, kRed);
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->payload_type, rtp::PayloadType{121});
  EXPECT_EQ(sent->payload.size(), kRed.size());
}

TEST(SubscriptionLayers, PassesRedWhileItIsOfUse) {
  SoundScene scene;
  Subscription subscription(
      {.codecs = {codec(111, "opus", 48'000), codec(121, "red", 48'000, {{"111/111", ""}})}});
  ASSERT_TRUE(subscription.show(&scene.publication));
  std::uint16_t number = 0xFFFF;
  for (const bool redundant : {false, true, false}) {
    subscription.set_redundant(redundant);
    scene.packets.timestamp += 960;
    const auto sent = subscription.forward(kNow, scene.packets.packet(kNow, {}, false, kRed));
    ASSERT_TRUE(sent);
    EXPECT_EQ(std::to_underlying(sent->payload_type), redundant ? 121 : 111);
    EXPECT_EQ(sent->payload.size(), redundant ? kRed.size() : 3);
    EXPECT_EQ(sent->sequence_number, ++number);
  }
}

TEST(SubscriptionLayers, RedIsOfUseToWhoLosesPackets) {
  SoundScene scene;
  Downlink::Config config;
  config.slots.push_back({.stream = {.ssrc = rtp::Ssrc{5},
                                     .codecs = {codec(111, "opus", 48'000),
                                                codec(63, "red", 48'000, {{"111/111", ""}})}}});
  SeededRandom random(1);
  Downlink downlink(std::move(config), random);
  downlink.start(kNow);
  ASSERT_TRUE(downlink.slot(0).show(&scene.publication));
  rtp::rtcp::ReportBlock block{.ssrc = rtp::Ssrc{5}, .highest_sequence = 1'000};
  Time now = kNow;
  const auto sends_red_after = [&](std::int32_t lost_of_a_hundred) {
    block.highest_sequence += 100;
    block.cumulative_lost += lost_of_a_hundred;
    now += 1s;
    scene.packets.timestamp += 48'000;
    downlink.handle_rtcp(now, rtp::rtcp::ReceiverReport{.blocks = {block}});
    const auto sent = downlink.slot(0).forward(now, scene.packets.packet(now, {}, false, kRed));
    return sent && sent->payload_type == rtp::PayloadType{63};
  };
  EXPECT_FALSE(sends_red_after(0));
  EXPECT_FALSE(sends_red_after(5));  // Once may be chance.
  EXPECT_TRUE(sends_red_after(5));
  EXPECT_TRUE(sends_red_after(1));
  int after = 0;
  while (sends_red_after(0)) ASSERT_LT(++after, 20);
  EXPECT_GT(after, 2);
}

TEST(SubscriptionLayers, TakesThePrimarySoundOutOfRedForWhoDoesNot) {
  SoundScene scene;
  const auto sent = scene.forward({codec(96, "opus", 48'000)}, kRed);
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->payload_type, rtp::PayloadType{96});
  EXPECT_EQ(text(sent->payload), "new");
  // What it takes within RED has another number there.
  const auto other =
      scene.forward({codec(96, "opus", 48'000), codec(121, "red", 48'000, {{"96/96", ""}})}, kRed);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->payload_type, rtp::PayloadType{96});
}

TEST(SubscriptionLayers, DropsRedThatEndsTooSoon) {
  SoundScene scene;
  for (std::size_t size = 1; size <= 8; ++size) {
    const std::vector<std::uint8_t> cut(kRed.begin(), kRed.begin() + static_cast<int>(size));
    EXPECT_FALSE(scene.forward({codec(96, "opus", 48'000)}, cut)) << size;
  }
}

}  // namespace
}  // namespace parley::sfu
