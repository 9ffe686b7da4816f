#include "sfu/answer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "sdp/negotiation.h"
#include "sdp/parse.h"
#include "sdp/test_recordings.h"

namespace parley::sfu {
namespace {

using sdp::Direction;
using sdp::MediaSection;

constexpr std::string_view kChromium = "chromium_offer.sdp";
constexpr std::string_view kFirefox = "firefox_offer.sdp";

sdp::SessionDescription recording(std::string_view name) {
  return sdp::parse(sdp::read_recording(name)).value();
}

// What a browser offers, with its microphone and camera as sections 0 and 1, and so many slots.
sdp::SessionDescription with_slots(std::string_view name, std::size_t audio, std::size_t video) {
  sdp::SessionDescription offer = recording(name);
  const auto add = [&](std::size_t like, std::string mid) {
    MediaSection slot = offer.sections[like];
    slot.mid = mid;
    slot.direction = Direction::kRecvOnly;
    slot.simulcast.reset();
    slot.rids.clear();
    slot.sources.clear();
    slot.source_groups.clear();
    slot.msids.clear();
    slot.candidates.clear();
    offer.sections.push_back(std::move(slot));
    offer.bundles.front().push_back(std::move(mid));
  };
  for (MediaSection& section : offer.sections) {
    if (section.is_rtp()) section.direction = Direction::kSendOnly;
  }
  for (std::size_t i = 0; i < audio; ++i) add(0, "a" + std::to_string(i));
  for (std::size_t i = 0; i < video; ++i) add(1, "v" + std::to_string(i));
  return offer;
}

Offer to_offer(const sdp::SessionDescription& description) {
  return {.sdp = sdp::to_string(description),
          .sources = {{"0", Source::kMicrophone}, {"1", Source::kCamera}}};
}

peer::TransportParameters our_side() {
  return {.ice_ufrag = "ourufrag",
          .ice_pwd = "ourpasswordourpassword00",
          .ice_lite = true,
          .fingerprint = {.algorithm = "sha-256", .bytes = std::vector<std::uint8_t>(32, 7)}};
}

const std::vector<ice::Candidate> kCandidates = {
    ice::Candidate::parse("1 1 udp 2130706431 192.0.2.1 40000 typ host").value(),
    ice::Candidate::parse("2 1 tcp 1671430143 192.0.2.1 40000 typ host tcptype passive").value()};

class Answer : public testing::Test {
 protected:
  std::expected<Agreed, std::string> give(const Offer& offer, const Agreed* before = nullptr) {
    return answer(offer, our_side(), kCandidates, limits, random, before);
  }
  std::string refusal(const Offer& offer, const Agreed* before = nullptr) {
    const auto agreed = give(offer, before);
    return agreed ? "" : agreed.error();
  }

