#include "peer/negotiation/negotiation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "sdp/parse.h"

namespace parley::peer {
namespace {

// One side: a negotiation, and what its path would have to say.
struct Side {
  explicit Side(std::uint64_t seed, Negotiation::Config config = {})
      : random(seed), negotiation(std::move(config), random) {}

  TransportParameters parameters() const {
    return {.ice_ufrag = "ufrag" + std::to_string(restarts),
            .ice_pwd = "passwordpasswordpassword",
            .fingerprint = {"sha-256", std::vector<std::uint8_t>(32, 7)}};
  }
  sdp::SessionDescription offer() {
    auto made = negotiation.create_offer(parameters());
    EXPECT_TRUE(made) << made.error().message;
    EXPECT_TRUE(negotiation.set_local(SdpType::kOffer));
    return over_the_wire(*made);
  }
  sdp::SessionDescription answer() {
    auto made = negotiation.create_answer(parameters());
    EXPECT_TRUE(made) << made.error().message;
    const auto changes = negotiation.set_local(SdpType::kAnswer);
    EXPECT_TRUE(changes && changes->settled);
    return over_the_wire(*made);
  }
  DescriptionChanges take(SdpType type, const sdp::SessionDescription& description) {
    auto changes = negotiation.set_remote(type, description);
    EXPECT_TRUE(changes) << changes.error().message;
    return changes.value_or(DescriptionChanges{});
  }
  static sdp::SessionDescription over_the_wire(const sdp::SessionDescription& description) {
    auto parsed = sdp::parse(sdp::to_string(description));
    EXPECT_TRUE(parsed && *parsed == description);
    return parsed.value_or(sdp::SessionDescription{});
  }

