#include "sfu/publication.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "sfu/test_publisher.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr Duration kFrame = 33'333us;

Publication::Config camera(std::vector<Publication::Encoding> encodings = {{}}) {
  return {.participant = {1},
          .source = Source::kCamera,
          .encodings = std::move(encodings),
          .codecs = test_video_codecs(),
          .extensions = test_extensions()};
}

Publication::Config microphone() {
  return {.participant = {1},
          .source = Source::kMicrophone,
          .codecs = test_audio_codecs(),
          .extensions = test_extensions()};
}

class PublicationTest : public testing::Test {
 protected:
  PacketRef send(const std::vector<std::uint8_t>& packet, std::size_t encoding = 0,
                 bool repaired = false) {
    const auto view = rtp::PacketView::parse(packet);
    EXPECT_TRUE(view.has_value());
    return publication.handle_packet(now, *view, encoding, repaired);
  }
  std::vector<PacketRef> send_frame(const TestStream::Frame& frame) {
    std::vector<PacketRef> packets;
    for (const auto& packet : stream.frame(frame)) packets.push_back(send(packet));
    return packets;
  }
  // Asks of the publisher, until there is nothing more to ask.
  std::vector<Publication::Feedback> asked() {
    std::vector<Publication::Feedback> all;
    while (auto feedback = publication.poll_feedback(now)) all.push_back(*feedback);
    return all;
  }

  Time now = kStart;
  PacketPool pool;
  Publication publication{camera(), pool};
  TestStream stream;
};

