#include "sfu/uplink.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "rtp/rtx.h"
#include "sfu/test_publisher.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;
namespace rtcp = rtp::rtcp;

constexpr Time kStart{1h};

std::vector<Uplink::Section> sections() {
  Uplink::Section microphone{.source = Source::kMicrophone};
  microphone.agreement = {.kind = sdp::MediaKind::kAudio,
                          .mid = "0",
                          .receives = true,
                          .reduced_size = true,
                          .receive_codecs = test_audio_codecs(),
                          .receive_extensions = test_extensions()};
  Uplink::Section camera{.source = Source::kCamera};
  camera.agreement = {.kind = sdp::MediaKind::kVideo,
                      .mid = "1",
                      .receives = true,
                      .reduced_size = true,
                      .receive_codecs = test_video_codecs(),
                      .receive_extensions = test_extensions(),
                      .receive_rids = {"q", "h", "f"}};
  return {microphone, camera};
}

class UplinkTest : public testing::Test {
 protected:
  std::optional<Uplink::Arrived> send(const std::vector<std::uint8_t>& packet) {
    return uplink.handle_rtp(now, packet);
  }
  std::vector<rtcp::Message> messages() {
    std::vector<rtcp::Message> all;
    while (const auto datagram = uplink.poll_rtcp(now)) {
      EXPECT_LT(datagram->size(), 1'200u);
      const auto parsed = rtcp::parse(*datagram).value();
      all.insert(all.end(), parsed.begin(), parsed.end());
    }
    return all;
  }
  template <class Message>
  static std::vector<Message> only(const std::vector<rtcp::Message>& all) {
    std::vector<Message> found;
    for (const auto& message : all) {
      if (const auto* one = std::get_if<Message>(&message)) found.push_back(*one);
    }
    return found;
  }
  // As the browser sends `packet` again.
  static std::vector<std::uint8_t> rtx(const std::vector<std::uint8_t>& packet,
                                       std::uint16_t sequence_number = 1) {
    return rtp::to_rtx(
        *rtp::PacketView::parse(packet),
        {.ssrc = rtp::Ssrc{2'001}, .payload_type = kRtx, .sequence_number = sequence_number});
  }

  Time now = kStart;
  PacketPool pool;
  SeededRandom random{1};
  Uplink uplink{{}, {7}, sections(), pool, random};
  TestStream voice{.ssrc = rtp::Ssrc{1}, .payload_type = kOpus, .mid = "0"};
  TestStream low{.ssrc = rtp::Ssrc{1'001}, .mid = "1", .rid = "q"};
  TestStream middle{.ssrc = rtp::Ssrc{1'002}, .mid = "1", .rid = "h"};
};

TEST_F(UplinkTest, FindsOutWhoseAPacketIs) {
  const auto sound = send(voice.sound());
  ASSERT_TRUE(sound);
  EXPECT_EQ(sound->publication, uplink.find(Source::kMicrophone));
  const auto picture = send(middle.frame({.key = true})[0]);
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->publication, uplink.find(Source::kCamera));
  EXPECT_EQ(picture->packet->encoding, 1);
  EXPECT_EQ(picture->publication->config().participant, ParticipantId{7});
  EXPECT_EQ(uplink.publications().size(), 2u);
  EXPECT_EQ(uplink.find(Source::kScreen), nullptr);
}

TEST_F(UplinkTest, KnowsAStreamThatNoLongerSaysWhoseItIs) {
  send(low.frame({.key = true})[0]);
  send(middle.frame({.key = true})[0]);
  low.mid = low.rid = middle.mid = middle.rid = "";
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(send(low.frame({})[0])->packet->encoding, 0);
    EXPECT_EQ(send(middle.frame({})[0])->packet->encoding, 1);
  }
}

// A screen of 20 Mbit/s, a camera of three encodings, sound: a fifth of what is let through.
TEST_F(UplinkTest, LetsThroughWhatAParticipantMaySendAndCountsWhatIsMore) {
  send(low.frame({.key = true})[0]);
  for (int second = 0; second < 10; ++second) {
    for (int i = 0; i < 3'300; ++i) send(low.frame({})[0]);
    now += 1s;
  }
  EXPECT_EQ(uplink.counters().too_many, 0u);
  for (int i = 0; i < 12'000; ++i) send(low.frame({})[0]);
  EXPECT_EQ(uplink.counters().too_many, 2'000u);
  EXPECT_EQ(uplink.find(Source::kCamera)->counters().packets, 1u + 33'000u + 10'000u);
  now += 10ms;
  for (int i = 0; i < 200; ++i) send(low.frame({})[0]);
  EXPECT_EQ(uplink.counters().too_many, 2'100u);
}

TEST_F(UplinkTest, DropsWhatIsOfNoSection) {
  middle.rid = "x";
  EXPECT_FALSE(send(middle.frame({.key = true})[0]));
  middle.rid = "h";
  middle.mid = "9";
  EXPECT_FALSE(send(middle.frame({.key = true})[0]));
  EXPECT_EQ(uplink.counters().unroutable, 2u);
  EXPECT_FALSE(send({1, 2, 3}));
  EXPECT_EQ(uplink.counters().malformed, 1u);
}

TEST_F(UplinkTest, DropsPayloadTypesThatWereNotAgreedOn) {
  send(low.frame({.key = true})[0]);
  low.payload_type = rtp::PayloadType{55};
  EXPECT_FALSE(send(low.frame({})[0]));
  EXPECT_EQ(uplink.find(Source::kCamera)->counters().unknown_payload, 1u);
}

TEST_F(UplinkTest, TellsOfEachArrivalWhateverBecameOfThePacket) {
  low.transport_sequence_number = 100;
  const auto frame = low.frame({.key = true, .packets = 2});
  send(frame[0]);
  send(frame[1]);
  low.mid = "9";
  low.ssrc = rtp::Ssrc{9};
  send(low.frame({})[0]);
  EXPECT_EQ(uplink.next_deadline(), kStart + 50ms);
  now += 50ms;
  const auto feedback = only<rtcp::TransportFeedback>(messages());
  ASSERT_EQ(feedback.size(), 1u);
  EXPECT_EQ(feedback[0].base_sequence, 100);
  EXPECT_EQ(feedback[0].deltas.size(), 3u);
  EXPECT_EQ(feedback[0].media, rtp::Ssrc{1'001});
}

TEST_F(UplinkTest, AsksForWhatIsMissingAndTakesItByRtx) {
  const auto frame = low.frame({.key = true, .packets = 3});
  send(frame[0]);
  send(frame[2]);
  now += 10ms;
  const auto nacks = only<rtcp::Nack>(messages());
  ASSERT_EQ(nacks.size(), 1u);
  EXPECT_EQ(nacks[0].media, low.ssrc);
  EXPECT_EQ(nacks[0].missing, std::vector<std::uint16_t>{65'531});

  TestStream repair{
      .ssrc = rtp::Ssrc{2'001}, .payload_type = kRtx, .mid = "1", .repaired_rid = "q"};
  send(repair.packet({}, false));  // Padding: it tells whose the stream is.
  EXPECT_EQ(uplink.counters().padding, 1u);
  const auto repaired = send(rtx(frame[1]));
  ASSERT_TRUE(repaired);
  EXPECT_TRUE(repaired->packet->repaired);
  EXPECT_EQ(repaired->packet->seq.on_wire(), 65'531);
  EXPECT_EQ(repaired->packet->payload_type, kVp8);
  EXPECT_TRUE(
      std::ranges::equal(repaired->packet->payload, rtp::PacketView::parse(frame[1])->payload()));
  EXPECT_FALSE(send(rtx(frame[1], 2)));
  EXPECT_EQ(uplink.find(Source::kCamera)->counters().duplicates, 1u);
  now += 1s;
  EXPECT_TRUE(only<rtcp::Nack>(messages()).empty());
}

TEST_F(UplinkTest, ReportsAllStreamsAndItsClock) {
  send(voice.sound());
  send(low.frame({.key = true})[0]);
  send(middle.frame({.key = true})[0]);
  now += 100ms;
  const auto all = messages();
  const auto reports = only<rtcp::ReceiverReport>(all);
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].blocks.size(), 3u);
  const auto extended = only<rtcp::ExtendedReport>(all);
  ASSERT_EQ(extended.size(), 1u);
  EXPECT_EQ(extended[0].receiver_reference_time, rtp::NtpTime::of(now));
  EXPECT_EQ(uplink.next_deadline(), now + 1s - 99ms);  // What was sent goes out of the history.
}

TEST_F(UplinkTest, IsSilentWhileNothingComes) {
  EXPECT_EQ(uplink.next_deadline(), kNever);
  send(voice.sound());
  for (int i = 0; i < 10 && uplink.next_deadline() != kNever; ++i) {
    now = std::max(now, uplink.next_deadline());
    uplink.handle_timeout(now);
    messages();
  }
  EXPECT_EQ(uplink.next_deadline(), kNever);
}

// The round trip sets when a packet is asked for again.
TEST_F(UplinkTest, LearnsTheRoundTripFromTheAnswerToItsClock) {
  send(low.frame({.key = true})[0]);
  now += 100ms;
  const auto asked = only<rtcp::ExtendedReport>(messages())[0];
  now += 250ms;
  uplink.handle_rtcp(
      now, rtcp::ExtendedReport{
               .last_receiver_references = {{.ssrc = asked.sender,
                                             .last_rr = asked.receiver_reference_time->middle(),
                                             .delay_since_last_rr = rtp::to_fixed_16_16(50ms)}}});
  const auto frame = low.frame({.packets = 3});
  send(frame[0]);
  send(frame[2]);
  now += 10ms;
  EXPECT_EQ(only<rtcp::Nack>(messages()).size(), 1u);
  now += 199ms;
  EXPECT_TRUE(only<rtcp::Nack>(messages()).empty());
  now += 2ms;
  EXPECT_EQ(only<rtcp::Nack>(messages()).size(), 1u);
}

TEST_F(UplinkTest, ForwardsNothingThatIsNotPermitted) {
  send(low.frame({.key = true})[0]);
  uplink.set_permitted(Source::kCamera, false);
  EXPECT_FALSE(uplink.is_permitted(Source::kCamera));
  EXPECT_TRUE(uplink.is_permitted(Source::kMicrophone));
  EXPECT_EQ(pool.in_use(), 0u);
  const auto forbidden = low.frame({.packets = 5});
  for (const auto& packet : forbidden) EXPECT_FALSE(send(packet));
  EXPECT_TRUE(send(voice.sound()));
  EXPECT_EQ(uplink.counters().not_permitted, 5u);

  uplink.set_permitted(Source::kCamera, true);
  EXPECT_FALSE(send(rtx(forbidden[2])));
  EXPECT_TRUE(send(low.frame({})[0]));
  now += 10ms;
  const auto all = messages();
  EXPECT_TRUE(only<rtcp::Nack>(all).empty());
  EXPECT_EQ(only<rtcp::PictureLossIndication>(all).size(), 1u);
  EXPECT_FALSE(send(forbidden[3]));
}

TEST_F(UplinkTest, AsksForKeyFramesAsThePublisherKnowsIt) {
  auto only_fir = sections();
  for (auto& codec : only_fir[1].agreement.receive_codecs) codec.feedback = {"nack", "ccm fir"};
  Uplink other({}, {8}, only_fir, pool, random);
  for (Uplink* each : {&uplink, &other}) {
    (void)each->handle_rtp(now, low.frame({.key = true})[0]);
    each->find(Source::kCamera)->request_key_frame(now, 0);
    each->find(Source::kCamera)->request_key_frame(now, 0);
  }
  const auto pli = only<rtcp::PictureLossIndication>(messages());
  ASSERT_EQ(pli.size(), 1u);
  EXPECT_EQ(pli[0].media, low.ssrc);
  const auto fir = rtcp::parse(*other.poll_rtcp(now)).value();
  ASSERT_EQ(fir.size(), 1u);
  EXPECT_EQ(std::get<rtcp::FullIntraRequest>(fir[0]).entries[0].ssrc, low.ssrc);
}

TEST_F(UplinkTest, BeginsWithAReportWhereReducedSizeWasNotAgreedOn) {
  auto full = sections();
  full[1].agreement.reduced_size = false;
  Uplink other({}, {8}, full, pool, random);
  (void)other.handle_rtp(now, low.frame({.key = true})[0]);
  other.find(Source::kCamera)->request_key_frame(now, 0);
  const auto all = rtcp::parse(*other.poll_rtcp(now)).value();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<rtcp::ReceiverReport>(all[0]));
}

// Sound and pictures of one participant, whose clock is two hours ahead of ours: what was captured
// at one moment keeps one moment.
TEST_F(UplinkTest, MapsAllTimestampsToOneClock) {
  const auto report = [&](const TestStream& stream, Duration delay) {
    const Time there = now + 2h;
    uplink.handle_rtcp(now + delay, rtcp::SenderReport{.sender = stream.ssrc,
                                                       .ntp = rtp::NtpTime::of(there),
                                                       .rtp_timestamp = stream.timestamp});
  };
  const auto sound = send(voice.sound())->packet;
  const auto picture = send(low.frame({.key = true})[0])->packet;
  Publication& microphone = *uplink.find(Source::kMicrophone);
  Publication& camera = *uplink.find(Source::kCamera);
  EXPECT_EQ(microphone.capture_time(0, sound->timestamp), now);  // By arrival, as yet.
  EXPECT_FALSE(camera.capture_time(1, 0));
  report(voice, 30ms);
  report(low, 80ms);
  const auto heard = microphone.capture_time(0, sound->timestamp + 960 + 48'000);
  const auto seen = camera.capture_time(0, picture->timestamp + 3'000 + 90'000);
  ASSERT_TRUE(heard && seen);
  EXPECT_EQ(*heard, *seen);
  EXPECT_EQ(*heard, now + 30ms + 1s);
}

TEST_F(UplinkTest, ConvertsTimestampsBetweenEncodings) {
  const auto first = send(low.frame({.key = true})[0])->packet;
  const auto second = send(middle.frame({.key = true})[0])->packet;
  Publication& camera = *uplink.find(Source::kCamera);
  EXPECT_FALSE(camera.convert_timestamp(0, first->timestamp, 1));
  for (const TestStream* stream : {&low, &middle}) {
    uplink.handle_rtcp(now, rtcp::SenderReport{.sender = stream->ssrc,
                                               .ntp = rtp::NtpTime::of(now + 1h),
                                               .rtp_timestamp = stream->timestamp});
  }
  EXPECT_EQ(camera.convert_timestamp(0, first->timestamp + 9'000, 1), second->timestamp + 9'000);
  EXPECT_EQ(camera.convert_timestamp(1, 7, 1), 7u);
}

TEST_F(UplinkTest, RemembersABoundedNumberOfStreams) {
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    low.ssrc = rtp::Ssrc{i + 10};
    (void)send(low.frame({})[0]);
    now += 100us;
  }
  const auto& counters = uplink.find(Source::kCamera)->counters();
  EXPECT_LE(counters.restarts, 5u);
  EXPECT_GE(counters.refused, 9'900u);
  EXPECT_LE(only<rtcp::PictureLossIndication>(messages()).size(), 2u);
  EXPECT_TRUE(send(voice.sound()));
}

}  // namespace
}  // namespace parley::sfu