  AnswerLimits limits;
  SeededRandom random{1};
};

std::vector<std::string> names_of(std::span<const sdp::Codec> codecs) {
  std::vector<std::string> names;
  for (const sdp::Codec& codec : codecs) {
    if (!codec.is_rtx()) names.push_back(codec.name);
  }
  return names;
}

TEST_F(Answer, AnswersABrowsersWholeOffer) {
  for (const std::string_view name : {kChromium, kFirefox}) {
    SCOPED_TRACE(name);
    const auto offer = with_slots(name, 3, 25);
    const auto agreed = give(to_offer(offer));
    ASSERT_TRUE(agreed) << agreed.error();
    const auto answered = sdp::parse(agreed->answer);
    ASSERT_TRUE(answered) << to_string(answered.error());
    const auto checked = sdp::check_answer(offer, *answered);
    EXPECT_TRUE(checked) << checked.error().reason;
    EXPECT_TRUE(answered->ice_lite);
    EXPECT_EQ(answered->bundles, offer.bundles);
    for (const MediaSection& section : answered->sections) {
      EXPECT_FALSE(section.is_rejected()) << section.mid;
      EXPECT_EQ(section.setup, sdp::Setup::kPassive);
      EXPECT_EQ(section.ice_ufrag, "ourufrag");
      EXPECT_EQ(section.fingerprints, std::vector{our_side().fingerprint});
      if (!section.is_rtp()) continue;
      EXPECT_TRUE(section.rtcp_mux) << section.mid;
      EXPECT_EQ(section.rtcp_rsize, offer.find(section.mid)->rtcp_rsize) << section.mid;
    }
    EXPECT_EQ(agreed->slots.size(), 28u);
    EXPECT_EQ(agreed->ice_ufrag, offer.sections[0].ice_ufrag);
    EXPECT_EQ(agreed->ice_pwd, offer.sections[0].ice_pwd);
    EXPECT_EQ(agreed->fingerprints, offer.sections[0].fingerprints);
  }
}

TEST_F(Answer, TellsItsCandidatesOnceAndThatTheyAreAll) {
  const auto agreed = give(to_offer(with_slots(kChromium, 1, 1)));
  const auto answered = sdp::parse(agreed.value().answer).value();
  ASSERT_EQ(answered.sections[0].candidates.size(), 2u);
  EXPECT_TRUE(answered.sections[0].end_of_candidates);
  EXPECT_TRUE(answered.sections[1].candidates.empty());
}

// RFC 8839, 5.1.
TEST_F(Answer, WritesCandidatesByTheirGrammar) {
  const auto agreed = give(to_offer(with_slots(kChromium, 1, 1)));
  EXPECT_NE(agreed.value().answer.find(
                "\r\na=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host\r\n"
                "a=candidate:2 1 tcp 1671430143 192.0.2.1 40000 typ host tcptype passive\r\n"
                "a=end-of-candidates\r\n"),
            std::string::npos)
      << agreed->answer;
}

TEST_F(Answer, ReceivesEachEncodingOfASimulcast) {
  for (const std::string_view name : {kChromium, kFirefox}) {
    SCOPED_TRACE(name);
    const auto agreed = give(to_offer(with_slots(name, 0, 0)));
    ASSERT_TRUE(agreed) << agreed.error();
    ASSERT_EQ(agreed->sends.size(), 2u);
    const auto& [microphone, camera] = std::pair{agreed->sends[0], agreed->sends[1]};
    EXPECT_EQ(microphone.source, Source::kMicrophone);
    EXPECT_EQ(camera.source, Source::kCamera);
    EXPECT_NE(microphone.agreement.transceiver, camera.agreement.transceiver);
    EXPECT_TRUE(camera.agreement.receives);
    EXPECT_FALSE(camera.agreement.sends);
    EXPECT_EQ(camera.agreement.receive_rids, (std::vector<std::string>{"h", "l"}));
    for (const auto extension :
         {rtp::Extension::kMid, rtp::Extension::kRid, rtp::Extension::kRepairedRid,
          rtp::Extension::kDependencyDescriptor, rtp::Extension::kTransportSequenceNumber}) {
      EXPECT_TRUE(camera.agreement.receive_extensions.id_of(extension)) << rtp::uri_of(extension);
    }
    EXPECT_TRUE(microphone.agreement.receive_extensions.id_of(rtp::Extension::kAudioLevel));
    const auto section = sdp::parse(agreed->answer)->sections[1];
    EXPECT_EQ(section.direction, Direction::kRecvOnly);
    ASSERT_TRUE(section.simulcast);
    EXPECT_EQ(section.simulcast->recv.size(), 2u);
    EXPECT_TRUE(section.sources.empty());
  }
}

TEST_F(Answer, TakesTheCodecsThatItCanForward) {
  const auto chromium = give(to_offer(with_slots(kChromium, 1, 1))).value();
  EXPECT_EQ(names_of(chromium.sends[0].agreement.receive_codecs),
            (std::vector<std::string>{"opus", "red"}));
  EXPECT_EQ(names_of(chromium.sends[1].agreement.receive_codecs),
            (std::vector<std::string>{"VP8", "H264", "AV1", "VP9"}));
  const auto firefox = give(to_offer(with_slots(kFirefox, 1, 1))).value();
  EXPECT_EQ(names_of(firefox.sends[0].agreement.receive_codecs),
            (std::vector<std::string>{"opus"}));
  EXPECT_EQ(names_of(firefox.sends[1].agreement.receive_codecs).front(), "VP8");
  const auto answered = sdp::parse(chromium.answer).value();
  EXPECT_EQ(answered.sections[0].codecs[0].find_parameter("useinbandfec"), "1");
  // What can be published can be shown.
  for (const auto* agreed : {&chromium, &firefox}) {
    EXPECT_EQ(names_of(agreed->slots[0].stream.codecs),
              names_of(agreed->sends[0].agreement.receive_codecs));
    EXPECT_EQ(names_of(agreed->slots[1].stream.codecs),
              names_of(agreed->sends[1].agreement.receive_codecs));
  }
}

TEST_F(Answer, GivesEachSlotStreamsOfItsOwn) {
  const auto agreed = give(to_offer(with_slots(kChromium, 2, 3))).value();
  const auto answered = sdp::parse(agreed.answer).value();
  ASSERT_EQ(agreed.slots.size(), 5u);
  std::set<rtp::Ssrc> ssrcs;
  for (const Downlink::SlotConfig& slot : agreed.slots) {
    SCOPED_TRACE(slot.mid);
    const MediaSection& section = *answered.find(slot.mid);
    EXPECT_EQ(slot.video, section.kind == sdp::MediaKind::kVideo);
    EXPECT_EQ(section.direction, Direction::kSendOnly);
    EXPECT_EQ(section.msids, (std::vector<sdp::Msid>{{"-", "slot-" + slot.mid}}));
    EXPECT_TRUE(ssrcs.insert(slot.stream.ssrc).second);
    const auto media = std::to_underlying(slot.stream.ssrc);
    EXPECT_EQ(section.sources.front(), (sdp::Source{.ssrc = media, .cname = "parley"}));
    EXPECT_EQ(slot.video, slot.stream.rtx_ssrc.has_value());
    EXPECT_LT(slot.stream.first_sequence_number, 0x8000);
    EXPECT_TRUE(slot.extensions.id_of(rtp::Extension::kMid));
    if (!slot.video) continue;
    EXPECT_TRUE(ssrcs.insert(*slot.stream.rtx_ssrc).second);
    const auto rtx = std::to_underlying(*slot.stream.rtx_ssrc);
    EXPECT_EQ(section.source_groups, (std::vector<sdp::SourceGroup>{{"FID", {media, rtx}}}));
    EXPECT_TRUE(slot.extensions.id_of(rtp::Extension::kTransportSequenceNumber));
  }
  EXPECT_EQ(agreed.slots[0].mid, "a0");
  EXPECT_EQ(agreed.slots[4].mid, "v2");
}

TEST_F(Answer, NeverTakesAnSsrcOfTheOffer) {
  auto offer = with_slots(kFirefox, 0, 1);
  SeededRandom same{1};  // What it will draw: a session has no other random number before these.
  offer.sections[1].sources = {{.ssrc = same.u32(), .cname = "c"}};
  offer.sections[1].source_groups.clear();
  const auto agreed = give(to_offer(offer)).value();
  EXPECT_EQ(std::to_underlying(agreed.slots[0].stream.ssrc), offer.sections[1].sources[0].ssrc + 1);
}

TEST_F(Answer, AgreesOnOneDataChannelSection) {
  const auto agreed = give(to_offer(with_slots(kChromium, 0, 0))).value();
  EXPECT_TRUE(agreed.data_channel);
  EXPECT_EQ(agreed.max_message_size, 262'144u);
  const auto section = sdp::parse(agreed.answer)->sections[2];
  EXPECT_EQ(section.sctp_port, 5'000);
  EXPECT_EQ(section.max_message_size, 65'536u);
  auto offer = with_slots(kChromium, 0, 0);
  offer.sections[2].sctp_port = 5'001;
  EXPECT_FALSE(give(to_offer(offer)).value().data_channel);
  offer.sections.pop_back();
  EXPECT_FALSE(give(to_offer(offer)).value().data_channel);
}

TEST_F(Answer, RejectsWhatItCannotUse) {
  auto offer = with_slots(kChromium, 1, 4);
  limits.max_slots = 3;
  offer.sections[4].codecs = {{.payload_type = 20, .name = "theora", .clock_rate = 90'000}};  // v0
  offer.sections[5].direction = Direction::kInactive;                                         // v1
  std::erase(offer.bundles.front(), "v2");
  const auto agreed = give(to_offer(offer)).value();
  const auto answered = sdp::parse(agreed.answer).value();
  ASSERT_EQ(answered.sections.size(), 8u);
  EXPECT_TRUE(answered.sections[4].is_rejected());
  EXPECT_TRUE(answered.sections[5].is_rejected());
  EXPECT_TRUE(answered.sections[6].is_rejected());
  EXPECT_FALSE(answered.sections[7].is_rejected());
  EXPECT_EQ(answered.bundles.front(), (std::vector<std::string>{"0", "1", "2", "a0", "v3"}));
  EXPECT_EQ(agreed.slots.size(), 2u);
  EXPECT_TRUE(sdp::check_answer(offer, answered));
}

TEST_F(Answer, HasNoMoreSlotsThanItsLimit) {
  limits.max_slots = 2;
  const auto agreed = give(to_offer(with_slots(kChromium, 1, 3))).value();
  EXPECT_EQ(agreed.slots.size(), 2u);
  EXPECT_TRUE(sdp::parse(agreed.answer)->find("v1")->is_rejected());
}

TEST_F(Answer, HasNoMoreEncodingsThanItsLimit) {
  limits.max_encodings = 1;
  const auto agreed = give(to_offer(with_slots(kChromium, 0, 0))).value();
  EXPECT_EQ(agreed.sends[1].agreement.receive_rids, std::vector<std::string>{"h"});
}

TEST_F(Answer, KeepsItsSsrcsOverARestart) {
  auto offer = with_slots(kChromium, 2, 2);
  const auto before = give(to_offer(offer)).value();
  for (MediaSection& section : offer.sections) {
    section.ice_ufrag = "newufrag";
    section.ice_pwd = "newpasswordnewpassword00";
  }
  const auto after = give(to_offer(offer), &before);
  ASSERT_TRUE(after) << after.error();
  EXPECT_EQ(after->ice_ufrag, "newufrag");
  ASSERT_EQ(after->slots.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(after->slots[i].stream.ssrc, before.slots[i].stream.ssrc);
    EXPECT_EQ(after->slots[i].stream.rtx_ssrc, before.slots[i].stream.rtx_ssrc);
  }
  EXPECT_EQ(after->origin.session_id, before.origin.session_id);
  EXPECT_EQ(after->origin.version, before.origin.version + 1);
}

TEST_F(Answer, RefusesAnotherOfferOfSomethingElse) {
  auto offer = with_slots(kChromium, 1, 1);
  const auto before = give(to_offer(offer)).value();
  EXPECT_TRUE(give(to_offer(offer), &before));  // Nothing new: the answer may have been lost.
  offer.sections[0].ice_ufrag = "newufrag";
  auto other = offer;
  other.sections[0].fingerprints[0].bytes[0] ^= 1;
  EXPECT_EQ(refusal(to_offer(other), &before),
            "Another offer has to come with the certificate that there was.");
  other = offer;
  other.sections.pop_back();
  EXPECT_EQ(refusal(to_offer(other), &before),
            "Another offer has to have the sections that there were.");
  auto sources = to_offer(offer);
  sources.sources["1"] = Source::kScreen;
  EXPECT_EQ(refusal(sources, &before), "Another offer has to have the sections that there were.");
}

TEST_F(Answer, TakesMoreSlotsBehindThoseThatThereWere) {
  const auto few = with_slots(kChromium, 1, 1);
  const auto before = give(to_offer(few)).value();
  const auto many = with_slots(kChromium, 1, 3);
  const auto after = give(to_offer(many), &before);
  ASSERT_TRUE(after) << after.error();
  ASSERT_EQ(after->slots.size(), 4u);
  std::set<std::uint32_t> ssrcs;
  for (const auto& slot : after->slots) ssrcs.insert(std::to_underlying(slot.stream.ssrc));
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(after->slots[i].stream.ssrc, before.slots[i].stream.ssrc);
  }
  EXPECT_EQ(ssrcs.size(), 4u);
  EXPECT_EQ(after->origin.version, before.origin.version + 1);
  EXPECT_EQ(refusal(to_offer(few), &*after),
            "Another offer has to have the sections that there were.");
}

TEST_F(Answer, SaysInASentenceWhatIsWrongWithTheSources) {
  Offer offer = to_offer(with_slots(kChromium, 0, 0));
  offer.sources = {{"0", Source::kMicrophone}};
  EXPECT_EQ(refusal(offer), "Section 1 sends, but what it shows is not among the sources.");
  offer.sources["1"] = Source::kScreenAudio;
  EXPECT_EQ(refusal(offer), "Section 1 is video, which a screen-audio is not.");
  auto twice = with_slots(kChromium, 1, 0);
  twice.sections.back().direction = Direction::kSendOnly;
  offer = to_offer(twice);
  offer.sources["a0"] = Source::kMicrophone;
  EXPECT_EQ(refusal(offer), "Two sections send a microphone.");
  offer.sources["a0"] = Source::kScreenAudio;
  EXPECT_EQ(refusal(offer), "");
}

TEST_F(Answer, SaysInASentenceWhatIsWrongWithThePath) {
  const auto with = [&](auto&& change) {
    auto offer = with_slots(kChromium, 0, 0);
    change(offer);
    return refusal(to_offer(offer));
  };
  EXPECT_EQ(with([](auto& offer) { offer.bundles.clear(); }),
            "The offer does not bundle its sections.");
  EXPECT_EQ(with([](auto& offer) { offer.ice_lite = true; }),
            "The offer is of an ICE-lite agent, as we are one.");
  EXPECT_EQ(with([](auto& offer) { offer.sections[0].setup = sdp::Setup::kPassive; }),
            "The offer does not let us be passive in DTLS.");
  EXPECT_EQ(with([](auto& offer) { offer.sections[0].ice_pwd = "short"; }),
            "The offer has no valid ICE credentials.");
  EXPECT_EQ(with([](auto& offer) { offer.sections[0].fingerprints.clear(); }),
            "The offer has no fingerprint.");
  EXPECT_EQ(with([](auto& offer) { offer.sections.clear(); }), "The offer has no section.");
  EXPECT_EQ(with([](auto& offer) {
              offer.sections.resize(1);
              offer.sections[0].direction = Direction::kInactive;
            }),
            "Nothing in the offer can be used here.");
}

TEST_F(Answer, RefusesWhatIsTooLongOrNoDescription) {
  EXPECT_EQ(refusal({.sdp = std::string(limits.max_offer + 1, 'v')}),
            "The offer is longer than 262144 bytes.");
  EXPECT_TRUE(refusal({.sdp = "hello"}).starts_with("The offer is no session description: line 1"));
  limits.max_sections = 5;
  EXPECT_TRUE(refusal(to_offer(with_slots(kChromium, 1, 2)))
                  .starts_with("The offer is no session description"));
}

// Half an offer may be an offer; it is never more than that.
TEST_F(Answer, SurvivesAnOfferThatBreaksOff) {
  const std::string whole = to_offer(with_slots(kChromium, 1, 1)).sdp;
  for (std::size_t size = 0; size < whole.size(); size += 37) {
    const Offer part{.sdp = whole.substr(0, size),
                     .sources = {{"0", Source::kMicrophone}, {"1", Source::kCamera}}};
    if (const auto agreed = give(part)) {
      EXPECT_TRUE(
          sdp::check_answer(sdp::parse(part.sdp).value(), sdp::parse(agreed->answer).value()));
    }
  }
}

}  // namespace
}  // namespace parley::sfu