TEST_F(PublicationTest, ReadsWhatForwardingNeeds) {
  const auto packets = send_frame({.key = true, .packets = 2});
  ASSERT_TRUE(packets[0] && packets[1]);
  EXPECT_EQ(packets[0]->seq.on_wire(), 65'530);
  EXPECT_EQ(packets[0]->arrived, kStart);
  EXPECT_EQ(packets[0]->payload_type, kVp8);
  EXPECT_TRUE(packets[0]->frame.starts_frame);
  EXPECT_TRUE(packets[0]->frame.key_frame);
  EXPECT_FALSE(packets[0]->frame.ends_frame);
  EXPECT_EQ(packets[0]->frame.picture_id, 0x7FF0);
  EXPECT_EQ(packets[0]->frame.tl0_picture_index, 251);
  EXPECT_EQ(packets[0]->frame.descriptor_size, 6);
  EXPECT_FALSE(packets[1]->frame.starts_frame);
  EXPECT_TRUE(packets[1]->frame.key_frame);
  EXPECT_TRUE(packets[1]->frame.ends_frame);
  EXPECT_TRUE(packets[1]->marker);
  EXPECT_EQ(packets[1]->payload.size(), 206u);
}

TEST_F(PublicationTest, NumbersDoNotWrap) {
  rtp::SeqNo seq{};
  std::uint64_t timestamp = 0;
  for (int i = 0; i < 20; ++i) {
    const auto packets = send_frame({.key = i == 0});
    if (i > 0) {
      EXPECT_EQ(packets[0]->seq, seq + 1);
      EXPECT_EQ(packets[0]->timestamp, timestamp + 3'000);
    }
    seq = packets[0]->seq;
    timestamp = packets[0]->timestamp;
    now += kFrame;
  }
}

TEST_F(PublicationTest, DropsWhatComesTwice) {
  const auto frame = stream.frame({.key = true, .packets = 3});
  EXPECT_TRUE(send(frame[0]));
  EXPECT_TRUE(send(frame[2]));
  EXPECT_TRUE(send(frame[1]));
  for (const auto& packet : frame) EXPECT_FALSE(send(packet));
  EXPECT_EQ(publication.counters().duplicates, 3u);
  EXPECT_EQ(publication.counters().packets, 3u);
}

TEST_F(PublicationTest, AsksForWhatIsMissing) {
  const auto frame = stream.frame({.key = true, .packets = 3});
  send(frame[0]);
  send(frame[2]);
  EXPECT_TRUE(asked().empty());
  now = publication.next_deadline();
  EXPECT_EQ(now, kStart + 10ms);
  const auto feedback = asked();
  ASSERT_EQ(feedback.size(), 1u);
  EXPECT_EQ(feedback[0].ssrc, stream.ssrc);
  EXPECT_EQ(feedback[0].nack, std::vector<std::uint16_t>{65'531});
  EXPECT_FALSE(feedback[0].key_frame);
  const PacketRef repaired = send(frame[1], 0, true);
  ASSERT_TRUE(repaired);
  EXPECT_TRUE(repaired->repaired);
  EXPECT_TRUE(repaired->frame.key_frame);
  now += 1s;
  EXPECT_TRUE(asked().empty());
}

TEST_F(PublicationTest, JoinsWishesForAKeyFrame) {
  send_frame({.key = true});
  for (int i = 0; i < 100; ++i) publication.request_key_frame(now, 0);
  EXPECT_EQ(publication.next_deadline(), now);
  const auto feedback = asked();
  ASSERT_EQ(feedback.size(), 1u);
  EXPECT_TRUE(feedback[0].key_frame);
  now += 100ms;
  publication.request_key_frame(now, 0);
  EXPECT_TRUE(asked().empty());
  send_frame({.key = true});
  now += 2s;
  EXPECT_TRUE(asked().empty());
  EXPECT_EQ(publication.counters().key_frames, 2u);
}

TEST_F(PublicationTest, ShowsItsLayersWithWhatTheyCost) {
  for (int i = 0; i < 60; ++i) {
    send_frame(
        {.key = i == 0, .temporal = static_cast<std::uint8_t>(i % 2), .packets = 2, .size = 1'000});
    now += kFrame;
  }
  const auto layers = publication.layers(now);
  ASSERT_EQ(layers.size(), 2u);
  EXPECT_EQ(layers[0].temporal, 0);
  EXPECT_EQ(layers[1].temporal, 1);
  EXPECT_NEAR(layers[0].frames_per_second, 15, 2);
  EXPECT_NEAR(layers[1].frames_per_second, 30, 3);
  EXPECT_NEAR(layers[0].rate.in_kbps(), 250, 25);
  EXPECT_NEAR(layers[1].rate.in_kbps(), 500, 50);
  EXPECT_EQ(layers[1].size, (codec::PictureSize{.width = 640, .height = 360}));
  EXPECT_TRUE(publication.is_active(now, 0));
  now += 1'100ms;
  EXPECT_TRUE(publication.layers(now).empty());
  EXPECT_FALSE(publication.is_active(now, 0));
}

TEST_F(PublicationTest, TellsOfALayerThatHasJustBegun) {
  send_frame({.key = true});
  EXPECT_FALSE(publication.layers(now).at(0).settled);
  for (int i = 0; i < 20; ++i) {
    now += kFrame;
    send_frame({});
  }
  EXPECT_TRUE(publication.layers(now).at(0).settled);
  now += 2s;  // And begins again.
  send_frame({});
  EXPECT_FALSE(publication.layers(now).at(0).settled);
}

TEST_F(PublicationTest, FindsWhatMayBeSentAgainForASecond) {
  const rtp::SeqNo seq = send_frame({.key = true})[0]->seq;
  EXPECT_TRUE(publication.find(now, 0, seq));
  EXPECT_FALSE(publication.find(now, 0, seq + 1));
  EXPECT_FALSE(publication.find(now, 1, seq));
  now += 1s;
  EXPECT_TRUE(publication.find(now, 0, seq));
  now += 1ms;
  EXPECT_FALSE(publication.find(now, 0, seq));
}

TEST_F(PublicationTest, HoldsNothingWhenItHasStopped) {
  for (int i = 0; i < 10; ++i) send_frame({.key = i == 0, .packets = 3});
  EXPECT_EQ(pool.in_use(), 30u);
  EXPECT_LE(publication.next_deadline(), now + 2s);
  now = publication.next_deadline();
  EXPECT_TRUE(asked().empty());
  EXPECT_EQ(pool.in_use(), 0u);
  EXPECT_EQ(publication.next_deadline(), kNever);
}

TEST_F(PublicationTest, GivesAllSinceTheNewestKeyFrame) {
  send_frame({.key = true});
  send_frame({});
  send_frame({.key = true, .packets = 2});
  send_frame({});
  const auto packets = publication.since_key_frame(now, 0);
  ASSERT_EQ(packets.size(), 3u);
  EXPECT_TRUE(packets[0]->frame.starts_frame);
  EXPECT_TRUE(packets[0]->frame.key_frame);
  EXPECT_EQ(packets[2]->seq, packets[0]->seq + 2);
}

TEST_F(PublicationTest, GivesNothingOfAKeyFrameThatHasHoles) {
  const auto key = stream.frame({.key = true, .packets = 3});
  send(key[0]);
  send(key[2]);
  EXPECT_TRUE(publication.since_key_frame(now, 0).empty());
  send(key[1], 0, true);
  EXPECT_EQ(publication.since_key_frame(now, 0).size(), 3u);
}

TEST_F(PublicationTest, HoldsNoSoundAndAsksForNone) {
  Publication sound(microphone(), pool);
  TestStream opus{.payload_type = kOpus};
  for (int i = 0; i < 10; ++i) {
    const auto packet = opus.sound();
    if (i == 5) continue;
    const PacketRef kept = sound.handle_packet(now, *rtp::PacketView::parse(packet), 0, false);
    ASSERT_TRUE(kept);
    EXPECT_TRUE(kept->frame.starts_frame && kept->frame.ends_frame && kept->frame.key_frame);
  }
  EXPECT_EQ(pool.in_use(), 0u);
  EXPECT_EQ(sound.next_deadline(), kNever);
  EXPECT_EQ(sound.layers(now).size(), 1u);
}

TEST_F(PublicationTest, AsksAStreamThatHasStoppedOnceForEachWish) {
  send_frame({.key = true});
  now += 4s;
  asked();
  publication.request_key_frame(now, 0);
  EXPECT_EQ(asked().size(), 1u);
  EXPECT_EQ(publication.next_deadline(), kNever);
  now += 1s;
  publication.request_key_frame(now, 0);
  EXPECT_EQ(asked().size(), 1u);
}

TEST_F(PublicationTest, RepeatsAWishThatBringsNoKeyFrame) {
  send_frame({.key = true});
  publication.request_key_frame(now, 0);
  EXPECT_EQ(asked().size(), 1u);
  for (int i = 0; i < 45; ++i) {
    now += kFrame;
    send_frame({});
  }
  EXPECT_EQ(asked().size(), 1u);
}

TEST_F(PublicationTest, BoundsItsHistoryByCount) {
  for (int i = 0; i < 3'000; ++i) send_frame({.key = i == 0});
  EXPECT_EQ(pool.in_use(), 1'024u);
}

// What the publisher sends goes on somewhere else: the receivers see one packet missing that never
// comes, and a key frame is asked for; the packet that told of it is asked for again.
TEST_F(PublicationTest, GoesOnWhereThePublisherJumps) {
  const rtp::SeqNo before = send_frame({.key = true})[0]->seq;
  now += kFrame;
  stream.sequence_number = 20'000;
  const auto stray = stream.frame({});
  EXPECT_FALSE(send(stray[0]));
  const auto next = send_frame({});
  ASSERT_TRUE(next[0]);
  EXPECT_EQ(next[0]->seq, before + 3);
  EXPECT_EQ(publication.counters().restarts, 1u);
  EXPECT_EQ(publication.counters().refused, 1u);
  now += 10ms;
  const auto feedback = asked();
  ASSERT_EQ(feedback.size(), 1u);
  EXPECT_TRUE(feedback[0].key_frame);
  EXPECT_EQ(feedback[0].nack, std::vector<std::uint16_t>{20'000});
  EXPECT_EQ(send(stray[0], 0, true)->seq, before + 2);
  EXPECT_EQ(publication.report(now, 0)->cumulative_lost, 0);
}

TEST_F(PublicationTest, FollowsANewSsrc) {
  const PacketRef before = send_frame({.key = true})[0];
  now += 1s;
  stream = {.ssrc = rtp::Ssrc{77}, .sequence_number = 3, .timestamp = 9};
  const PacketRef after = send_frame({.key = true})[0];
  ASSERT_TRUE(after);
  EXPECT_EQ(after->seq, before->seq + 2);
  EXPECT_EQ(after->timestamp, before->timestamp + 90'000);
  EXPECT_EQ(publication.ssrc(0), rtp::Ssrc{77});
  EXPECT_EQ(publication.report(now, 0)->ssrc, rtp::Ssrc{77});
  EXPECT_TRUE(publication.find(now, 0, before->seq));
}

TEST_F(PublicationTest, LeavesOutExtensionsOfAWrongSize) {
  rtp::PacketWriter writer({.payload_type = kVp8, .ssrc = stream.ssrc});
  writer.add_extension(5, std::vector<std::uint8_t>(200));
  writer.add_extension(6, std::vector<std::uint8_t>{3});
  writer.add_extension(7, std::vector<std::uint8_t>(255));
  const std::vector<std::uint8_t> payload{0x10, 0x10, 0, 0, 1};
  writer.set_payload(payload);
  const PacketRef packet = send(writer.take());
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->audio_level.empty());
  EXPECT_TRUE(packet->dependency_descriptor.empty());
  ASSERT_EQ(packet->video_orientation.size(), 1u);
  EXPECT_EQ(packet->video_orientation[0], 3);
}

TEST_F(PublicationTest, CountsWhatItDrops) {
  EXPECT_FALSE(send(stream.packet(std::vector<std::uint8_t>{0x80}, false)));
  EXPECT_EQ(publication.counters().malformed, 1u);
  stream.payload_type = kOpus;
  EXPECT_FALSE(send(stream.sound()));
  EXPECT_EQ(publication.counters().unknown_payload, 1u);
  stream.payload_type = kVp8;
  std::vector<std::uint8_t> large = stream.frame({.size = Packet::kMaxSize})[0];
  EXPECT_FALSE(send(large));
  EXPECT_EQ(publication.counters().pool_full, 1u);
}

// Who sends little keeps all of what may be asked for again.
TEST_F(PublicationTest, ALongHistoryGivesWayToAShortOneWhereThePoolIsFull) {
  PacketPool small({.max_packets = 256});
  Publication few(camera(), small);
  Publication many(camera(), small);
  TestStream of_many{.ssrc = rtp::Ssrc{2'000}};
  const auto take = [&](Publication& by, const std::vector<std::uint8_t>& packet) {
    return by.handle_packet(now, *rtp::PacketView::parse(packet), 0, false);
  };
  std::vector<rtp::SeqNo> seqs;
  for (int i = 0; i < 20; ++i) {
    for (int j = 0; j < 50; ++j) EXPECT_TRUE(take(many, of_many.frame({.key = i == 0})[0]));
    const PacketRef kept = take(few, stream.frame({.key = i == 0})[0]);
    ASSERT_TRUE(kept);
    seqs.push_back(kept->seq);
    now += kFrame;
  }
  for (const rtp::SeqNo seq : seqs) EXPECT_TRUE(few.find(now, 0, seq));
  EXPECT_EQ(few.since_key_frame(now, 0).size(), 20u);
  EXPECT_EQ(few.counters().pool_full + many.counters().pool_full, 0u);
  EXPECT_EQ(small.in_use(), 120u);
}

TEST_F(PublicationTest, TakesAStillScreenForActive) {
  auto config = camera();
  config.source = Source::kScreen;
  Publication screen(config, pool);
  const auto frame = stream.frame({.key = true});
  ASSERT_TRUE(screen.handle_packet(now, *rtp::PacketView::parse(frame[0]), 0, false));
  now += 2s;
  EXPECT_TRUE(screen.is_active(now, 0));
  EXPECT_EQ(screen.layers(now).size(), 1u);
  now += 2s;
  EXPECT_FALSE(screen.is_active(now, 0));
}

}  // namespace
}  // namespace parley::sfu
