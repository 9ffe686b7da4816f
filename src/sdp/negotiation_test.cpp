#include "sdp/negotiation.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sdp/parse.h"
#include "sdp/test_recordings.h"

namespace parley::sdp {
namespace {

constexpr std::string_view kMid = "urn:ietf:params:rtp-hdrext:sdes:mid";
constexpr std::string_view kRid = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
constexpr std::string_view kLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

Codec video(std::uint8_t type, std::string name, std::vector<FormatParameter> parameters = {}) {
  return {.payload_type = type,
          .name = std::move(name),
          .clock_rate = 90'000,
          .parameters = std::move(parameters),
          .feedback = {"nack", "nack pli"}};
}

Codec rtx(std::uint8_t type, std::uint8_t apt) {
  return {.payload_type = type,
          .name = "rtx",
          .clock_rate = 90'000,
          .parameters = {{"apt", std::to_string(apt)}}};
}

Codec h264(std::uint8_t type, std::string profile, bool asymmetry = true) {
  return video(type, "H264",
               {{"level-asymmetry-allowed", asymmetry ? "1" : "0"},
                {"packetization-mode", "1"},
                {"profile-level-id", std::move(profile)}});
}

std::vector<int> types_of(const std::vector<Codec>& codecs) {
  std::vector<int> types;
  for (const Codec& codec : codecs) types.push_back(codec.payload_type);
  return types;
}

Capabilities video_capabilities() {
  return {.codecs = {video(96, "VP8"), rtx(97, 96), h264(98, "42e01f"), rtx(99, 98)},
          .extensions = {kMid, kRid}};
}

TEST(AnswerCodecs, TakesTheOffersOrderAndPayloadTypes) {
  const std::vector<Codec> ours = {video(96, "VP8"), rtx(97, 96), h264(98, "42e01f"), rtx(99, 98)};
  const std::vector<Codec> offered = {h264(40, "42e034"), rtx(41, 40),      h264(42, "640034"),
                                      rtx(43, 42),        video(44, "vp8"), rtx(45, 44)};
  const auto answer = answer_codecs(ours, offered);
  EXPECT_EQ(types_of(answer), (std::vector{40, 41, 44, 45}));
  EXPECT_EQ(answer[0].find_parameter("profile-level-id"), "42e01f");  // What we can receive.
  EXPECT_EQ(answer[1].apt(), 40);
  EXPECT_EQ(answer[3].apt(), 44);
}

TEST(AnswerCodecs, TakesRtxOnlyWhereWeRepeatThatCodec) {
  const std::vector<Codec> ours = {video(96, "VP8"), video(98, "VP9"), rtx(99, 98)};
  const std::vector<Codec> offered = {video(40, "VP8"), rtx(41, 40), video(42, "VP9"),
                                      rtx(43, 42),      rtx(44, 45), rtx(46, 41)};
  EXPECT_EQ(types_of(answer_codecs(ours, offered)), (std::vector{40, 42, 43}));
}

TEST(AnswerCodecs, TakesRedOnlyBesideWhatItCarries) {
  const Codec opus{.payload_type = 111, .name = "opus", .clock_rate = 48'000, .channels = 2};
  const Codec red{.payload_type = 63,
                  .name = "red",
                  .clock_rate = 48'000,
                  .channels = 2,
                  .parameters = {{"111/111", ""}}};
  Codec their_opus = opus;
  their_opus.payload_type = 109;
  Codec their_red = red;
  their_red.parameters = {{"109/109", ""}};
  const std::vector<Codec> ours = {opus, red};
  EXPECT_EQ(answer_codecs(ours, std::vector{their_red, their_opus}),
            (std::vector{their_red, their_opus}));
  EXPECT_TRUE(answer_codecs(ours, std::vector{their_red}).empty());
  EXPECT_TRUE(answer_codecs(std::vector{opus}, std::vector{their_red}).empty());
}

TEST(AnswerCodecs, AgreesOnFeedbackThatBothKnow) {
  Codec ours = video(96, "VP8");
  ours.feedback = {"nack", "transport-cc"};
  Codec offered = video(96, "VP8");
  offered.feedback = {"goog-remb", "transport-cc", "nack", "nack pli"};
  EXPECT_EQ(answer_codecs(std::vector{ours}, std::vector{offered})[0].feedback,
            (std::vector<std::string>{"transport-cc", "nack"}));
}

TEST(AnswerCodecs, TakesTheLowerLevelUnlessBothAllowAsymmetry) {
  const auto level = [](const Codec& ours, const Codec& offered) {
    const auto answer = answer_codecs(std::vector{ours}, std::vector{offered});
    return std::string(*answer.at(0).find_parameter("profile-level-id"));
  };
  EXPECT_EQ(level(h264(1, "42e034"), h264(2, "42e01f")), "42e034");
  EXPECT_EQ(level(h264(1, "42e034", false), h264(2, "42e01f")), "42e01f");
  EXPECT_EQ(level(h264(1, "42e034"), h264(2, "42e01f", false)), "42e01f");
  EXPECT_EQ(level(h264(1, "42e01f"), h264(2, "42e034", false)), "42e01f");
  EXPECT_EQ(level(h264(1, "42e00b"), h264(2, "42f00b", false)), "42f00b");  // 1.1 and 1b.
  EXPECT_EQ(level(h264(1, "42e00a"), h264(2, "42f00b", false)), "42e00a");  // 1 and 1b.
}

TEST(CommonCodecs, AreTheirsAsTheyListenToThem) {
  const std::vector<Codec> ours = {video(96, "VP8"), rtx(97, 96)};
  Codec theirs = video(120, "VP8", {{"max-fs", "12288"}});
  theirs.feedback = {"nack", "goog-remb"};
  const auto common = common_codecs(ours, std::vector{video(121, "VP9"), theirs, rtx(124, 120)});
  EXPECT_EQ(types_of(common), (std::vector{120, 124}));
  EXPECT_EQ(common[0].find_parameter("max-fs"), "12288");
  EXPECT_EQ(common[0].feedback, (std::vector<std::string>{"nack"}));
}

TEST(AnswerExtensions, KeepsTheOffersIdsAndTurnsDirections) {
  const std::vector<std::string_view> ours = {kMid, kRid, kLevel, "urn:two-byte"};
  const std::vector<Extension> offered = {
      {3, std::string(kMid)}, {9, std::string(kRid), Direction::kSendOnly},
      {2, "urn:unknown"},     {4, std::string(kLevel), Direction::kInactive},
      {3, "urn:two-byte"},    {20, "urn:two-byte"}};
  const std::vector<Extension> small = {{3, std::string(kMid)},
                                        {9, std::string(kRid), Direction::kRecvOnly}};
  EXPECT_EQ(answer_extensions(ours, offered, false), small);
  auto large = small;
  large.push_back({20, "urn:two-byte"});
  EXPECT_EQ(answer_extensions(ours, offered, true), large);
}

TEST(ExtensionIds, GivesOneIdAUriAndNeverMoreThanFourteen) {
  ExtensionIds ids;
  ids.learn(std::vector<Extension>{{2, "urn:theirs"},
                                   {2, "urn:late"},
                                   {3, "urn:theirs"},
                                   {15, "urn:reserved"},
                                   {200, "urn:far"},
                                   {0, "urn:none"}});
  EXPECT_EQ(ids.id_for("urn:theirs"), 2);
  EXPECT_EQ(ids.id_for("urn:a"), 1);
  EXPECT_EQ(ids.id_for("urn:b"), 3);
  EXPECT_EQ(ids.id_for("urn:a"), 1);
  for (int i = 4; i <= 14; ++i) EXPECT_EQ(ids.id_for("urn:" + std::to_string(i)), i);
  EXPECT_FALSE(ids.id_for("urn:one-too-many"));
  EXPECT_EQ(ids.id_for("urn:14"), 14);
}

MediaSection simulcast_offer() {
  return {.rids = {{"h", true}, {"m", true}, {"l", true}, {"r", false}},
          .simulcast = Simulcast{.send = {{{"h"}, {"x"}}, {{"?"}}, {{"m", true}}, {{"l"}}},
                                 .recv = {{{"r"}}}}};
}

TEST(AnswerSimulcast, TurnsTheDirectionOfEachStream) {
  EXPECT_EQ(
      answer_simulcast(simulcast_offer(), 3, 1),
      (SimulcastAnswer{{{"h", false}, {"m", false}, {"l", false}, {"r", true}},
                       Simulcast{.send = {{{"r"}}}, .recv = {{{"h"}}, {{"m", true}}, {{"l"}}}}}));
}

TEST(AnswerSimulcast, TakesNoMoreThanItCan) {
  const auto answer = answer_simulcast(simulcast_offer(), 2, 0);
  EXPECT_EQ(answer.rids.size(), 2u);
  EXPECT_TRUE(answer.simulcast->send.empty());
  EXPECT_EQ(answer_simulcast(simulcast_offer(), 0, 0), SimulcastAnswer{});
  EXPECT_EQ(answer_simulcast({.rids = {{"h", true}}}, 3, 3), SimulcastAnswer{});
}

TEST(AgreedLayers, AreThoseThatTheOtherSideTakes) {
  const MediaSection ours{.simulcast = Simulcast{.send = {{{"h"}}, {{"m"}}, {{"a"}, {"b"}}}}};
  const MediaSection theirs{.simulcast = Simulcast{.recv = {{{"b"}}, {{"h", true}}}}};
  EXPECT_EQ(agreed_send_layers(ours, theirs), (std::vector<SendLayer>{{"h", true}, {"b"}}));
  EXPECT_EQ(agreed_receive_layers(theirs, ours), (std::vector<std::string>{"h", "b"}));
  EXPECT_TRUE(agreed_send_layers(theirs, ours).empty());
  EXPECT_TRUE(agreed_send_layers(ours, {}).empty());
}

TEST(AnswerSetup, IsTheOtherRole) {
  EXPECT_EQ(answer_setup(Setup::kActpass, Setup::kPassive), Setup::kPassive);
  EXPECT_EQ(answer_setup({}, Setup::kActive), Setup::kActive);
  EXPECT_EQ(answer_setup(Setup::kActive, Setup::kActive), Setup::kPassive);
  EXPECT_EQ(answer_setup(Setup::kPassive, Setup::kPassive), Setup::kActive);
  EXPECT_EQ(answer_setup(Setup::kHoldconn, Setup::kActive), std::nullopt);
}

TEST(AnswerSection, AnswersABrowsersPicture) {
  const auto offer = parse(read_recording("chromium_offer.sdp")).value();
  const MediaSection answer = answer_section(offer.sections[1], video_capabilities());
  EXPECT_EQ(answer.mid, "1");
  EXPECT_FALSE(answer.is_rejected());
  EXPECT_EQ(answer.direction, Direction::kSendRecv);
  EXPECT_EQ(types_of(answer.codecs), (std::vector{96, 97, 108, 109}));
  EXPECT_EQ(answer.extensions,
            (std::vector<Extension>{{4, std::string(kMid)}, {10, std::string(kRid)}}));
  EXPECT_EQ(answer.rids, (std::vector<Rid>{{"h", false}, {"l", false}}));
  EXPECT_TRUE(answer.rtcp_mux);
  EXPECT_TRUE(answer.rtcp_rsize);
  EXPECT_TRUE(answer.extmap_allow_mixed);
}

TEST(AnswerSection, LetsNobodyDoMoreThanBothWant) {
  auto offer = parse(read_recording("firefox_offer.sdp")).value().sections[1];
  auto ours = video_capabilities();
  ours.direction = Direction::kSendOnly;
  const auto answer = answer_section(offer, ours);
  EXPECT_EQ(answer.direction, Direction::kSendOnly);
  EXPECT_FALSE(answer.simulcast);  // We do not receive.
  offer.direction = Direction::kSendOnly;
  EXPECT_EQ(answer_section(offer, ours).direction, Direction::kInactive);
}

TEST(AnswerSection, RejectsWhatHasNothingInCommon) {
  const auto offer = parse(read_recording("chromium_offer.sdp")).value();
  const MediaSection answer = answer_section(offer.sections[0], video_capabilities());
  EXPECT_TRUE(answer.is_rejected());
  EXPECT_EQ(answer.mid, "0");
  EXPECT_EQ(answer.codecs.size(), offer.sections[0].codecs.size());
  EXPECT_TRUE(answer_section(offer.sections[2], video_capabilities()).is_rejected());
  auto rejected = offer.sections[1];
  rejected.port = 0;
  EXPECT_TRUE(answer_section(rejected, video_capabilities()).is_rejected());
  auto unmuxed = offer.sections[1];
  unmuxed.rtcp_mux = false;
  EXPECT_TRUE(answer_section(unmuxed, video_capabilities()).is_rejected());
  EXPECT_TRUE(answer_section(offer.sections[1], {.codecs = {rtx(97, 96)}}).is_rejected());
}

TEST(AnswerDataChannel, SpeaksTheOffersDialect) {
  const auto offer = parse(read_recording("firefox_offer.sdp")).value();
  const auto answer = answer_data_channel(offer.sections[2], 5'000, 262'144);
  EXPECT_EQ(answer.protocol, "UDP/DTLS/SCTP");
  EXPECT_EQ(answer.formats, offer.sections[2].formats);
  EXPECT_EQ(answer.sctp_port, 5'000);
  EXPECT_EQ(answer.max_message_size, 262'144u);
  EXPECT_TRUE(answer_data_channel(offer.sections[1], 5'000, 0).is_rejected());
}

// An answer to the recorded offer that has all it needs.
SessionDescription make_answer(const SessionDescription& offer) {
  SessionDescription answer;
  for (const MediaSection& section : offer.sections) {
    answer.sections.push_back(section.is_data_channel()
                                  ? answer_data_channel(section, 5'000, 262'144)
                                  : answer_section(section, video_capabilities()));
    if (!answer.sections.back().is_rejected()) answer.sections.back().setup = Setup::kActive;
  }
  answer.bundles = answer_bundles(offer, answer.sections);
  return answer;
}

TEST(AnswerBundles, LeavesOutWhatWasRejected) {
  const auto offer = parse(read_recording("chromium_offer.sdp")).value();
  EXPECT_EQ(make_answer(offer).bundles, (std::vector<std::vector<std::string>>{{"1", "2"}}));
}

TEST(CheckAnswer, TakesWhatBrowsersAnswerAndWhatWeDo) {
  for (const std::string browser : {"chromium", "firefox"}) {
    const auto offer = parse(read_recording(browser + "_offer.sdp")).value();
    EXPECT_TRUE(check_answer(offer, make_answer(offer)));
    const auto answer = parse(read_recording(browser + "_answer.sdp")).value();
    EXPECT_TRUE(check_answer(offer, answer)) << check_answer(offer, answer).error().reason;
  }
}

TEST(CheckAnswer, NamesTheSectionThatDoesNotFit) {
  const auto offer = parse(read_recording("chromium_offer.sdp")).value();
  const auto section_of_error = [&](auto change) {
    auto changed_offer = offer;
    auto answer = make_answer(offer);
    change(changed_offer, answer);
    const auto result = check_answer(changed_offer, answer);
    return result ? std::size_t{99} : result.error().section;
  };
  EXPECT_EQ(section_of_error([](auto&, auto&) {}), 99u);
  EXPECT_EQ(section_of_error([](auto&, auto& a) { a.sections.pop_back(); }), 2u);
  EXPECT_EQ(section_of_error([](auto&, auto& a) { a.sections[1].kind = MediaKind::kAudio; }), 1u);
  EXPECT_EQ(section_of_error([](auto&, auto& a) { a.sections[1].mid = "x"; }), 1u);
  EXPECT_EQ(section_of_error([](auto&, auto& a) { a.sections[0].port = 9; }), 99u);
  EXPECT_EQ(section_of_error([](auto& o, auto&) { o.sections[1].port = 0; }), 1u);
  EXPECT_EQ(
      section_of_error([](auto& o, auto&) { o.sections[1].direction = Direction::kSendOnly; }), 1u);
  EXPECT_EQ(section_of_error([](auto& o, auto&) { o.sections[1].rtcp_mux = false; }), 1u);
  EXPECT_EQ(section_of_error([](auto&, auto& a) { a.sections[2].setup = Setup::kActpass; }), 2u);
  EXPECT_EQ(section_of_error([](auto& o, auto&) { o.sections[2].setup = Setup::kActive; }), 2u);
  EXPECT_EQ(section_of_error([](auto& o, auto&) { o.bundles = {{"0", "1"}}; }), 1u);
}

TEST(CheckSuccessor, KeepsSectionsUnlessTheyWereRejected) {
  const auto before = parse(read_recording("firefox_offer.sdp")).value();
  auto after = before;
  after.sections.push_back({.mid = "3"});
  EXPECT_TRUE(check_successor(before, after));
  after.sections[1].mid = "7";
  EXPECT_EQ(check_successor(before, after).error().section, 1u);
  auto rejected = before;
  rejected.sections[1] = reject_section(rejected.sections[1]);
  EXPECT_TRUE(check_successor(rejected, after));
  after.sections.resize(2);
  EXPECT_EQ(check_successor(rejected, after),
            std::unexpected(NegotiationError{2, "it is missing"}));
}

}  // namespace
}  // namespace parley::sdp
