#include "server/whip/program_offer.h"

#include <gtest/gtest.h>

#include <vector>

#include "sdp/parse.h"

namespace parley::server {
namespace {

const std::string kHead =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE a v s x\r\n";

std::string section(std::string_view kind, std::string_view mid, std::string_view direction) {
  return "m=" + std::string(kind) +
         " 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\na=mid:" + std::string(mid) +
         "\r\na=" + std::string(direction) + "\r\n";
}

std::vector<sdp::Direction> directions_of(const ProgramOffer& offer) {
  std::vector<sdp::Direction> directions;
  const auto parsed = sdp::parse(offer.sdp).value();
  for (const auto& section : parsed.sections) directions.push_back(section.direction);
  return directions;
}

using enum sdp::Direction;

TEST(ProgramOffer, TakesTheFirstOfEachKindForMicrophoneAndCamera) {
  const auto offer =
      ProgramOffer::parse(ProgramKind::kPublisher, kHead + section("video", "v", "sendonly") +
                                                       section("audio", "a", "sendonly") +
                                                       section("video", "s", "sendonly"));
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->sources.to_text(), R"({"v":"camera","a":"microphone","s":"screen"})");
  EXPECT_TRUE(offer->microphone);
  EXPECT_TRUE(offer->camera);
  EXPECT_TRUE(offer->screen);
}

TEST(ProgramOffer, TakesThemForAScreenWhereThatIsSaid) {
  const auto offer = ProgramOffer::parse(
      ProgramKind::kPublisher,
      kHead + section("video", "v", "sendonly") + section("audio", "a", "sendonly"),
      ProgramOffer::Shows::kScreen);
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->sources.to_text(), R"({"v":"screen","a":"screen-audio"})");
  EXPECT_FALSE(offer->microphone);
  EXPECT_FALSE(offer->camera);
  EXPECT_TRUE(offer->screen);
}

TEST(ProgramOffer, UsesNoMoreThanThereAreNamesFor) {
  const auto offer =
      ProgramOffer::parse(ProgramKind::kPublisher, kHead + section("video", "v", "sendonly") +
                                                       section("video", "s", "sendonly") +
                                                       section("video", "x", "sendonly"));
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->sources.to_text(), R"({"v":"camera","s":"screen"})");
  EXPECT_EQ(directions_of(*offer), (std::vector{kSendOnly, kSendOnly, kInactive}));
}

TEST(ProgramOffer, GoesOneWayOnly) {
  const std::string both =
      kHead + section("video", "v", "sendrecv") + section("audio", "a", "sendrecv");
  const auto publisher =
      ProgramOffer::parse(ProgramKind::kPublisher, both + section("audio", "x", "recvonly"));
  ASSERT_TRUE(publisher);
  EXPECT_EQ(directions_of(*publisher), (std::vector{kSendOnly, kSendOnly, kInactive}));
  EXPECT_EQ(publisher->pictures, 0u);
  const auto player =
      ProgramOffer::parse(ProgramKind::kPlayer, both + section("audio", "x", "sendonly"));
  ASSERT_TRUE(player);
  EXPECT_EQ(directions_of(*player), (std::vector{kRecvOnly, kRecvOnly, kInactive}));
  EXPECT_EQ(player->sources.to_text(), "{}");
  EXPECT_FALSE(player->microphone || player->camera || player->screen);
  EXPECT_EQ(player->pictures, 1u);
}

TEST(ProgramOffer, LeavesADataChannelAlone) {
  const auto offer = ProgramOffer::parse(
      ProgramKind::kPlayer,
      kHead + section("video", "v", "recvonly") +
          "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:a\r\na=sctp-port:5000\r\n");
  ASSERT_TRUE(offer);
  EXPECT_EQ(directions_of(*offer), (std::vector{kRecvOnly, kSendRecv}));
}

TEST(ProgramOffer, RefusesOneThatWantsTheOther) {
  const auto player =
      ProgramOffer::parse(ProgramKind::kPublisher, kHead + section("video", "v", "recvonly"));
  ASSERT_FALSE(player);
  EXPECT_EQ(player.error(), "The offer sends nothing: play at /whep/ROOM.");
  const auto publisher =
      ProgramOffer::parse(ProgramKind::kPlayer, kHead + section("video", "v", "sendonly"));
  ASSERT_FALSE(publisher);
  EXPECT_EQ(publisher.error(), "The offer receives nothing: publish at /whip/ROOM.");
  EXPECT_FALSE(ProgramOffer::parse(ProgramKind::kPublisher, kHead));
}

TEST(ProgramOffer, SaysWhatIsWrongWithOneThatIsNone) {
  const auto offer = ProgramOffer::parse(ProgramKind::kPublisher, "hello");
  ASSERT_FALSE(offer);
  EXPECT_FALSE(offer.error().empty());
}

TEST(ProgramOffer, IsAnsweredByOneStream) {
  const std::string text = kHead + section("video", "v", "sendonly") + "a=msid:- slot-v\r\n" +
                           section("audio", "a", "sendonly") + "a=msid:- slot-a\r\n";
  const std::string answer = as_program_answer(ProgramKind::kPlayer, kHead, text);
  EXPECT_TRUE(answer.contains("a=msid:parley slot-v\r\n")) << answer;
  EXPECT_TRUE(answer.contains("a=msid:parley slot-a\r\n")) << answer;
  EXPECT_TRUE(
      as_program_answer(ProgramKind::kPublisher, kHead, text).contains("a=msid:- slot-v\r\n"));
  EXPECT_EQ(as_program_answer(ProgramKind::kPlayer, kHead, "hello"), "hello");
}

TEST(ProgramOffer, IsAnsweredByOnePortForRtpAndRtcpWhereItSaidSo) {
  const std::string mux = "a=rtcp-mux\r\n", only = mux + "a=rtcp-mux-only\r\n";
  const auto video = section("video", "v", "sendonly"), audio = section("audio", "a", "sendonly");
  for (const ProgramKind kind : {ProgramKind::kPublisher, ProgramKind::kPlayer}) {
    const std::string answer = as_program_answer(kind, kHead + video + only + audio + mux,
                                                 kHead + video + mux + audio + mux);
    const auto parsed = sdp::parse(answer);
    ASSERT_TRUE(parsed) << to_string(parsed.error());
    EXPECT_TRUE(parsed->find("v")->rtcp_mux_only);
    EXPECT_FALSE(parsed->find("a")->rtcp_mux_only);
  }
}

}  // namespace
}  // namespace parley::server
