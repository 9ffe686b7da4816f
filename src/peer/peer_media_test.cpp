// Media through a whole peer connection: descriptions, ICE, DTLS, SRTP and back.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "peer/media/test_media_pair.h"
#include "peer/peer_connection.h"
#include "peer/test_peers.h"
#include "sdp/parse.h"

namespace parley::peer {
namespace {

using namespace std::chrono_literals;

TransceiverId add_track(PeerPair& pair, PeerSide& side, MediaKind kind, TransceiverInit init = {}) {
  const auto id = side.connection.add_track(pair.now, kind, std::move(init));
  EXPECT_TRUE(id) << id.error().message;
  pair.drain(side);
  return id.value_or(TransceiverId{});
}

bool send_video(PeerPair& pair, PeerSide& side, TransceiverId id, std::uint32_t number,
                std::string_view rid = {}) {
  const auto data = make_vp8_frame(number, number == 0, 2'500);
  const auto sent = side.connection.send_frame(pair.now, id,
                                               {.rid = rid,
                                                .codec = "VP8",
                                                .timestamp = number * 3'000,
                                                .captured = pair.now,
                                                .key = number == 0,
                                                .data = data});
  pair.drain(side);
  return sent.has_value();
}

bool send_audio(PeerPair& pair, PeerSide& side, TransceiverId id, std::uint32_t number) {
  const std::uint8_t data[] = {0x78, static_cast<std::uint8_t>(number), 3};
  const auto sent = side.connection.send_frame(
      pair.now, id, {.timestamp = number * 960, .captured = pair.now, .data = data});
  pair.drain(side);
  return sent.has_value();
}

std::ptrdiff_t frames_of(const PeerSide& side, std::string_view codec, std::string_view rid = {}) {
  return std::ranges::count_if(side.frames, [&](const IncomingFrame& frame) {
    return frame.codec == codec && frame.rid == rid;
  });
}

TEST(PeerMedia, SoundAndPictureGoBothWays) {
  PeerPair pair({.latency = 20ms, .jitter = 5ms, .reorder = true, .loss = 0.02}, 3);
  const auto camera = add_track(pair, pair.ada, MediaKind::kVideo);
  const auto microphone = add_track(pair, pair.ada, MediaKind::kAudio);
  const auto answering_camera = add_track(pair, pair.bob, MediaKind::kVideo);
  ASSERT_TRUE(pair.connect());
  EXPECT_EQ(pair.bob.count<PeerConnection::Track>(), 2u);
  EXPECT_EQ(pair.ada.count<PeerConnection::Track>(), 1u);
  for (std::uint32_t i = 0; i < 150; ++i) {
    ASSERT_TRUE(send_video(pair, pair.ada, camera, i));
    ASSERT_TRUE(send_video(pair, pair.bob, answering_camera, i));
    ASSERT_TRUE(send_audio(pair, pair.ada, microphone, i));
    pair.run(20ms);
  }
  pair.run(2s);
  EXPECT_GE(frames_of(pair.bob, "VP8"), 148);  // What is lost of the first frame, nobody knows of.
  EXPECT_GE(frames_of(pair.ada, "VP8"), 148);
  EXPECT_GE(frames_of(pair.bob, "opus"), 135);
  EXPECT_LE(frames_of(pair.bob, "opus"), 150);
}

TEST(PeerMedia, AnHourOfTalkKeepsItsSound) {
  PeerPair pair({.latency = 20ms, .jitter = 5ms, .loss = 0.01}, 5);
  const auto microphone = add_track(pair, pair.ada, MediaKind::kAudio);
  const auto answering = add_track(pair, pair.bob, MediaKind::kAudio);
  ASSERT_TRUE(pair.connect());
  constexpr std::uint32_t kFramesAMinute = 50 * 60;
  for (std::uint32_t minute = 0; minute < 60; ++minute) {
    for (std::uint32_t i = 0; i < kFramesAMinute; ++i) {
      const std::uint32_t number = minute * kFramesAMinute + i;
      ASSERT_TRUE(send_audio(pair, pair.ada, microphone, number));
      ASSERT_TRUE(send_audio(pair, pair.bob, answering, number));
      pair.run(20ms);
    }
    for (PeerSide* side : {&pair.ada, &pair.bob}) {
      EXPECT_NEAR(static_cast<double>(side->frames.size()), 0.99 * kFramesAMinute, 40) << minute;
      side->frames.clear();
    }
    ASSERT_TRUE(pair.are_connected()) << minute;
  }
}

TEST(PeerMedia, ThreeLayersArriveApart) {
  PeerPair pair({.latency = 20ms});
  const auto camera = add_track(pair, pair.ada, MediaKind::kVideo,
                                {.encodings = {{.rid = "h"}, {.rid = "m"}, {.rid = "l"}}});
  ASSERT_TRUE(pair.connect());
  for (std::uint32_t i = 0; i < 20; ++i) {
    for (const std::string_view rid : {"h", "m", "l"}) {
      ASSERT_TRUE(send_video(pair, pair.ada, camera, i, rid));
    }
    pair.run(33ms);
  }
  pair.run(1s);
  for (const std::string_view rid : {"h", "m", "l"}) EXPECT_EQ(frames_of(pair.bob, "VP8", rid), 20);
}

TEST(PeerMedia, ATrackMayComeLaterAndLeave) {
  PeerPair pair;
  ASSERT_TRUE(pair.ada.connection.create_data_channel(pair.now, {.label = "x"}));
  ASSERT_TRUE(pair.connect());
  const auto camera = add_track(pair, pair.bob, MediaKind::kVideo, {.streams = {"screen"}});
  EXPECT_EQ(pair.bob.count<PeerConnection::NegotiationNeeded>(), 1u);
  EXPECT_FALSE(send_video(pair, pair.bob, camera, 0));  // Nobody has agreed.
  pair.negotiate(pair.bob, pair.ada);
  const auto* const track = pair.ada.last<PeerConnection::Track>();
  ASSERT_NE(track, nullptr);
  EXPECT_EQ(pair.ada.connection.find(track->transceiver)->remote_streams,
            (std::vector<std::string>{"screen"}));
  for (std::uint32_t i = 0; i < 5; ++i) {
    ASSERT_TRUE(send_video(pair, pair.bob, camera, i));
    pair.run(33ms);
  }
  pair.run(500ms);
  EXPECT_EQ(frames_of(pair.ada, "VP8"), 5);
  ASSERT_TRUE(pair.bob.connection.remove_track(pair.now, camera));
  pair.drain(pair.bob);
  EXPECT_EQ(pair.bob.count<PeerConnection::NegotiationNeeded>(), 2u);
  pair.negotiate(pair.bob, pair.ada);
  EXPECT_EQ(pair.ada.count<PeerConnection::TrackRemoved>(), 1u);
  EXPECT_FALSE(send_video(pair, pair.bob, camera, 6));
}

TEST(PeerMedia, AKeyFrameIsAskedForOnDemand) {
  PeerPair pair;
  const auto camera = add_track(pair, pair.ada, MediaKind::kVideo);
  ASSERT_TRUE(pair.connect());
  ASSERT_TRUE(send_video(pair, pair.ada, camera, 0));
  pair.run(1s);
  EXPECT_EQ(pair.ada.count<PeerConnection::KeyFrameRequested>(), 0u);  // It began with one.
  pair.bob.connection.request_key_frame(pair.now, pair.bob.connection.transceivers().front().id);
  pair.drain(pair.bob);
  pair.run(200ms);
  EXPECT_EQ(pair.ada.count<PeerConnection::KeyFrameRequested>(), 1u);
}

TEST(PeerMedia, StatisticsTellOfTheStreams) {
  PeerPair pair;
  const auto camera = add_track(pair, pair.ada, MediaKind::kVideo);
  ASSERT_TRUE(pair.connect());
  for (std::uint32_t i = 0; i < 100; ++i) {
    ASSERT_TRUE(send_video(pair, pair.ada, camera, i));
    pair.run(33ms);
  }
  const auto sent = pair.ada.connection.get_stats(pair.now);
  const auto received = pair.bob.connection.get_stats(pair.now);
  EXPECT_EQ(find_stats<OutboundRtpStats>(sent)->frames_sent, 100u);
  EXPECT_GE(find_stats<InboundRtpStats>(received)->frames_received, 98u);
  EXPECT_EQ(find_stats<InboundRtpStats>(received)->packets_lost, 0);
  ASSERT_NE(find_stats<RemoteInboundRtpStats>(sent), nullptr);
  EXPECT_GE(*find_stats<RemoteInboundRtpStats>(sent)->round_trip_time, 39ms);
  EXPECT_NE(to_json(received, pair.now).find("\"framesReceived\":"), std::string::npos);
}

TEST(PeerMedia, AnswersWhatBrowsersOffered) {
  for (const std::string browser : {"chromium", "firefox"}) {
    std::ifstream stream(PARLEY_SOURCE_DIR "/tests/data/sdp/" + browser + "_offer.sdp");
    const std::string offer{std::istreambuf_iterator<char>(stream), {}};
    PeerPair pair;
    const auto set = pair.bob.connection.set_remote_description(pair.now, {SdpType::kOffer, offer});
    ASSERT_TRUE(set) << browser << ": " << set.error().message;
    pair.drain(pair.bob);
    EXPECT_EQ(pair.bob.count<PeerConnection::Track>(), 2u);
    pair.set_local(pair.bob);
    const auto answer = sdp::parse(pair.bob.connection.local_description()->sdp).value();
    EXPECT_TRUE(check_answer(sdp::parse(offer).value(), answer));
    EXPECT_EQ(answer.bundles, (std::vector<std::vector<std::string>>{{"0", "1", "2"}}));
    const sdp::MediaSection& video = answer.sections[1];
    EXPECT_TRUE(video.codecs.front().is("VP8"));
    EXPECT_EQ(video.direction, Direction::kRecvOnly);
    ASSERT_TRUE(video.simulcast);
    EXPECT_EQ(video.simulcast->recv.size(), 2u);
    EXPECT_TRUE(std::ranges::all_of(
        video.extensions, [](const sdp::Extension& extension) { return extension.id <= 14; }));
    EXPECT_EQ(answer.sections[2].sctp_port, 5'000);
    EXPECT_EQ(answer.sections[0].setup, sdp::Setup::kActive);
  }
}

}  // namespace
}  // namespace parley::peer
