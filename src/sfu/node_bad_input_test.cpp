// Whoever means harm: the others notice nothing of it, and it costs no memory.
#include <gtest/gtest.h>

#include <algorithm>

#include "rtp/packet_writer.h"
#include "rtp/rtcp/message.h"
#include "sfu/test_meeting.h"
#include "sfu/test_raw_client.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr TestClient::Options kPublisher{.microphone = true, .camera = 1};

TEST(NodeBadInput, DropsAndCountsAFloodFromNobody) {
  TestMeeting meeting(20);
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(500ms);
  const auto before = meeting.node.counters();
  SeededRandom noise(1);
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    std::vector<std::uint8_t> datagram(20 + noise.u32() % 100);
    noise.fill(datagram);
    const net::SocketAddress from{net::IpAddress::v4({198, 51, 100, std::uint8_t(i)}),
                                  static_cast<std::uint16_t>(1 + i / 256)};
    meeting.inject(from, std::move(datagram));
  }
  const auto after = meeting.node.counters();
  EXPECT_EQ(after.datagrams - before.datagrams, 20'000u);
  EXPECT_EQ((after.unknown_path + after.unknown_ufrag + after.not_webrtc) -
                (before.unknown_path + before.unknown_ufrag + before.not_webrtc),
            20'000u);
  EXPECT_EQ(after.packets_held, before.packets_held);
  const auto frames = meeting.at(2).frames_of({1}, true);
  meeting.run(1s);
  EXPECT_GT(meeting.at(2).frames_of({1}, true), frames + 10);
}

TEST(NodeBadInput, TakesNothingForgedOnAPathThatItKnows) {
  TestMeeting meeting(21);
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(500ms);
  SeededRandom noise(2);
  const auto packets = meeting.node.counters().uplink.packets;
  for (int i = 0; i < 5'000; ++i) {
    std::vector<std::uint8_t> datagram(20 + noise.u32() % 1'300);
    noise.fill(datagram);
    meeting.inject(meeting.at(1).address, std::move(datagram));
  }
  EXPECT_EQ(meeting.node.counters().uplink.packets, packets);
  const auto frames = meeting.at(2).frames_of({1}, true);
  meeting.run(1s);
  EXPECT_GT(meeting.at(2).frames_of({1}, true), frames + 10);
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

// Lies in every way that its keys let it.
void send_lie(TestMeeting& meeting, SeededRandom& random) {
  RawClient& liar = *meeting.raw;
  const peer::Agreement& camera = liar.sending(Source::kCamera);
  rtp::Header header{
      .marker = random.u32() % 3 == 0,
      .payload_type = rtp::PayloadType{static_cast<std::uint8_t>(96 + random.u32() % 8)},
      .sequence_number = static_cast<std::uint16_t>(random.u32()),
      .timestamp = random.u32(),
      .ssrc = rtp::Ssrc{random.u32() % 200}};
  rtp::PacketWriter writer(header);
  const auto add = [&](rtp::Extension extension, Bytes value) {
    if (const auto id = camera.send_extensions.id_of(extension)) writer.add_extension(*id, value);
  };
  if (random.u32() % 4 != 0) add(rtp::Extension::kMid, as_bytes(camera.mid));
  constexpr std::string_view kRids[] = {"q", "h", "f", "x"};
  add(rtp::Extension::kRid, as_bytes(kRids[random.u32() % 4]));
  std::vector<std::uint8_t> noise(random.u32() % 200);
  random.fill(noise);
  if (random.u32() % 4 == 0) add(rtp::Extension::kVideoOrientation, noise);
  std::vector<std::uint8_t> payload(random.u32() % 1'200);
  random.fill(payload);
  if (random.u32() % 2 == 0 && payload.size() > 16) {  // A layer storm of VP8.
    payload[0] = 0x90;
    payload[1] = 0xF0;
  }
  writer.set_payload(payload);
  liar.transport.send_rtp(writer.take());
  meeting.drain_raw();
}

TEST(NodeBadInput, ALyingPublisherHarmsNobodyElse) {
  TestMeeting meeting(30, {.pool = {.max_packets = 20'000}});
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  meeting.join_raw(9, {.camera = 3});
  ASSERT_TRUE(meeting.connect_all());
  ASSERT_TRUE(meeting.run_until(2s, [&] { return meeting.raw->transport.is_connected(); }));
  SeededRandom random(3);
  std::size_t held = 0;
  for (int i = 0; i < 200; ++i) {
    for (int burst = 0; burst < 50; ++burst) send_lie(meeting, random);
    meeting.run(10ms);
    held = std::max(held, meeting.node.counters().packets_held);
  }
  EXPECT_LT(held, 6'000u);
  for (const std::uint64_t id : {1u, 2u}) {
    EXPECT_GT(meeting.at(id).frames_of({3 - id}, true), 25u) << id;
    EXPECT_GT(meeting.at(id).frames_of({3 - id}, false), 80u) << id;
  }
  meeting.leave(1);
  meeting.leave(2);
  meeting.node.disconnect(meeting.now, {9});
  EXPECT_EQ(meeting.node.counters().packets_held, 0u);
}

TEST(NodeBadInput, APublisherWithoutKeyFramesIsSeenByNobodyAndAskedSeldom) {
  TestMeeting meeting(32);
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  meeting.join_raw(9, {.camera = 1});
  ASSERT_TRUE(meeting.connect_all());
  ASSERT_TRUE(meeting.run_until(2s, [&] { return meeting.raw->transport.is_connected(); }));
  const peer::Agreement& camera = meeting.raw->sending(Source::kCamera);
  const auto mid = camera.send_extensions.id_of(rtp::Extension::kMid);
  const auto vp8 =
      std::ranges::find_if(camera.send_codecs, [](const auto& codec) { return codec.is("VP8"); });
  ASSERT_TRUE(mid.has_value() && vp8 != camera.send_codecs.end());
  constexpr std::uint8_t kNoKeyFrame[] = {0x10, 0x01, 0x02, 0x03};
  for (std::uint16_t i = 0; i < 250; ++i) {  // Ten seconds of a picture that nothing begins.
    rtp::PacketWriter writer({.marker = true,
                              .payload_type = rtp::PayloadType{vp8->payload_type},
                              .sequence_number = i,
                              .timestamp = i * 3'600u,
                              .ssrc = rtp::Ssrc{77}});
    writer.add_extension(*mid, as_bytes(camera.mid));
    writer.set_payload(kNoKeyFrame);
    meeting.raw->transport.send_rtp(writer.take());
    meeting.drain_raw();
    meeting.run(40ms);
  }
  EXPECT_GE(meeting.raw->key_frames_asked, 5u);
  EXPECT_LE(meeting.raw->key_frames_asked, 20u);  // By both of them together.
  for (const std::uint64_t id : {1u, 2u}) {
    EXPECT_EQ(meeting.at(id).frames_of({9}, true), 0u) << id;
    EXPECT_GT(meeting.at(id).frames_of({3 - id}, true), 150u) << id;
  }
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

// Each receiver would have to carry it. The pictures go on without.
TEST(NodeBadInput, ADependencyDescriptorThatIsTooLongGoesNoFurther) {
  TestMeeting meeting(33);
  meeting.join(1, {.audio_slots = 0, .video_slots = 1});
  RawClient& raw = meeting.join_raw(9, {.camera = 1, .describes_dependencies = true});
  ASSERT_TRUE(meeting.connect_all());
  ASSERT_TRUE(meeting.run_until(2s, [&] { return raw.transport.is_connected(); }));
  const peer::Agreement& camera = raw.sending(Source::kCamera);
  const auto mid = camera.send_extensions.id_of(rtp::Extension::kMid);
  ASSERT_TRUE(mid.has_value());
  const auto send = [&](std::uint16_t number, std::size_t descriptor) {
    rtp::PacketWriter writer(
        {.marker = true,
         .payload_type = rtp::PayloadType{camera.send_codecs.front().payload_type},
         .sequence_number = number,
         .timestamp = number * 3'600u,
         .ssrc = rtp::Ssrc{77}});
    writer.add_extension(*mid, as_bytes(camera.mid));
    writer.add_extension(RawClient::kDependencyDescriptorId,
                         std::vector<std::uint8_t>(descriptor, 0x80));
    std::vector<std::uint8_t> payload = {0x10};
    const auto picture = make_picture({.number = number, .by = {9}}, number % 10 == 1, 1'000);
    payload.insert(payload.end(), picture.begin(), picture.end());
    writer.set_payload(payload);
    raw.transport.send_rtp(writer.take());
    meeting.drain_raw();
    meeting.run(40ms);
  };
  std::uint16_t number = 0;
  for (const std::size_t size : {255u, 201u, 200u, 3u, 2u, 1u, 255u}) {
    for (int i = 0; i < 10; ++i) send(++number, size);
  }
  const auto counters = meeting.node.counters();
  EXPECT_EQ(counters.uplink.packets, 70u);
  EXPECT_EQ(counters.publications.packets, 70u);
  EXPECT_EQ(counters.downlink.dropped_size, 0u);
  EXPECT_EQ(counters.downlink.dropped_srtp, 0u);
  EXPECT_GE(meeting.at(1).frames_of({9}, true), 60u);
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

// For ten seconds.
TEST(NodeBadInput, WhoAlwaysSaysThatHeLostThePictureGetsKeyFramesEverMoreSeldom) {
  TestMeeting meeting(34);
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  RawClient& raw = meeting.join_raw(9, {.video_slots = 2});
  ASSERT_TRUE(meeting.connect_all());
  ASSERT_TRUE(meeting.run_until(2s, [&] { return raw.transport.is_connected(); }));
  meeting.run(1s);
  const auto asked = [&] { return meeting.at(1).key_frames_asked; };
  const auto before = asked();
  for (int i = 0; i < 500; ++i) {
    for (std::size_t slot = 0; slot < 2; ++slot) {
      const rtp::Ssrc media = raw.slot(slot).remote_sources.front().media;
      ByteWriter writer;
      rtp::rtcp::write_to(writer, rtp::rtcp::PictureLossIndication{rtp::Ssrc{1}, media});
      raw.transport.send_rtcp(writer.view());
    }
    meeting.drain_raw();
    meeting.run(20ms);
    if (i == 49) {
      EXPECT_GE(asked() - before, 2u);  // Within the first second.
    }
  }
  EXPECT_LE(asked() - before, 7u);
}

TEST(NodeBadInput, WhoAsksForEverythingAgainGetsNoMoreThanHisLinkCarries) {
  TestMeeting meeting(31);
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  meeting.join_raw(9, {.video_slots = 2});
  ASSERT_TRUE(meeting.connect_all());
  ASSERT_TRUE(meeting.run_until(2s, [&] { return meeting.raw->transport.is_connected(); }));
  meeting.run(1s);
  const auto asked_before = meeting.at(1).key_frames_asked;
  const auto sent_before = meeting.node.counters().downlink;
  std::uint16_t first = 0;
  for (int i = 0; i < 100; ++i) {
    for (std::size_t slot = 0; slot < 2; ++slot) {
      const rtp::Ssrc media = meeting.raw->slot(slot).remote_sources.front().media;
      rtp::rtcp::Nack nack{.sender = rtp::Ssrc{1}, .media = media};
      for (int number = 0; number < 250; ++number) nack.missing.push_back(first++);
      ByteWriter writer;
      rtp::rtcp::write_to(writer, nack);
      rtp::rtcp::write_to(writer, rtp::rtcp::PictureLossIndication{rtp::Ssrc{1}, media});
      meeting.raw->transport.send_rtcp(writer.view());
      meeting.drain_raw();
    }
    meeting.run(10ms);
  }
  const auto& sent = meeting.node.counters().downlink;
  EXPECT_GT(sent.unknown_nack - sent_before.unknown_nack, 40'000u);
  EXPECT_LT(sent.retransmitted - sent_before.retransmitted, 400u);
  EXPECT_LE(meeting.at(1).key_frames_asked - asked_before, 3u);
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

}  // namespace
}  // namespace parley::sfu