  SeededRandom random;
  int restarts = 0;
  Negotiation negotiation;
};

void exchange(Side& offerer, Side& answerer) {
  answerer.take(SdpType::kOffer, offerer.offer());
  offerer.take(SdpType::kAnswer, answerer.answer());
  EXPECT_EQ(offerer.negotiation.state(), SignalingState::kStable);
  EXPECT_EQ(answerer.negotiation.state(), SignalingState::kStable);
}

const Agreement& only_agreement(const std::vector<Agreement>& agreements) {
  EXPECT_EQ(agreements.size(), 1u);
  return agreements.front();
}

TEST(Negotiation, AgreesOnATrackAndADataChannel) {
  Side ada(1);
  Side bob(2);
  const auto id = ada.negotiation.add_track(MediaKind::kVideo, {.streams = {"camera"}});
  ada.negotiation.want_data_channels();
  EXPECT_TRUE(ada.negotiation.is_needed());

  const auto offer = ada.offer();
  EXPECT_FALSE(ada.negotiation.is_needed());
  ASSERT_EQ(offer.sections.size(), 2u);
  EXPECT_EQ(offer.bundles, (std::vector<std::vector<std::string>>{{"0", "1"}}));
  EXPECT_EQ(offer.sections[0].setup, sdp::Setup::kActpass);
  EXPECT_EQ(offer.sections[0].msids.front().stream, "camera");
  EXPECT_EQ(offer.sections[0].sources.size(), 2u);

  const auto added = bob.take(SdpType::kOffer, offer).tracks_added;
  ASSERT_EQ(added.size(), 1u);
  const Transceiver& theirs = *bob.negotiation.find(added.front());
  EXPECT_EQ(theirs.kind, MediaKind::kVideo);
  EXPECT_EQ(theirs.direction, Direction::kRecvOnly);
  EXPECT_EQ(theirs.remote_streams, (std::vector<std::string>{"camera"}));
  const auto changes = ada.take(SdpType::kAnswer, bob.answer());
  EXPECT_TRUE(changes.settled);
  EXPECT_TRUE(changes.tracks_added.empty());  // Bob sends nothing.

  EXPECT_EQ(ada.negotiation.find(*id)->current_direction, Direction::kSendOnly);
  EXPECT_EQ(theirs.current_direction, Direction::kRecvOnly);
  EXPECT_FALSE(ada.negotiation.is_needed());
  EXPECT_FALSE(bob.negotiation.is_needed());
  EXPECT_EQ(ada.negotiation.setup(), sdp::Setup::kPassive);
  EXPECT_EQ(bob.negotiation.setup(), sdp::Setup::kActive);
  ASSERT_NE(bob.negotiation.agreed_data_section(), nullptr);
  EXPECT_EQ(bob.negotiation.agreed_data_section()->max_message_size, 262'144u);
}

TEST(Negotiation, TellsTheMediaWhatItMayDo) {
  Side ada(1);
  Side bob(2);
  (void)ada.negotiation.add_track(MediaKind::kVideo, {});
  exchange(ada, bob);
  const auto ours = ada.negotiation.agreements();
  const auto theirs = bob.negotiation.agreements();
  const Agreement& sending = only_agreement(ours);
  const Agreement& receiving = only_agreement(theirs);
  EXPECT_TRUE(sending.sends);
  EXPECT_FALSE(sending.receives);
  EXPECT_TRUE(receiving.receives);
  EXPECT_EQ(sending.send_codecs.size(), default_video_codecs().size());
  EXPECT_EQ(sending.send_codecs, receiving.receive_codecs);
  EXPECT_EQ(sending.send_extensions, receiving.receive_extensions);
  EXPECT_TRUE(sending.send_extensions.id_of(rtp::Extension::kMid));
  ASSERT_EQ(receiving.remote_sources.size(), 1u);
  EXPECT_EQ(receiving.remote_sources[0].media, sending.ssrcs[0].media);
  EXPECT_EQ(receiving.remote_sources[0].rtx, sending.ssrcs[0].rtx);
  EXPECT_TRUE(sending.reduced_size);
}

TEST(Negotiation, AnswersWithATrackOfItsOwnInTheSameSection) {
  Side ada(1);
  Side bob(2);
  (void)ada.negotiation.add_track(MediaKind::kAudio, {});
  const auto bobs = bob.negotiation.add_track(MediaKind::kAudio, {});
  exchange(ada, bob);
  EXPECT_EQ(ada.negotiation.transceivers().size(), 1u);
  EXPECT_EQ(bob.negotiation.transceivers().size(), 1u);
  EXPECT_EQ(bob.negotiation.find(*bobs)->current_direction, Direction::kSendRecv);
  EXPECT_TRUE(only_agreement(ada.negotiation.agreements()).receives);
}

TEST(Negotiation, ATransceiverByItselfIsNoPlaceForTheOffersTrack) {
  Side ada(1);
  Side bob(2);
  (void)ada.negotiation.add_track(MediaKind::kAudio, {});
  (void)bob.negotiation.add_transceiver(MediaKind::kAudio, {});
  exchange(ada, bob);
  EXPECT_EQ(bob.negotiation.transceivers().size(), 2u);
  EXPECT_TRUE(bob.negotiation.is_needed());
  exchange(bob, ada);
  EXPECT_EQ(ada.negotiation.transceivers().size(), 2u);
  EXPECT_FALSE(bob.negotiation.is_needed());
}

TEST(Negotiation, ATrackInReplyUsesWhatTheOfferMade) {
  Side ada(1);
  Side bob(2);
  (void)ada.negotiation.add_track(MediaKind::kVideo, {});
  bob.take(SdpType::kOffer, ada.offer());
  const auto id = bob.negotiation.add_track(MediaKind::kVideo, {.streams = {"s"}});
  ASSERT_TRUE(id);
  const auto changes = ada.take(SdpType::kAnswer, bob.answer());
  EXPECT_EQ(changes.tracks_added.size(), 1u);
  EXPECT_EQ(bob.negotiation.transceivers().size(), 1u);
  EXPECT_EQ(bob.negotiation.find(*id)->current_direction, Direction::kSendRecv);
}

TEST(Negotiation, AgreesOnASimulcastByItsRids) {
  Side ada(1);
  Side bob(2);
  (void)ada.negotiation.add_track(
      MediaKind::kVideo,
      {.encodings = {{.rid = "h"}, {.rid = "m"}, {.rid = "l", .active = false}}});
  exchange(ada, bob);
  const auto ours = ada.negotiation.agreements();
  const auto theirs = bob.negotiation.agreements();
  const Agreement& sending = only_agreement(ours);
  EXPECT_EQ(sending.encodings,
            (std::vector<Encoding>{{.rid = "h"}, {.rid = "m"}, {.rid = "l", .active = false}}));
  EXPECT_EQ(sending.ssrcs.size(), 3u);
  const Agreement& receiving = only_agreement(theirs);
  EXPECT_EQ(receiving.receive_rids, (std::vector<std::string>{"h", "m", "l"}));
  EXPECT_TRUE(receiving.remote_sources.empty());  // Rids tell them apart.
}

TEST(Negotiation, AsksForASimulcastInItsOffer) {
  Side server(1);
  Side browser(2);
  (void)browser.negotiation.add_track(MediaKind::kVideo,
                                      {.encodings = {{.rid = "a"}, {.rid = "b"}}});
  (void)server.negotiation.add_transceiver(
      MediaKind::kVideo, {.direction = Direction::kRecvOnly, .receive_rids = {"h", "l"}});
  exchange(server, browser);
  const auto agreements = browser.negotiation.agreements();
  EXPECT_EQ(only_agreement(agreements).encodings,
            (std::vector<Encoding>{{.rid = "h"}, {.rid = "l"}}));
  EXPECT_EQ(only_agreement(server.negotiation.agreements()).receive_rids,
            (std::vector<std::string>{"h", "l"}));
}

TEST(Negotiation, RejectsWhatIsNotBundled) {
  Side ada(1);
  Side bob(2);
  (void)ada.negotiation.add_track(MediaKind::kAudio, {});
  (void)ada.negotiation.add_track(MediaKind::kVideo, {});
  auto offer = ada.offer();
  offer.bundles.clear();
  bob.take(SdpType::kOffer, offer);
  const auto answer = bob.answer();
  EXPECT_FALSE(answer.sections[0].is_rejected());
  EXPECT_TRUE(answer.sections[1].is_rejected());
}

TEST(Negotiation, AStoppedTransceiverGivesItsSectionToAnother) {
  Side ada(1);
  Side bob(2);
  const auto first = ada.negotiation.add_track(MediaKind::kAudio, {});
  (void)ada.negotiation.add_track(MediaKind::kVideo, {});
  exchange(ada, bob);
  ASSERT_TRUE(ada.negotiation.stop(*first));
  EXPECT_TRUE(ada.negotiation.is_needed());
  const auto changes = bob.take(SdpType::kOffer, ada.offer());
  EXPECT_EQ(changes.tracks_removed.size(), 1u);
  ada.take(SdpType::kAnswer, bob.answer());
  EXPECT_FALSE(ada.negotiation.is_needed());
  EXPECT_EQ(ada.negotiation.agreements().size(), 1u);

  (void)ada.negotiation.add_track(MediaKind::kVideo, {});
  const auto offer = ada.offer();
  ASSERT_EQ(offer.sections.size(), 2u);
  EXPECT_EQ(offer.sections[0].kind, MediaKind::kVideo);
  EXPECT_EQ(offer.sections[0].mid, "2");  // A new one: the old has been used.
  bob.take(SdpType::kOffer, offer);
  ada.take(SdpType::kAnswer, bob.answer());
  EXPECT_EQ(bob.negotiation.agreements().size(), 2u);
}

TEST(Negotiation, KeepsPayloadTypesAndExtensionIdsOfWhoeverOfferedFirst) {
  Side ada(1);
  auto codecs = default_video_codecs();
  for (sdp::Codec& codec : codecs) {  // The numbers of another product.
    if (codec.is("VP8")) codec.payload_type = 120;
    if (codec.apt() == 96) {
      codec.payload_type = 124;
      codec.parameters = {{"apt", "120"}};
    }
  }
  Side bob(2, {.media = {.video_codecs = codecs}});
  (void)bob.negotiation.add_track(MediaKind::kVideo, {});
  exchange(bob, ada);
  (void)ada.negotiation.add_transceiver(MediaKind::kVideo, {});
  const auto offer = ada.offer();
  for (const sdp::MediaSection& section : offer.sections) {
    EXPECT_TRUE(find_codec(section.codecs, 120)->is("VP8"));
    EXPECT_EQ(find_codec(section.codecs, 124)->apt(), 120);
  }
  EXPECT_EQ(offer.sections[0].extensions, offer.sections[1].extensions);
  bob.take(SdpType::kOffer, offer);
}

TEST(Negotiation, AnOfferThatMeetsOursTakesItBack) {
  Side ada(1);
  Side bob(2);
  (void)ada.negotiation.add_track(MediaKind::kVideo, {});
  (void)bob.negotiation.add_track(MediaKind::kAudio, {});
  (void)ada.offer();
  const auto bobs = bob.offer();
  ada.take(SdpType::kOffer, bobs);  // Ada is polite.
  EXPECT_EQ(ada.negotiation.state(), SignalingState::kHaveRemoteOffer);
  bob.take(SdpType::kAnswer, ada.answer());
  EXPECT_EQ(ada.negotiation.transceivers().size(), 2u);
  EXPECT_TRUE(ada.negotiation.is_needed());  // Her picture has still to be offered.
  exchange(ada, bob);
  EXPECT_EQ(bob.negotiation.agreements().size(), 2u);
}

TEST(Negotiation, ARollbackUndoesWhatAnOfferMade) {
  Side ada(1);
  Side bob(2);
  (void)ada.negotiation.add_track(MediaKind::kVideo, {});
  const auto offer = ada.offer();
  const auto added = bob.take(SdpType::kOffer, offer).tracks_added;
  const auto changes = bob.negotiation.set_remote(SdpType::kRollback, {});
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->tracks_removed, added);
  EXPECT_TRUE(bob.negotiation.transceivers().empty());
  EXPECT_EQ(bob.negotiation.remote(), nullptr);
  ASSERT_TRUE(ada.negotiation.set_local(SdpType::kRollback));
  EXPECT_EQ(ada.negotiation.local(), nullptr);
  EXPECT_TRUE(ada.negotiation.transceivers().front().mid.empty());
  EXPECT_TRUE(ada.negotiation.is_needed());
  exchange(ada, bob);
}

TEST(Negotiation, ARollbackKeepsWhatTheApplicationUses) {
  Side ada(1);
  Side bob(2);
  (void)ada.negotiation.add_track(MediaKind::kVideo, {});
  bob.take(SdpType::kOffer, ada.offer());
  (void)bob.negotiation.add_track(MediaKind::kVideo, {});
  ASSERT_TRUE(bob.negotiation.set_remote(SdpType::kRollback, {}));
  ASSERT_EQ(bob.negotiation.transceivers().size(), 1u);
  EXPECT_FALSE(bob.negotiation.transceivers().front().section);
}

TEST(Negotiation, ChangesOfDirectionAreNegotiated) {
  Side ada(1);
  Side bob(2);
  const auto id = ada.negotiation.add_track(MediaKind::kVideo, {});
  (void)bob.negotiation.add_track(MediaKind::kVideo, {});
  exchange(ada, bob);
  ASSERT_TRUE(ada.negotiation.remove_track(*id));
  EXPECT_TRUE(ada.negotiation.is_needed());
  const auto changes = bob.take(SdpType::kOffer, ada.offer());
  EXPECT_EQ(changes.tracks_removed.size(), 1u);
  ada.take(SdpType::kAnswer, bob.answer());
  EXPECT_EQ(ada.negotiation.find(*id)->current_direction, Direction::kRecvOnly);
  EXPECT_FALSE(ada.negotiation.is_needed());
  EXPECT_FALSE(bob.negotiation.is_needed());  // It would send and receive, but nobody sends.
}

TEST(Negotiation, KeepsTheDtlsRoleWhoeverOffersNext) {
  Side ada(1);
  Side bob(2);
  ada.negotiation.want_data_channels();
  exchange(ada, bob);
  (void)bob.negotiation.add_track(MediaKind::kAudio, {});
  ada.take(SdpType::kOffer, bob.offer());
  const auto answer = ada.answer();
  EXPECT_EQ(answer.sections[0].setup, sdp::Setup::kPassive);
  bob.take(SdpType::kAnswer, answer);
  EXPECT_EQ(bob.negotiation.setup(), sdp::Setup::kActive);
}

TEST(Negotiation, RefusesWhatHasNoPlace) {
  Side ada(1);
  Side bob(2);
  EXPECT_EQ(ada.negotiation.create_offer(ada.parameters()).error().kind, Error::Kind::kOperation);
  EXPECT_EQ(ada.negotiation.create_answer(ada.parameters()).error().kind,
            Error::Kind::kInvalidState);
  EXPECT_EQ(ada.negotiation.set_local(SdpType::kOffer).error().kind,
            Error::Kind::kInvalidModification);
  EXPECT_EQ(ada.negotiation.set_local(SdpType::kRollback).error().kind, Error::Kind::kInvalidState);
  (void)ada.negotiation.add_track(MediaKind::kVideo, {});
  const auto offer = ada.offer();
  EXPECT_EQ(bob.negotiation.set_remote(SdpType::kAnswer, offer).error().kind,
            Error::Kind::kInvalidState);
  auto bare = offer;
  bare.sections[0].fingerprints.clear();
  EXPECT_EQ(bob.negotiation.set_remote(SdpType::kOffer, bare).error().kind,
            Error::Kind::kInvalidAccess);
  bob.take(SdpType::kOffer, offer);
  auto answer = bob.answer();
  answer.sections[0].mid = "other";
  EXPECT_EQ(
      ada.negotiation.set_remote(SdpType::kAnswer, answer).error(),
      (Error{Error::Kind::kInvalidAccess, "section 0: its mid was \"0\" and is now \"other\""}));
}

TEST(Negotiation, RefusesTransceiversThatCannotBe) {
  Side ada(1, {.media = {.max_sections = 1}});
  const auto kind_of_error = [&](MediaKind kind, TransceiverInit init) {
    const auto id = ada.negotiation.add_transceiver(kind, std::move(init));
    return id ? std::optional<Error::Kind>{} : id.error().kind;
  };
  EXPECT_EQ(kind_of_error(MediaKind::kApplication, {}), Error::Kind::kOperation);
  EXPECT_EQ(kind_of_error(MediaKind::kAudio, {.encodings = {{.rid = "a"}, {.rid = "b"}}}),
            Error::Kind::kOperation);
  EXPECT_EQ(kind_of_error(MediaKind::kVideo, {.encodings = {{.rid = "a"}, {.rid = "b c"}}}),
            Error::Kind::kOperation);
  EXPECT_EQ(kind_of_error(MediaKind::kVideo, {.receive_rids = {"1", "2", "3", "4"}}),
            Error::Kind::kLimit);
  EXPECT_EQ(kind_of_error(MediaKind::kVideo, {}), std::nullopt);
  EXPECT_EQ(kind_of_error(MediaKind::kVideo, {}), Error::Kind::kLimit);
  EXPECT_FALSE(ada.negotiation.remove_track({77}));
  EXPECT_FALSE(ada.negotiation.set_active({1}, "h", true));
  EXPECT_FALSE(ada.negotiation.set_codecs({1}, default_audio_codecs()));
}

TEST(Negotiation, CodecPreferencesDecideWhatIsSent) {
  Side ada(1);
  Side bob(2);
  const auto id = ada.negotiation.add_track(MediaKind::kVideo, {});
  const auto codecs = default_video_codecs();
  ASSERT_TRUE(ada.negotiation.set_codecs(*id, {codecs[6], codecs[7]}));
  exchange(ada, bob);
  const auto agreements = ada.negotiation.agreements();
  ASSERT_EQ(only_agreement(agreements).send_codecs.size(), 2u);
  EXPECT_TRUE(agreements[0].send_codecs[0].is("VP9"));
}

}  // namespace
}  // namespace parley::peer
