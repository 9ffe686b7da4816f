#include "peer/media/media_session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "peer/media/test_media_pair.h"
#include "rtp/packet_writer.h"

namespace parley::peer {
namespace {

using namespace std::chrono_literals;

constexpr Duration kFrameTime = 33'333us;

// A camera of 30 frames a second; the first, and whenever one is asked for, is a key frame.
class Camera {
 public:
  Camera(MediaPair& pair, TransceiverId id, std::string rid = {}, std::size_t size = 3'000)
      : pair_(&pair), id_(id), rid_(std::move(rid)), size_(size) {}

  void send_frame() {
    const bool key = sent.empty() || asked();
    sent.push_back(make_vp8_frame(static_cast<std::uint32_t>(sent.size()), key, size_));
    ASSERT_TRUE(pair_->send(id_, {.rid = rid_,
                                  .codec = "VP8",
                                  .timestamp = static_cast<std::uint32_t>(sent.size()) * 3'000,
                                  .captured = pair_->now,
                                  .key = key,
                                  .data = sent.back()}));
  }

  std::vector<std::vector<std::uint8_t>> sent;

 private:
  bool asked() {
    auto& requests = pair_->ada.key_frame_requests;
    return std::erase_if(requests, [&](const auto& each) { return each.rid == rid_; }) > 0;
  }

  MediaPair* pair_;
  TransceiverId id_;
  std::string rid_;
  std::size_t size_;
};

// Which of the frames of that encoding came, by their numbers; -1 for one that was never sent.
std::vector<int> arrived(const MediaPair& pair, const Camera& camera, std::string_view rid = {}) {
  std::vector<int> numbers;
  for (const IncomingFrame& frame : pair.bob.frames) {
    if (frame.rid != rid) continue;
    const auto it = std::ranges::find(camera.sent, frame.data);
    numbers.push_back(it == camera.sent.end() ? -1 : static_cast<int>(it - camera.sent.begin()));
  }
  return numbers;
}

std::vector<int> all_of(const Camera& camera) {
  std::vector<int> numbers(camera.sent.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

void film(MediaPair& pair, Camera& camera, int frames) {
  for (int i = 0; i < frames; ++i) {
    camera.send_frame();
    pair.run_for(kFrameTime);
  }
  pair.run_for(2s);
}

template <class T>
T stats_of(const MediaSide& side) {
  StatsReport report;
  side.session.add_stats(report);
  const T* const found = find_stats<T>(report);
  EXPECT_NE(found, nullptr);
  return found == nullptr ? T{} : *found;
}

TEST(MediaSession, CarriesEachFrameWhole) {
  MediaPair pair({.latency = 20ms});
  const auto id = pair.ada.negotiation.add_track(MediaKind::kVideo, {});
  pair.connect();
  Camera camera(pair, *id);
  film(pair, camera, 100);
  ASSERT_EQ(arrived(pair, camera), all_of(camera));
  EXPECT_TRUE(pair.bob.frames[0].key);
  EXPECT_EQ(pair.bob.frames[0].codec, "VP8");
  EXPECT_EQ(pair.bob.frames[0].clock_rate, 90'000u);
  for (const IncomingFrame& frame : pair.bob.frames) EXPECT_FALSE(frame.lost_before);
  EXPECT_EQ(pair.bob.frames[1].timestamp - pair.bob.frames[0].timestamp, 3'000u);
}

TEST(MediaSession, CarriesSoundWithItsLevel) {
  MediaPair pair({.latency = 20ms});
  const auto id = pair.ada.negotiation.add_track(MediaKind::kAudio, {});
  pair.connect();
  const std::vector<std::uint8_t> packet = {0x78, 1, 2, 3};
  for (std::uint32_t i = 0; i < 50; ++i) {
    ASSERT_TRUE(pair.send(*id, {.timestamp = i * 960,
                                .captured = pair.now,
                                .data = packet,
                                .audio_level = rtp::AudioLevel{.voice = true, .minus_dbov = 30}}));
    pair.run_for(20ms);
  }
  ASSERT_EQ(pair.bob.frames.size(), 50u);
  EXPECT_EQ(pair.bob.frames[3].data, packet);
  EXPECT_EQ(pair.bob.frames[3].audio_level, (rtp::AudioLevel{.voice = true, .minus_dbov = 30}));
  EXPECT_EQ(pair.bob.frames[3].codec, "opus");
}

TEST(MediaSession, RepairsWhatALossyPathLoses) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    MediaPair pair({.latency = 25ms, .jitter = 10ms, .reorder = true, .loss = 0.05}, seed * 100);
    const auto id = pair.ada.negotiation.add_track(MediaKind::kVideo, {});
    pair.connect();
    Camera camera(pair, *id);
    film(pair, camera, 300);
    EXPECT_EQ(arrived(pair, camera), all_of(camera)) << "seed " << seed;
    const auto inbound = stats_of<InboundRtpStats>(pair.bob);
    EXPECT_GT(inbound.nack_count, 10u);
    EXPECT_GT(inbound.retransmitted_packets_received, 20u);
    EXPECT_GT(stats_of<OutboundRtpStats>(pair.ada).retransmitted_packets_sent, 20u);
  }
}

TEST(MediaSession, AsksForAKeyFrameWhenRepairFails) {
  MediaPair pair({.latency = 25ms}, 7);
  const auto id = pair.ada.negotiation.add_track(MediaKind::kVideo, {});
  pair.connect();
  Camera camera(pair, *id);
  film(pair, camera, 10);
  pair.there().set_down(true);
  for (int i = 0; i < 90; ++i) {  // Longer than packets are kept for.
    camera.send_frame();
    pair.run_for(kFrameTime);
  }
  pair.there().set_down(false);
  film(pair, camera, 90);
  const auto after = std::ranges::find_if(pair.bob.frames, [](const IncomingFrame& frame) {
    return frame.lost_before || (frame.key && frame.timestamp > 100 * 3'000);
  });
  ASSERT_NE(after, pair.bob.frames.end());
  EXPECT_GT(stats_of<InboundRtpStats>(pair.bob).key_frames_received, 1u);
  EXPECT_FALSE(pair.bob.frames.back().lost_before);
  EXPECT_EQ(arrived(pair, camera).back(), static_cast<int>(camera.sent.size()) - 1);
}

TEST(MediaSession, ReceivesThreeLayersApart) {
  MediaPair pair({.latency = 25ms}, 11);
  const auto id = pair.ada.negotiation.add_track(
      MediaKind::kVideo, {.encodings = {{.rid = "h"}, {.rid = "m"}, {.rid = "l"}}});
  pair.connect();
  Camera high(pair, *id, "h", 4'000);
  Camera middle(pair, *id, "m", 1'500);
  Camera low(pair, *id, "l", 400);
  for (int i = 0; i < 150; ++i) {
    high.send_frame();
    middle.send_frame();
    low.send_frame();
    pair.run_for(kFrameTime);
    // What is lost of the beginning, nobody knows of.
    if (i == 5) pair.there().set_config({.latency = 25ms, .loss = 0.02});
  }
  pair.run_for(2s);
  EXPECT_EQ(arrived(pair, high, "h"), all_of(high));
  EXPECT_EQ(arrived(pair, middle, "m"), all_of(middle));
  EXPECT_EQ(arrived(pair, low, "l"), all_of(low));
}

TEST(MediaSession, AStreamThatBeginsInTheMiddleAsksForAKeyFrame) {
  MediaPair pair({.latency = 25ms});
  const auto id = pair.ada.negotiation.add_track(MediaKind::kVideo, {});
  pair.connect();
  Camera camera(pair, *id);
  pair.there().set_down(true);
  camera.send_frame();
  pair.run_for(kFrameTime);
  pair.there().set_down(false);
  film(pair, camera, 10);
  ASSERT_FALSE(pair.bob.frames.empty());
  EXPECT_TRUE(pair.bob.frames.front().lost_before);
  EXPECT_FALSE(pair.bob.frames.back().lost_before);
  EXPECT_EQ(stats_of<InboundRtpStats>(pair.bob).pli_count, 1u);
}

TEST(MediaSession, WithoutTransportFeedbackFramesDoNotWait) {
  MediaPair pair({.latency = 20ms});
  const auto id = pair.ada.negotiation.add_track(MediaKind::kVideo, {});
  pair.connect();
  auto agreements = pair.ada.negotiation.agreements();
  agreements[0].send_extensions = {};
  agreements[0].send_extensions.set(rtp::Extension::kMid, 1);
  pair.ada.session.configure(pair.now, agreements);
  Camera camera(pair, *id, {}, 20'000);  // 4.8 Mbit/s, above the first target.
  film(pair, camera, 60);
  EXPECT_EQ(pair.ada.packets_sent, 60u * 19);
  ASSERT_EQ(pair.bob.frames.size(), 60u);
}

TEST(MediaSession, PassesOnThatAKeyFrameIsWanted) {
  MediaPair pair({.latency = 25ms});
  const auto id = pair.ada.negotiation.add_track(MediaKind::kVideo, {});
  pair.connect();
  Camera camera(pair, *id);
  film(pair, camera, 30);
  pair.ada.key_frame_requests.clear();
  const TransceiverId theirs = pair.bob.negotiation.transceivers().front().id;
  pair.bob.session.request_key_frame(pair.now, theirs, {});
  pair.drain();
  pair.run_for(100ms);
  ASSERT_EQ(pair.ada.key_frame_requests.size(), 1u);
  EXPECT_EQ(pair.ada.key_frame_requests[0].transceiver, *id);
  EXPECT_GE(stats_of<OutboundRtpStats>(pair.ada).pli_count, 1u);
}

TEST(MediaSession, ARepeatedFullIntraRequestIsNoSecondOne) {
  MediaPair pair({});
  const auto id = pair.ada.negotiation.add_track(MediaKind::kVideo, {});
  pair.connect();
  const auto ssrc = pair.ada.negotiation.find(*id)->ssrcs.front().media;
  for (const std::uint8_t number : std::vector<std::uint8_t>{7, 7, 8}) {
    ByteWriter writer;
    write_to(writer,
             rtp::rtcp::FullIntraRequest{.entries = {{.ssrc = ssrc, .sequence_number = number}}});
    pair.ada.session.handle_rtcp(pair.now, writer.view());
  }
  pair.drain();
  EXPECT_EQ(pair.ada.key_frame_requests.size(), 2u);
}

TEST(MediaSession, AStreamThatBeginsAnewHasAnotherSsrc) {
  MediaPair pair({});
  (void)pair.ada.negotiation.add_track(MediaKind::kAudio, {});
  pair.connect();
  const auto id =
      pair.bob.negotiation.agreements()[0].receive_extensions.id_of(rtp::Extension::kMid);
  const auto hand_in = [&](std::uint32_t ssrc, std::uint16_t sequence_number) {
    rtp::PacketWriter writer({.payload_type = rtp::PayloadType{111},
                              .sequence_number = sequence_number,
                              .ssrc = rtp::Ssrc{ssrc}});
    writer.add_extension(*id, as_bytes("0"));
    const std::uint8_t payload[] = {0x78, 1};
    writer.set_payload(payload);
    pair.bob.session.handle_rtp(pair.now, writer.take());
  };
  hand_in(1, 50'000);
  hand_in(2, 10);  // Of the first stream it would be long gone.
  pair.drain();
  EXPECT_EQ(pair.bob.frames.size(), 2u);
  EXPECT_EQ(stats_of<InboundRtpStats>(pair.bob).ssrc, 2u);
}

TEST(MediaSession, ReportsTellTheRoundTripAndTheLoss) {
  MediaPair pair({.latency = 40ms, .loss = 0.1}, 5);
  const auto id = pair.ada.negotiation.add_track(MediaKind::kVideo, {});
  pair.connect();
  Camera camera(pair, *id);
  film(pair, camera, 200);
  const auto remote = stats_of<RemoteInboundRtpStats>(pair.ada);
  ASSERT_TRUE(remote.round_trip_time);
  EXPECT_GE(*remote.round_trip_time, 79ms);
  EXPECT_LE(*remote.round_trip_time, 82ms);
  EXPECT_GT(remote.packets_lost, 20);
  const auto theirs = stats_of<RemoteOutboundRtpStats>(pair.bob);
  EXPECT_GT(theirs.packets_sent, 400u);
  EXPECT_GT(theirs.reports_sent, 3u);
  const auto inbound = stats_of<InboundRtpStats>(pair.bob);
  EXPECT_EQ(inbound.frames_received, 200u);
  EXPECT_EQ(stats_of<CodecStats>(pair.bob).mime_type, "video/VP8");
}

TEST(MediaSession, FindsOutHowFastThePathIs) {
  MediaPair pair({.latency = 20ms, .bits_per_second = 2'000'000}, 3);
  const auto id = pair.ada.negotiation.add_track(MediaKind::kVideo, {});
  pair.connect();
  EXPECT_EQ(pair.ada.target, DataRate::kbps(300));
  for (std::uint32_t i = 0; i < 900; ++i) {  // An encoder that follows the target.
    const auto bytes = static_cast<std::size_t>(pair.ada.target.in_bps() / 8 / 30);
    ASSERT_TRUE(pair.send(*id, {.timestamp = i * 3'000,
                                .captured = pair.now,
                                .key = i == 0,
                                .data = make_vp8_frame(i, i == 0, bytes)}));
    pair.run_for(kFrameTime);
  }
  EXPECT_GT(pair.ada.target, DataRate::kbps(1'500));
  EXPECT_LT(pair.ada.target, DataRate::kbps(2'300));
}

TEST(MediaSession, SendsNothingWhileAnEncodingIsNotActive) {
  MediaPair pair({.latency = 20ms});
  const auto id = pair.ada.negotiation.add_track(
      MediaKind::kVideo, {.encodings = {{.rid = "h", .active = false}, {.rid = "l"}}});
  pair.connect();
  Camera high(pair, *id, "h");
  Camera low(pair, *id, "l");
  high.send_frame();
  low.send_frame();
  pair.run_for(100ms);
  ASSERT_EQ(pair.bob.frames.size(), 1u);
  EXPECT_EQ(pair.bob.frames[0].rid, "l");
}

TEST(MediaSession, RefusesFramesThatNobodyAgreedTo) {
  MediaPair pair({});
  const auto id = pair.ada.negotiation.add_track(MediaKind::kVideo, {});
  const auto frame = make_vp8_frame(0, true, 100);
  const auto kind_of_error = [&](TransceiverId to, const OutgoingFrame& each) {
    const auto sent = pair.ada.session.send_frame(pair.now, to, each);
    return sent ? std::optional<Error::Kind>{} : sent.error().kind;
  };
  EXPECT_EQ(kind_of_error(*id, {.data = frame}), Error::Kind::kInvalidState);
  pair.connect();
  EXPECT_EQ(kind_of_error(*id, {.data = frame}), std::nullopt);
  EXPECT_EQ(kind_of_error(*id, {.rid = "h", .data = frame}), Error::Kind::kInvalidState);
  EXPECT_EQ(kind_of_error({99}, {.data = frame}), Error::Kind::kInvalidState);
  EXPECT_EQ(kind_of_error(*id, {.codec = "H265", .data = frame}), Error::Kind::kOperation);
  EXPECT_EQ(kind_of_error(*id, {.data = {}}), Error::Kind::kOperation);
}

TEST(MediaSession, CountsWhatIsNotForIt) {
  MediaPair pair({});
  (void)pair.ada.negotiation.add_track(MediaKind::kVideo, {});
  pair.connect();
  const std::uint8_t garbage[] = {0x80, 0x60, 1, 2, 3};
  pair.bob.session.handle_rtp(pair.now, garbage);
  pair.bob.session.handle_rtcp(pair.now, garbage);
  EXPECT_EQ(pair.bob.session.counters().malformed_rtp, 1u);
  EXPECT_EQ(pair.bob.session.counters().malformed_rtcp, 1u);
  const std::uint8_t foreign[] = {0x80, 0x7F, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 1, 2};
  pair.bob.session.handle_rtp(pair.now, foreign);
  EXPECT_EQ(pair.bob.session.counters().unroutable, 1u);
  EXPECT_TRUE(pair.bob.frames.empty());
}

TEST(MediaSession, FallsSilentWhenItIsClosed) {
  MediaPair pair({.latency = 20ms});
  const auto id = pair.ada.negotiation.add_track(MediaKind::kVideo, {});
  pair.connect();
  Camera camera(pair, *id);
  camera.send_frame();
  pair.ada.session.close(pair.now);
  EXPECT_EQ(pair.ada.session.next_deadline(), kNever);
  EXPECT_FALSE(pair.ada.session.send_frame(pair.now, *id, {.data = camera.sent[0]}));
}

}  // namespace
}  // namespace parley::peer
