#include "sfu/subscription.h"

#include <gtest/gtest.h>

#include <vector>

#include "sfu/test_publisher.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr LayerTarget kSmall{.encoding = 0, .temporal = 2};
constexpr LayerTarget kMedium{.encoding = 1, .temporal = 2};
constexpr LayerTarget kLarge{.encoding = 2, .temporal = 2};

Publication::Config camera() {
  return {.source = Source::kCamera,
          .encodings = {{.rid = "q"}, {.rid = "h"}, {.rid = "f"}},
          .codecs = test_video_codecs(),
          .extensions = test_extensions()};
}

Publication::Config microphone() {
  return {.source = Source::kMicrophone,
          .codecs = test_audio_codecs(),
          .extensions = test_extensions()};
}

Subscription::Config video_slot() {
  return {.ssrc = rtp::Ssrc{7},
          .codecs = test_video_codecs(),
          .first_sequence_number = 65'534,
          .first_timestamp = 0xFFFF'FF00};
}

Subscription::Config audio_slot() {
  return {.ssrc = rtp::Ssrc{8},
          .codecs = test_audio_codecs(),
          .first_sequence_number = 10,
          .first_timestamp = 1'000};
}

// One who publishes simulcast VP8 by three encodings, and a slot that shows it.
struct Scene {
  PacketPool pool;
  Publication publication{camera(), pool};
  std::vector<TestStream> streams{3};
  Subscription subscription{video_slot()};
  Time now = kStart;

  Scene() {
    for (std::size_t i = 0; i < streams.size(); ++i) {
      streams[i].ssrc = rtp::Ssrc{static_cast<std::uint32_t>(100 + i)};
      streams[i].picture_id = static_cast<std::uint16_t>(0x7FF0 + 100 * i);
      streams[i].tl0_picture_index = static_cast<std::uint8_t>(250 + 10 * i);
      streams[i].timestamp += static_cast<std::uint32_t>(1'000'000 * i);
    }
    subscription.show(&publication);
    subscription.set_target(kLarge);
  }

  PacketRef arrive(std::size_t encoding, const std::vector<std::uint8_t>& datagram,
                   bool repaired = false) {
    const auto view = rtp::PacketView::parse(datagram);
    return publication.handle_packet(now, *view, encoding, repaired);
  }
  std::optional<Forwarded> forward(std::size_t encoding, const std::vector<std::uint8_t>& datagram,
                                   bool repaired = false) {
    const PacketRef packet = arrive(encoding, datagram, repaired);
    return packet ? subscription.forward(now, packet) : std::nullopt;
  }
  // What the slot gets of a frame.
  std::vector<Forwarded> send(std::size_t encoding, const TestStream::Frame& frame) {
    std::vector<Forwarded> all;
    for (const auto& datagram : streams[encoding].frame(frame)) {
      if (auto forwarded = forward(encoding, datagram)) all.push_back(*std::move(forwarded));
    }
    return all;
  }
  std::optional<Forwarded> send_one(std::size_t encoding, TestStream::Frame frame) {
    frame.packets = 1;
    auto all = send(encoding, frame);
    return all.empty() ? std::nullopt : std::optional(std::move(all.front()));
  }
};

std::uint16_t picture_id(const Forwarded& forwarded) {
  return forwarded.picture_id.value_or(forwarded.packet->frame.picture_id.value());
}
std::uint8_t tl0(const Forwarded& forwarded) {
  return forwarded.tl0_picture_index.value_or(forwarded.packet->frame.tl0_picture_index.value());
}
std::uint16_t plus(std::uint16_t number, int more) {
  return static_cast<std::uint16_t>(number + more);
}

TEST(Subscription, BeginsWithAKeyFrameOfWhatItIsToShow) {
  Scene scene;
  EXPECT_EQ(scene.subscription.wants_key_frame(), 2u);
  EXPECT_EQ(scene.subscription.current(), std::nullopt);
  EXPECT_FALSE(scene.send_one(2, {}));
  const auto sent = scene.send(2, {.key = true, .packets = 3});
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_EQ(sent[0].sequence_number, 65'534);
  EXPECT_EQ(sent[1].sequence_number, 65'535);
  EXPECT_EQ(sent[2].sequence_number, 0);
  for (const Forwarded& forwarded : sent) {
    EXPECT_EQ(forwarded.timestamp, 0xFFFF'FF00);
    EXPECT_EQ(forwarded.payload_type, rtp::PayloadType{96});
    EXPECT_EQ(forwarded.payload.data(), forwarded.packet->payload.data());
    EXPECT_EQ(forwarded.payload.size(), forwarded.packet->payload.size());
    EXPECT_EQ(forwarded.starts_stream, &forwarded == &sent.front());
    EXPECT_EQ(forwarded.marker, &forwarded == &sent.back());
    EXPECT_EQ(forwarded.picture_id, std::nullopt) << "They can stay as they are.";
    EXPECT_EQ(forwarded.tl0_picture_index, std::nullopt);
  }
  EXPECT_EQ(scene.subscription.current(), kLarge);
  EXPECT_EQ(scene.subscription.wants_key_frame(), std::nullopt);
}

TEST(Subscription, ShowsSomethingSmallWhileItWaitsForSomethingLarge) {
  Scene scene;
  EXPECT_TRUE(scene.send_one(0, {.key = true}));
  EXPECT_EQ(scene.subscription.current()->encoding, 0);
  EXPECT_EQ(scene.subscription.wants_key_frame(), 2u);
  scene.subscription.set_target(std::nullopt);
  scene.subscription.set_target(kSmall);
  EXPECT_FALSE(scene.send_one(2, {.key = true})) << "But nothing that is larger than wanted.";
}

// Where the offer begins with the largest, too.
TEST(Subscription, KnowsWhatIsSmallBySize) {
  Scene scene;
  scene.publication.update_order(std::vector<Layer>{{.encoding = 0, .size = {1'280, 720}},
                                                    {.encoding = 1, .size = {640, 360}},
                                                    {.encoding = 2, .size = {320, 180}}});
  scene.subscription.set_target(kSmall);  // The first: now the largest.
  EXPECT_TRUE(scene.send_one(2, {.key = true}));
  EXPECT_TRUE(scene.send_one(2, {.temporal = 2})) << "All of what is smaller.";
  EXPECT_EQ(scene.subscription.wants_key_frame(), 0u);
  EXPECT_TRUE(scene.send_one(0, {.key = true}));
  scene.subscription.set_target(kLarge);  // The last: now the smallest.
  EXPECT_FALSE(scene.send_one(0, {.temporal = 2}));
  EXPECT_TRUE(scene.send_one(0, {.temporal = 0}));
  scene.subscription.set_target(std::nullopt);
  scene.subscription.set_target(kLarge);
  EXPECT_FALSE(scene.send_one(0, {.key = true}));
  EXPECT_FALSE(scene.send_one(1, {.key = true}));
  EXPECT_TRUE(scene.send_one(2, {.key = true}));
}

TEST(Subscription, GoesOnWithTheOldEncodingUntilTheNewOneHasAKeyFrame) {
  Scene scene;
  scene.subscription.set_target(kSmall);
  const auto first = scene.send_one(0, {.key = true});
  scene.now += 33'333us;
  const auto second = scene.send_one(0, {});
  scene.subscription.set_target(kMedium);
  EXPECT_EQ(scene.subscription.wants_key_frame(), 1u);
  EXPECT_FALSE(scene.send_one(1, {}));
  scene.now += 33'333us;
  const auto third = scene.send_one(0, {});
  EXPECT_EQ(third->sequence_number, plus(first->sequence_number, 2));
  scene.now += 33'333us;
  const auto switched = scene.send(1, {.key = true, .packets = 2});
  ASSERT_EQ(switched.size(), 2u);
  EXPECT_TRUE(switched[0].starts_stream);
  EXPECT_EQ(switched[0].sequence_number, plus(third->sequence_number, 1));
  EXPECT_NEAR(switched[0].timestamp, third->timestamp + 3'000, 10);  // By its arrival.
  EXPECT_EQ(picture_id(switched[1]), (picture_id(*third) + 1) & 0x7FFF);
  EXPECT_EQ(tl0(switched[1]), static_cast<std::uint8_t>(tl0(*third) + 1));
  EXPECT_FALSE(scene.send_one(0, {}));
  EXPECT_EQ(scene.subscription.wants_key_frame(), std::nullopt);
}

TEST(Subscription, DropsTemporalLayersAtOnceWhereItMustGoDown) {
  Scene scene;
  scene.send_one(2, {.key = true});
  EXPECT_TRUE(scene.send_one(2, {.temporal = 2}));
  scene.subscription.set_target(kSmall);
  EXPECT_FALSE(scene.send_one(2, {.temporal = 2}));
  EXPECT_FALSE(scene.send_one(2, {.temporal = 1}));
  EXPECT_TRUE(scene.send_one(2, {.temporal = 0}));
  EXPECT_EQ(scene.subscription.wants_key_frame(), 0u);
  EXPECT_TRUE(scene.send_one(0, {.key = true}));
}

TEST(Subscription, LeavesNoTraceOfTemporalLayersThatItDrops) {
  Scene scene;
  const auto first = scene.send_one(2, {.key = true});
  scene.subscription.set_target(LayerTarget{.encoding = 2, .temporal = 0});
  int frames = 0;
  for (int i = 1; i <= 40; ++i) {
    const auto temporal = static_cast<std::uint8_t>(i % 4 == 0 ? 0 : i % 2 == 0 ? 1 : 2);
    const auto sent = scene.send(2, {.temporal = temporal, .packets = 2});
    EXPECT_EQ(sent.size(), temporal == 0 ? 2u : 0u);
    if (sent.empty()) continue;
    ++frames;
    EXPECT_EQ(sent[0].sequence_number, plus(first->sequence_number, 2 * frames - 1));
    EXPECT_EQ(picture_id(sent[1]), (picture_id(*first) + frames) & 0x7FFF);
    EXPECT_EQ(tl0(sent[1]), static_cast<std::uint8_t>(tl0(*first) + frames));
    EXPECT_EQ(sent[0].timestamp, first->timestamp + 3'000u * static_cast<unsigned>(i));
  }
}

TEST(Subscription, LetsAFrameThatHasBegunEndWhenItsLayerIsDropped) {
  Scene scene;
  scene.send_one(2, {.key = true});
  const auto datagrams = scene.streams[2].frame({.temporal = 2, .packets = 3});
  EXPECT_TRUE(scene.forward(2, datagrams[0]));
  scene.subscription.set_target(LayerTarget{.encoding = 2, .temporal = 0});
  EXPECT_TRUE(scene.forward(2, datagrams[1]));
  EXPECT_TRUE(scene.forward(2, datagrams[2])->marker);
  EXPECT_FALSE(scene.send_one(2, {.temporal = 2}));
}

TEST(Subscription, GoesUpATemporalLayerWhereTheStreamAllowsIt) {
  Scene scene;
  scene.subscription.set_target(LayerTarget{.encoding = 2, .temporal = 0});
  scene.send_one(2, {.key = true});
  scene.subscription.set_target(kLarge);
  EXPECT_FALSE(scene.send_one(2, {.temporal = 1}));
  EXPECT_FALSE(scene.send_one(2, {.temporal = 2, .sync = true})) << "It may lean on layer 1.";
  EXPECT_TRUE(scene.send_one(2, {.temporal = 1, .sync = true}));
  EXPECT_FALSE(scene.send_one(2, {.temporal = 2}));
  EXPECT_TRUE(scene.send_one(2, {.temporal = 2, .sync = true}));
  EXPECT_TRUE(scene.send_one(2, {.temporal = 2}));
  EXPECT_EQ(scene.subscription.current(), kLarge);
}

TEST(Subscription, KeepsTheNumberOfWhatIsMissingForWhenItComes) {
  Scene scene;
  const auto first = scene.send_one(2, {.key = true});
  scene.subscription.set_target(LayerTarget{.encoding = 2, .temporal = 0});
  scene.send_one(2, {.temporal = 2});
  const auto late = scene.streams[2].frame({.packets = 2});
  EXPECT_TRUE(scene.forward(2, late[0]));
  for (int i = 0; i < 5; ++i) {
    scene.send_one(2, {.temporal = 2});
    scene.send_one(2, {});
  }
  const auto repaired = scene.forward(2, late[1], true);
  ASSERT_TRUE(repaired);
  EXPECT_EQ(repaired->sequence_number, plus(first->sequence_number, 2));
  EXPECT_EQ(repaired->timestamp, first->timestamp + 6'000);
  EXPECT_EQ(picture_id(*repaired), (picture_id(*first) + 1) & 0x7FFF);
  EXPECT_TRUE(repaired->marker);
}

TEST(Subscription, UsesUpTheNumberOfWhatComesLateAndIsNotWanted) {
  Scene scene;
  const auto first = scene.send_one(2, {.key = true});
  scene.subscription.set_target(LayerTarget{.encoding = 2, .temporal = 0});
  scene.send_one(2, {.temporal = 2});
  const auto late = scene.streams[2].frame({.temporal = 2});
  const auto next = scene.send_one(2, {});
  EXPECT_EQ(next->sequence_number, plus(first->sequence_number, 2));
  const auto empty = scene.forward(2, late[0], true);
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->sequence_number, plus(first->sequence_number, 1));
  EXPECT_TRUE(empty->payload.empty());
  EXPECT_FALSE(empty->marker);
}

TEST(Subscription, ForwardsWhatIsLateOfTheEncodingBefore) {
  Scene scene;
  scene.subscription.set_target(kSmall);
  const auto first = scene.send_one(0, {.key = true});
  const auto late = scene.streams[0].frame({.packets = 2});
  scene.forward(0, late[1]);
  scene.subscription.set_target(kLarge);
  EXPECT_EQ(scene.send_one(2, {.key = true})->sequence_number, plus(first->sequence_number, 3));
  const auto repaired = scene.forward(0, late[0], true);
  ASSERT_TRUE(repaired);
  EXPECT_EQ(repaired->sequence_number, plus(first->sequence_number, 1));
  EXPECT_EQ(picture_id(*repaired), (picture_id(*first) + 1) & 0x7FFF);
}

TEST(Subscription, FindsWhatItHasSent) {
  Scene scene;
  scene.subscription.set_target(kSmall);
  std::vector<Forwarded> sent = scene.send(0, {.key = true, .packets = 2});
  for (int i = 0; i < 10; ++i) {
    scene.now += 33'333us;
    for (auto& forwarded : scene.send(0, {.temporal = static_cast<std::uint8_t>(i % 2)})) {
      sent.push_back(forwarded);
    }
  }
  scene.subscription.set_target(kLarge);
  for (auto& forwarded : scene.send(2, {.key = true, .packets = 4})) sent.push_back(forwarded);
  for (const Forwarded& before : sent) {
    const auto again = scene.subscription.find_sent(scene.now, before.sequence_number);
    ASSERT_TRUE(again) << before.sequence_number;
    EXPECT_EQ(&*again->packet, &*before.packet);
    EXPECT_EQ(again->timestamp, before.timestamp);
    EXPECT_EQ(again->picture_id, before.picture_id);
    EXPECT_EQ(again->tl0_picture_index, before.tl0_picture_index);
    EXPECT_EQ(again->marker, before.marker);
    EXPECT_EQ(again->sequence_number, before.sequence_number);
  }
  EXPECT_FALSE(scene.subscription.find_sent(scene.now, plus(sent.back().sequence_number, 1)));
  EXPECT_FALSE(scene.subscription.find_sent(scene.now, plus(sent.front().sequence_number, -1)));
  scene.now += 2s;
  EXPECT_FALSE(scene.subscription.find_sent(scene.now, sent.front().sequence_number));
}

TEST(Subscription, FindsNothingFurtherBackThanItIsTo) {
  Scene scene;
  Subscription::Config config = video_slot();
  config.memory = 4;
  scene.subscription = Subscription(config);
  scene.subscription.show(&scene.publication);
  scene.subscription.set_target(kLarge);
  const auto sent = scene.send(2, {.key = true, .packets = 6});
  EXPECT_TRUE(scene.subscription.find_sent(scene.now, sent[2].sequence_number));
  EXPECT_FALSE(scene.subscription.find_sent(scene.now, sent[1].sequence_number));
}

TEST(Subscription, ForwardsNothingWhilePausedAndGoesOnByAKeyFrame) {
  Scene scene;
  const auto first = scene.send_one(2, {.key = true});
  scene.subscription.set_target(std::nullopt);
  EXPECT_FALSE(scene.send_one(2, {}));
  EXPECT_EQ(scene.subscription.wants_key_frame(), std::nullopt);
  EXPECT_EQ(scene.subscription.current(), std::nullopt);
  scene.now += 5s;
  scene.streams[2].timestamp += 450'000;
  scene.subscription.set_target(kLarge);
  EXPECT_FALSE(scene.send_one(2, {}));
  const auto next = scene.send_one(2, {.key = true});
  ASSERT_TRUE(next);
  EXPECT_EQ(next->sequence_number, plus(first->sequence_number, 1));
  EXPECT_EQ(next->timestamp, first->timestamp + 450'000 + 3 * 3'000);
  EXPECT_EQ(picture_id(*next), (picture_id(*first) + 1) & 0x7FFF);
}

TEST(Subscription, GoesOnInTheSameNumbersWithAnotherPublication) {
  Scene scene;
  const auto first = scene.send_one(2, {.key = true});
  Publication other(camera(), scene.pool);
  EXPECT_TRUE(scene.subscription.show(&other));
  EXPECT_EQ(scene.subscription.shown(), &other);
  EXPECT_EQ(scene.subscription.wants_key_frame(), 2u);
  EXPECT_FALSE(scene.subscription.find_sent(scene.now, first->sequence_number));
  scene.now += 1s;
  TestStream stream;
  const auto datagrams = stream.frame({.key = true});
  const auto view = rtp::PacketView::parse(datagrams[0]);
  const auto next =
      scene.subscription.forward(scene.now, other.handle_packet(scene.now, *view, 2, false));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->sequence_number, plus(first->sequence_number, 1));
  EXPECT_EQ(next->timestamp, first->timestamp + 90'000);
  EXPECT_EQ(picture_id(*next), (picture_id(*first) + 1) & 0x7FFF);
  EXPECT_EQ(tl0(*next), static_cast<std::uint8_t>(tl0(*first) + 1));
  EXPECT_TRUE(next->starts_stream);
  EXPECT_EQ(scene.subscription.map_timestamp(next->packet->timestamp), next->timestamp);
}

TEST(Subscription, ShowsNothingThatItsReceiverCannotRead) {
  PacketPool pool;
  Publication publication(camera(), pool);
  Subscription::Config config = video_slot();
  config.codecs = {{.payload_type = 98, .name = "H264", .clock_rate = 90'000}};
  Subscription subscription(config);
  EXPECT_FALSE(subscription.show(&publication));
  EXPECT_EQ(subscription.shown(), nullptr);
  EXPECT_TRUE(subscription.show(nullptr));
}

TEST(Subscription, AsksForAKeyFrameWhereItsReceiverLostThePicture) {
  Scene scene;
  scene.send_one(2, {.key = true});
  scene.subscription.handle_picture_loss();
  EXPECT_EQ(scene.subscription.wants_key_frame(), 2u);
  EXPECT_TRUE(scene.send_one(2, {})) << "It goes on meanwhile.";
  EXPECT_EQ(scene.subscription.wants_key_frame(), 2u);
  EXPECT_FALSE(scene.send_one(2, {.key = true})->starts_stream);
  EXPECT_EQ(scene.subscription.wants_key_frame(), std::nullopt);
}

TEST(Subscription, CarriesSoundFromItsFirstPacketOn) {
  PacketPool pool;
  Publication publication(microphone(), pool);
  Subscription subscription(audio_slot());
  EXPECT_TRUE(subscription.show(&publication));
  TestStream stream{.payload_type = kOpus};
  std::vector<PacketRef> packets;
  for (int i = 0; i < 5; ++i) {
    const auto datagram = stream.sound();
    packets.push_back(
        publication.handle_packet(kStart + i * 20ms, *rtp::PacketView::parse(datagram), 0, false));
  }
  const auto at = [&](std::size_t i) { return subscription.forward(kStart, packets[i]); };
  EXPECT_EQ(at(0)->sequence_number, 10);
  EXPECT_EQ(at(3)->sequence_number, 13);
  const auto late = at(1);
  EXPECT_EQ(late->sequence_number, 11);
  EXPECT_EQ(late->timestamp, 1'960u);
  EXPECT_FALSE(at(1)) << "Once is enough.";
  EXPECT_EQ(subscription.wants_key_frame(), std::nullopt);
  subscription.set_target(std::nullopt);
  EXPECT_FALSE(at(4));
}

TEST(Subscription, SetsOneVoiceAfterTheOther) {
  PacketPool pool;
  Publication first(microphone(), pool);
  Publication second(microphone(), pool);
  Subscription subscription(audio_slot());
  TestStream streams[2] = {{.payload_type = kOpus}, {.payload_type = kOpus}};
  const auto send = [&](Publication& publication, TestStream& stream, Time now) {
    const auto datagram = stream.sound();
    return subscription.forward(
        now, publication.handle_packet(now, *rtp::PacketView::parse(datagram), 0, false));
  };
  subscription.show(&first);
  EXPECT_EQ(send(first, streams[0], kStart)->timestamp, 1'000u);
  subscription.show(&second);
  EXPECT_FALSE(send(second, streams[1], kStart + 7ms)) << "It would be said at the same time.";
  const auto next = send(second, streams[1], kStart + 27ms);
  ASSERT_TRUE(next);
  EXPECT_TRUE(next->starts_stream);
  EXPECT_EQ(next->sequence_number, 11);
  EXPECT_EQ(next->timestamp, 1'000u + 48 * 27);
}

}  // namespace
}  // namespace parley::sfu
