#include "sdp/parse.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "sdp/test_recordings.h"

namespace parley::sdp {
namespace {

using Reason = ParseError::Reason;

constexpr std::string_view kHead = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

SessionDescription parse_lines(std::initializer_list<std::string_view> lines) {
  std::string text(kHead);
  for (const std::string_view line : lines) text += std::string(line) + "\r\n";
  auto result = parse(text);
  EXPECT_TRUE(result.has_value()) << to_string(result.error());
  return result.value_or(SessionDescription{});
}

ParseError error_of(std::initializer_list<std::string_view> lines, const ParseLimits& limits = {}) {
  std::string text(kHead);
  for (const std::string_view line : lines) text += std::string(line) + "\r\n";
  const auto result = parse(text, limits);
  EXPECT_FALSE(result.has_value());
  return result ? ParseError{} : result.error();
}

class Recording : public testing::TestWithParam<std::string_view> {};

TEST_P(Recording, IsTheSameAfterPrintingAndParsing) {
  const auto description = parse(read_recording(GetParam()));
  ASSERT_TRUE(description.has_value()) << to_string(description.error());
  const auto again = parse(to_string(*description));
  ASSERT_TRUE(again.has_value()) << to_string(again.error());
  EXPECT_EQ(*again, *description);
}

// Every line that the browser wrote stands in what we print, save those that say nothing and those
// of the session that hold for each section.
TEST_P(Recording, LosesNoLine) {
  const std::string text = read_recording(GetParam());
  const std::string printed = to_string(*parse(text));
  std::set<std::string_view> lines;
  for (std::string_view rest = printed; !rest.empty();) {
    const auto end = rest.find("\r\n");
    lines.insert(rest.substr(0, end));
    rest.remove_prefix(end + 2);
  }
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = rest.find("\r\n");
    std::string line(rest.substr(0, end));
    rest.remove_prefix(end + 2);
    if (line == "a=rtpmap:9 G722/8000/1") line = "a=rtpmap:9 G722/8000";
    EXPECT_TRUE(lines.contains(line)) << line;
  }
}

TEST_P(Recording, TruncatedAnywhereNeverCrashes) {
  const std::string text = read_recording(GetParam());
  for (std::size_t size = 0; size < text.size(); size += 3) {
    const auto result = parse(std::string_view(text).substr(0, size));
    if (result) to_string(*result);
  }
}

TEST_P(Recording, ReadsTheSameWithBareLineFeeds) {
  std::string text = read_recording(GetParam());
  const auto description = parse(text);
  std::erase(text, '\r');
  EXPECT_EQ(parse(text), description);
}

INSTANTIATE_TEST_SUITE_P(Browsers, Recording, testing::ValuesIn(kRecordings));

TEST(Parse, TypesWhatChromiumOffers) {
  const auto offer = parse(read_recording("chromium_offer.sdp")).value();
  EXPECT_EQ(offer.origin.session_id, "828393635845233746");
  EXPECT_EQ(offer.origin.version, 2u);
  EXPECT_EQ(offer.bundles, (std::vector<std::vector<std::string>>{{"0", "1", "2"}}));
  ASSERT_EQ(offer.sections.size(), 3u);

  const MediaSection& audio = offer.sections[0];
  EXPECT_EQ(audio.kind, MediaKind::kAudio);
  EXPECT_EQ(audio.port, 41821);
  EXPECT_EQ(audio.mid, "0");
  EXPECT_EQ(audio.direction, Direction::kSendRecv);
  EXPECT_EQ(audio.candidates.size(), 8u);
  EXPECT_EQ(audio.setup, Setup::kActpass);
  EXPECT_EQ(audio.ice_ufrag, "8Xag");
  EXPECT_EQ(audio.ice_pwd, "zqso1bwx6kSAtoso8ckK0E7j");
  EXPECT_TRUE(audio.has_ice_option("trickle"));
  EXPECT_TRUE(audio.rtcp_mux);
  EXPECT_TRUE(audio.rtcp_rsize);
  EXPECT_TRUE(audio.extmap_allow_mixed);
  ASSERT_EQ(audio.fingerprints.size(), 1u);
  EXPECT_EQ(audio.fingerprints[0].algorithm, "sha-256");
  EXPECT_EQ(audio.fingerprints[0].bytes.size(), 32u);
  EXPECT_EQ(audio.fingerprints[0].bytes[0], 0x51);
  EXPECT_EQ(audio.codecs[0], (Codec{.payload_type = 111,
                                    .name = "opus",
                                    .clock_rate = 48'000,
                                    .channels = 2,
                                    .parameters = {{"minptime", "10"}, {"useinbandfec", "1"}},
                                    .feedback = {"transport-cc"}}));
  EXPECT_EQ(audio.codecs[1].red_payload_type(), 111);
  EXPECT_EQ(audio.msids, (std::vector<Msid>{{"-", "1df24e38-c750-43d4-942f-50e9fc80d070"}}));
  EXPECT_EQ(audio.sources, (std::vector<Source>{{3057589785, "K42XugF9qf6+xrtK",
                                                 "- 1df24e38-c750-43d4-942f-50e9fc80d070"}}));

  const MediaSection& video = offer.sections[1];
  EXPECT_EQ(video.codecs.size(), 23u);
  EXPECT_EQ(video.codecs[1].apt(), 96);
  EXPECT_EQ(video.rids, (std::vector<Rid>{{"h", true, ""}, {"l", true, ""}}));
  EXPECT_EQ(video.simulcast, (Simulcast{.send = {{{"h"}}, {{"l"}}}}));
  EXPECT_EQ(video.extensions[0], (Extension{14, "urn:ietf:params:rtp-hdrext:toffset"}));

  const MediaSection& data = offer.sections[2];
  EXPECT_TRUE(data.is_data_channel());
  EXPECT_EQ(data.formats, (std::vector<std::string>{"webrtc-datachannel"}));
  EXPECT_EQ(data.sctp_port, 5000);
  EXPECT_EQ(data.max_message_size, 262'144u);
}

TEST(Parse, TypesWhatFirefoxOffers) {
  const auto offer = parse(read_recording("firefox_offer.sdp")).value();
  const MediaSection& audio = offer.sections[0];
  EXPECT_TRUE(audio.end_of_candidates);
  EXPECT_EQ(audio.extensions[1],
            (Extension{2, "urn:ietf:params:rtp-hdrext:csrc-audio-level", Direction::kRecvOnly}));
  const MediaSection& video = offer.sections[1];
  EXPECT_TRUE(video.bundle_only);
  EXPECT_FALSE(video.is_rejected());
  EXPECT_EQ(video.port, 0);
  EXPECT_EQ(video.fingerprints, audio.fingerprints);  // Said once, for the session.
  EXPECT_EQ(video.fingerprints[0].bytes.size(), 32u);
  EXPECT_TRUE(video.has_ice_option("trickle"));
  EXPECT_EQ(video.sources.size(), 4u);
  EXPECT_EQ(video.source_groups, (std::vector<SourceGroup>{{"FID", {2196267261, 3704185626}},
                                                           {"FID", {2968653690, 263094642}}}));
  EXPECT_EQ(offer.sections[2].max_message_size, 1'073'741'823u);
}

TEST(Parse, KnowsThePayloadTypesThatNeedNoMap) {
  const auto description = parse_lines({"m=audio 9 RTP/AVP 0 8 9 13 96"});
  const auto& codecs = description.sections[0].codecs;
  EXPECT_TRUE(codecs[0].is("pcmu"));
  EXPECT_EQ(codecs[0].clock_rate, 8'000u);
  EXPECT_TRUE(codecs[1].is("PCMA"));
  EXPECT_TRUE(codecs[2].is("G722"));
  EXPECT_TRUE(codecs[3].is("CN"));
  EXPECT_EQ(codecs[4].name, "");
}

TEST(Parse, TheSectionsOwnWordCountsBeforeTheSessions) {
  const auto description =
      parse_lines({"a=recvonly", "a=setup:active", "a=ice-ufrag:session", "a=ice-pwd:sessionpwd",
                   "m=audio 9 UDP/TLS/RTP/SAVPF 0", "m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=sendonly",
                   "a=setup:passive", "a=ice-ufrag:own", "a=ice-pwd:ownpwd"});
  EXPECT_EQ(description.sections[0].direction, Direction::kRecvOnly);
  EXPECT_EQ(description.sections[0].setup, Setup::kActive);
  EXPECT_EQ(description.sections[0].ice_pwd, "sessionpwd");
  EXPECT_EQ(description.sections[1].direction, Direction::kSendOnly);
  EXPECT_EQ(description.sections[1].setup, Setup::kPassive);
  EXPECT_EQ(description.sections[1].ice_ufrag, "own");
}

TEST(Parse, IsTolerantOfWhatItDoesNotKnow) {
  const auto description = parse_lines(
      {"b=AS:300", "x=whatever", "a=something", "", "m=audio 9 UDP/TLS/RTP/SAVPF 96 96", "i=title",
       "b=TIAS:1", "a=rtpmap:97 other/1", "a=fmtp:97 x", "a=new-thing:to come", "a=ptime:20"});
  EXPECT_EQ(description.others, (std::vector<Attribute>{{"something", ""}}));
  EXPECT_EQ(description.sections[0].others,
            (std::vector<Attribute>{{"new-thing", "to come"}, {"ptime", "20"}}));
  EXPECT_EQ(description.sections[0].codecs.size(), 1u);
}

TEST(Parse, AppliesFeedbackOfAllPayloadTypesToEach) {
  const auto description =
      parse_lines({"m=video 9 UDP/TLS/RTP/SAVPF 96 97", "a=rtcp-fb:* nack pli"});
  for (const Codec& codec : description.sections[0].codecs) {
    EXPECT_TRUE(codec.has_feedback("nack pli"));
  }
}

TEST(Parse, ReadsSimulcastWithAlternativesAndPauses) {
  const auto description =
      parse_lines({"m=video 9 UDP/TLS/RTP/SAVPF 96", "a=simulcast:send 1,~4;2;~3 recv c"});
  EXPECT_EQ(description.sections[0].simulcast,
            (Simulcast{.send = {{{"1"}, {"4", true}}, {{"2"}}, {{"3", true}}}, .recv = {{{"c"}}}}));
  EXPECT_EQ(parse(to_string(description)), description);
}

TEST(Parse, ReadsTheOlderWayOfDataChannels) {
  const auto description =
      parse_lines({"m=application 9 DTLS/SCTP 5000", "a=sctpmap:5000 webrtc-datachannel 1024"});
  EXPECT_TRUE(description.sections[0].is_data_channel());
  EXPECT_EQ(description.sections[0].sctp_port, 5000);
}

TEST(Parse, SkipsExtensionIdsThatNoPacketCanCarry) {
  const auto description =
      parse_lines({"m=video 9 UDP/TLS/RTP/SAVPF 96", "a=extmap:0 urn:a", "a=extmap:15 urn:b",
                   "a=extmap:16 urn:c", "a=extmap:255 urn:d", "a=extmap:4096 urn:e"});
  EXPECT_EQ(description.sections[0].extensions,
            (std::vector<Extension>{{16, "urn:c"}, {255, "urn:d"}}));
}

TEST(Parse, NamesTheLineThatIsWrong) {
  struct Case {
    std::string_view line;
    Reason reason;
  };
  for (const auto& [line, reason] : std::initializer_list<Case>{
           {"a", Reason::kBadLine},
           {"hello", Reason::kBadLine},
           {"c=", Reason::kBadLine},
           {"a=x\ry", Reason::kBadLine},
           {"o=- 1", Reason::kBadOrigin},
           {"m=audio", Reason::kBadMediaLine},
           {"m=audio x UDP/TLS/RTP/SAVPF 0", Reason::kBadMediaLine},
           {"m=audio 70000 UDP/TLS/RTP/SAVPF 0", Reason::kBadMediaLine},
           {"m=audio 9 UDP/TLS/RTP/SAVPF", Reason::kBadMediaLine},
           {"m=audio 9 UDP/TLS/RTP/SAVPF 128", Reason::kBadMediaLine},
           {"m=audio 9 UDP/TLS/RTP/SAVPF opus", Reason::kBadMediaLine},
           {"a=rtpmap:x opus/48000", Reason::kBadAttribute},
           {"a=rtpmap:0 opus", Reason::kBadAttribute},
           {"a=rtpmap:0 opus/many", Reason::kBadAttribute},
           {"a=rtpmap:0 opus/48000/300", Reason::kBadAttribute},
           {"a=fmtp:opus a=b", Reason::kBadAttribute},
           {"a=rtcp-fb:0", Reason::kBadAttribute},
           {"a=rtcp-fb:x nack", Reason::kBadAttribute},
           {"a=extmap:x urn:a", Reason::kBadAttribute},
           {"a=extmap:1", Reason::kBadAttribute},
           {"a=extmap:1/sideways urn:a", Reason::kBadAttribute},
           {"a=mid:", Reason::kBadAttribute},
           {"a=mid:0", Reason::kDuplicateMid},
           {"a=rid:h", Reason::kBadAttribute},
           {"a=rid:h sideways", Reason::kBadAttribute},
           {"a=simulcast:send", Reason::kBadAttribute},
           {"a=simulcast:send ;", Reason::kBadAttribute},
           {"a=simulcast:send a,~", Reason::kBadAttribute},
           {"a=simulcast:", Reason::kBadAttribute},
           {"a=ssrc:x cname:y", Reason::kBadAttribute},
           {"a=ssrc-group:FID x", Reason::kBadAttribute},
           {"a=ssrc-group:", Reason::kBadAttribute},
           {"a=fingerprint:sha-256", Reason::kBadAttribute},
           {"a=fingerprint:sha-256 0", Reason::kBadAttribute},
           {"a=fingerprint:sha-256 0G", Reason::kBadAttribute},
           {"a=setup:maybe", Reason::kBadAttribute},
           {"a=ice-ufrag:", Reason::kBadAttribute},
           {"a=candidate:", Reason::kBadAttribute},
           {"a=sctp-port:x", Reason::kBadAttribute},
           {"a=max-message-size:-1", Reason::kBadAttribute},
       }) {
    const auto error = error_of({"m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0", line});
    EXPECT_EQ(error, (ParseError{reason, 7, std::string(line)})) << to_string(error);
  }
  EXPECT_EQ(to_string(ParseError{Reason::kBadAttribute, 7, "a=setup:maybe"}),
            "line 7: the attribute cannot have this value: a=setup:maybe");
}

TEST(Parse, BeginsWithTheVersion) {
  EXPECT_EQ(parse("").error(), (ParseError{Reason::kNoVersion, 1, ""}));
  EXPECT_EQ(parse("o=- 1 1 IN IP4 0.0.0.0\r\n").error().reason, Reason::kNoVersion);
  EXPECT_EQ(parse("v=1\r\n").error().reason, Reason::kNoVersion);
}

TEST(Parse, HoldsNoMoreThanItsLimits) {
  const ParseLimits limits{.max_size = 400, .max_sections = 2, .max_entries = 2};
  const std::string_view section = "m=audio 9 UDP/TLS/RTP/SAVPF 0";
  EXPECT_EQ(error_of({section, section, section}, limits).reason, Reason::kTooMany);
  for (const std::string_view line :
       {"a=candidate:1", "a=ssrc-group:FID", "a=extmap:1 urn:a", "a=rid:h send", "a=x:y"}) {
    const auto error = error_of({section, line, line, line}, limits);
    EXPECT_EQ(error.reason, Reason::kTooMany) << line;
    EXPECT_EQ(error.line, 8u);
  }
  EXPECT_EQ(error_of({"m=application 9 UDP/DTLS/SCTP a b c"}, limits).reason, Reason::kTooMany);
  EXPECT_EQ(error_of({"a=x", "a=x", "a=x"}, limits).reason, Reason::kTooMany);
  EXPECT_EQ(error_of({"a=group:BUNDLE 1 2 3"}, limits).reason, Reason::kTooMany);
  EXPECT_EQ(error_of({std::string(400, 'x')}, limits), (ParseError{Reason::kTooLong, 0, ""}));
  EXPECT_EQ(error_of({"a=ice-ufrag:" + std::string(257, 'x')}).reason, Reason::kBadAttribute);
}

TEST(Print, LetsNoValueEndItsLine) {
  SessionDescription description;
  description.sections.push_back(
      {.mid = "0\r\na=ice-lite", .candidates = {std::string("x\0y", 3)}});
  const std::string text = to_string(description);
  EXPECT_NE(text.find("a=mid:0a=ice-lite\r\n"), std::string::npos);
  EXPECT_NE(text.find("a=candidate:xy\r\n"), std::string::npos);
}

TEST(Print, WritesTheOrderOfTheRfc) {
  SessionDescription description{.ice_lite = true, .bundles = {{"0"}}};
  description.sections.push_back({.mid = "0",
                                  .msids = {{"s", "t"}},
                                  .codecs = {{.payload_type = 96,
                                              .name = "VP8",
                                              .clock_rate = 90'000,
                                              .parameters = {{"max-fr", "30"}, {"x", ""}},
                                              .feedback = {"nack"}}},
                                  .extensions = {{3, "urn:x", Direction::kSendOnly}},
                                  .rids = {{"h", false, "pt=96"}},
                                  .ice_ufrag = "u",
                                  .ice_pwd = "p",
                                  .fingerprints = {{"sha-256", {0x0A, 0xB0}}},
                                  .setup = Setup::kPassive,
                                  .rtcp_mux = true});
  EXPECT_EQ(to_string(description),
            "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n"
            "a=group:BUNDLE 0\r\n"
            "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=msid:s t\r\n"
            "a=sendrecv\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\n"
            "a=fmtp:96 max-fr=30;x\r\na=extmap:3/sendonly urn:x\r\na=ice-ufrag:u\r\n"
            "a=ice-pwd:p\r\na=fingerprint:sha-256 0A:B0\r\na=setup:passive\r\na=rtcp-mux\r\n"
            "a=rid:h recv pt=96\r\n");
}

}  // namespace
}  // namespace parley::sdp
