#include "peer/peer_connection.h"

#include <gtest/gtest.h>

#include <string>

#include "peer/test_peers.h"

namespace parley::peer {
namespace {

using namespace std::chrono_literals;
using Kind = sctp::DataChannels::Kind;

sctp::ChannelId open(PeerPair& pair, PeerSide& side, sctp::ChannelOptions options) {
  const auto channel = side.connection.create_data_channel(pair.now, options);
  EXPECT_TRUE(channel) << channel.error().message;
  pair.drain(side);
  return channel.value_or(sctp::ChannelId{});
}

void send(PeerPair& pair, PeerSide& side, sctp::ChannelId channel, std::string_view text) {
  EXPECT_TRUE(side.connection.send(pair.now, channel, Kind::kText, as_bytes(text)));
  pair.drain(side);
}

bool is_open(const PeerSide& side, sctp::ChannelId channel) {
  return side.connection.data_channels().state(channel) == sctp::DataChannels::ChannelState::kOpen;
}

TEST(PeerConnection, OpensADataChannelAndCarriesMessagesBothWays) {
  PeerPair pair;
  const auto channel = open(pair, pair.ada, {.label = "chat", .protocol = "text"});
  EXPECT_EQ(pair.ada.count<PeerConnection::NegotiationNeeded>(), 1u);
  pair.negotiate();
  ASSERT_TRUE(pair.run(5s, [&] {
    return pair.bob.count<PeerConnection::DataChannelAnnounced>() > 0 &&
           pair.ada.count<PeerConnection::DataChannelOpened>() > 0;
  }));
  const auto* const announced = pair.bob.last<PeerConnection::DataChannelAnnounced>();
  EXPECT_EQ(announced->options.label, "chat");
  EXPECT_EQ(announced->options.protocol, "text");
  send(pair, pair.ada, channel, "hello");
  send(pair, pair.bob, announced->channel, "good evening");
  ASSERT_TRUE(
      pair.run(2s, [&] { return !pair.ada.messages.empty() && !pair.bob.messages.empty(); }));
  EXPECT_EQ(pair.bob.messages, (std::vector<std::string>{"hello"}));
  EXPECT_EQ(pair.ada.messages, (std::vector<std::string>{"good evening"}));
}

TEST(PeerConnection, TellsItsStatesInTheirOrder) {
  PeerPair pair;
  open(pair, pair.ada, {.label = "x"});
  EXPECT_EQ(pair.ada.connection.connection_state(), ConnectionState::kNew);
  ASSERT_TRUE(pair.connect());
  std::string told;
  for (const auto& event : pair.ada.events) {
    if (const auto* state = std::get_if<PeerConnection::SignalingStateChanged>(&event)) {
      told += std::string(to_string(state->state)) + " ";
    }
    if (const auto* state = std::get_if<PeerConnection::ConnectionStateChanged>(&event)) {
      told += std::string(to_string(state->state)) + " ";
    }
  }
  EXPECT_EQ(told, "have-local-offer stable connecting connected ");
  EXPECT_EQ(pair.ada.connection.ice_gathering_state(), GatheringState::kComplete);
}

TEST(PeerConnection, IsConnectedInFourRoundTrips) {
  PeerPair pair({.latency = 50ms});
  open(pair, pair.ada, {.label = "x"});
  const Time began = pair.now;
  ASSERT_TRUE(pair.connect());
  EXPECT_LE(pair.now - began, 410ms);  // One for ICE, two for DTLS, half for each to know it.
}

TEST(PeerConnection, ComesUpOnALossyPath) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    PeerPair pair({.latency = 20ms, .jitter = 10ms, .reorder = true, .loss = 0.3}, seed);
    const auto channel = open(pair, pair.ada, {.label = "x"});
    pair.negotiate();
    ASSERT_TRUE(pair.run(60s, [&] { return is_open(pair.ada, channel); })) << "seed " << seed;
    send(pair, pair.ada, channel, "through");
    EXPECT_TRUE(pair.run(60s, [&] { return !pair.bob.messages.empty(); })) << "seed " << seed;
  }
}

TEST(PeerConnection, TakesCandidatesInTheDescriptionAndBeforeIt) {
  PeerPair pair;
  open(pair, pair.ada, {.label = "x"});
  pair.set_local(pair.ada);
  // The candidate overtakes the offer that it belongs to.
  for (const IceCandidate& candidate : pair.ada.candidates) {
    EXPECT_TRUE(pair.bob.connection.add_ice_candidate(pair.now, candidate));
  }
  pair.ada.candidates.clear();
  pair.set_remote(pair.bob, pair.ada);
  pair.set_local(pair.bob);
  pair.bob.candidates.clear();  // They stand in the answer.
  const auto answer = pair.bob.connection.local_description();
  EXPECT_NE(answer->sdp.find("a=candidate:"), std::string::npos);
  EXPECT_NE(answer->sdp.find("a=end-of-candidates"), std::string::npos);
  pair.set_remote(pair.ada, pair.bob);
  EXPECT_TRUE(pair.run(5s, [&] { return pair.are_connected(); }));
}

TEST(PeerConnection, ChannelsThatBothOpenNeedNoWord) {
  PeerPair pair;
  const sctp::ChannelOptions options{.label = "both", .negotiated = 7};
  const auto hers = open(pair, pair.ada, options);
  open(pair, pair.bob, options);
  pair.negotiate();
  ASSERT_TRUE(pair.run(5s, [&] { return is_open(pair.ada, hers); }));
  send(pair, pair.ada, hers, "one");
  EXPECT_TRUE(pair.run(2s, [&] { return !pair.bob.messages.empty(); }));
  EXPECT_EQ(pair.bob.count<PeerConnection::DataChannelAnnounced>(), 0u);
}

TEST(PeerConnection, SurvivesGlare) {
  PeerPair pair;
  open(pair, pair.ada, {.label = "from ada"});
  open(pair, pair.bob, {.label = "from bob"});
  pair.set_local(pair.ada);
  pair.set_local(pair.bob);
  const auto adas = pair.ada.connection.local_description();
  pair.set_remote(pair.ada, pair.bob);  // Ada is polite, Bob ignores her offer.
  EXPECT_EQ(pair.ada.connection.signaling_state(), SignalingState::kHaveRemoteOffer);
  pair.set_local(pair.ada);
  pair.set_remote(pair.bob, pair.ada);
  pair.trickle();
  ASSERT_TRUE(pair.run(5s, [&] {
    return pair.ada.count<PeerConnection::DataChannelAnnounced>() > 0 &&
           pair.bob.count<PeerConnection::DataChannelAnnounced>() > 0;
  }));
  EXPECT_NE(adas, pair.ada.connection.local_description());
}

TEST(PeerConnection, RestartsIceWhileDataFlows) {
  PeerPair pair;
  const auto channel = open(pair, pair.ada, {.label = "x"});
  pair.negotiate();
  ASSERT_TRUE(pair.run(5s, [&] { return is_open(pair.ada, channel); }));
  const auto before = pair.ada.connection.local_description();
  pair.ada.connection.restart_ice(pair.now);
  pair.drain(pair.ada);
  EXPECT_EQ(pair.ada.count<PeerConnection::NegotiationNeeded>(), 2u);
  pair.negotiate();
  send(pair, pair.ada, channel, "meanwhile");
  ASSERT_TRUE(pair.run(5s, [&] { return !pair.bob.messages.empty(); }));
  pair.run(2s);
  EXPECT_TRUE(pair.are_connected());
  const auto ufrag = [](const Description& description) {
    const auto at = description.sdp.find("a=ice-ufrag:");
    return description.sdp.substr(at, description.sdp.find('\r', at) - at);
  };
  EXPECT_NE(ufrag(*pair.ada.connection.local_description()), ufrag(*before));
  for (const PeerSide* side : {&pair.ada, &pair.bob}) {  // Each has one address, told once.
    const std::string text = side->connection.local_description()->sdp;
    const auto first = text.find("a=candidate:");
    EXPECT_NE(first, std::string::npos);
    EXPECT_EQ(text.find("a=candidate:", first + 1), std::string::npos);
  }
}

TEST(PeerConnection, NoticesThatThePeerHasGone) {
  PeerPair pair;
  open(pair, pair.ada, {.label = "x"});
  ASSERT_TRUE(pair.connect());
  ASSERT_TRUE(
      pair.run(2s, [&] { return pair.bob.count<PeerConnection::DataChannelAnnounced>() > 0; }));
  pair.ada.connection.close(pair.now);
  pair.drain(pair.ada);
  EXPECT_EQ(pair.ada.connection.connection_state(), ConnectionState::kClosed);
  EXPECT_EQ(pair.ada.connection.signaling_state(), SignalingState::kClosed);
  EXPECT_TRUE(pair.run(2s, [&] {
    return pair.bob.connection.connection_state() == ConnectionState::kDisconnected;
  }));
  EXPECT_EQ(pair.bob.count<PeerConnection::DataChannelClosed>(), 1u);
  EXPECT_EQ(pair.ada.connection.next_deadline(), kNever);
  EXPECT_EQ(pair.ada.connection.set_local_description(pair.now).error().kind,
            Error::Kind::kInvalidState);
}

TEST(PeerConnection, FailsWithAnotherCertificateThanTheDescriptions) {
  PeerPair pair;
  open(pair, pair.ada, {.label = "x"});
  pair.set_local(pair.ada);
  auto offer = pair.ada.connection.local_description().value();
  const auto at = offer.sdp.find("a=fingerprint:sha-256 ") + 22;
  offer.sdp.replace(at, 2, offer.sdp.substr(at, 2) == "00" ? "01" : "00");
  ASSERT_TRUE(pair.bob.connection.set_remote_description(pair.now, offer));
  pair.set_local(pair.bob);
  pair.set_remote(pair.ada, pair.bob);
  pair.trickle();
  EXPECT_TRUE(pair.run(
      20s, [&] { return pair.bob.connection.connection_state() == ConnectionState::kFailed; }));
}

TEST(PeerConnection, NamesTheLineThatItCannotRead) {
  PeerPair pair;
  const auto error =
      pair.ada.connection
          .set_remote_description(pair.now, {SdpType::kOffer, "v=0\r\no=- 1 1 IN IP4 0\r\nm=\r\n"})
          .error();
  EXPECT_EQ(error.kind, Error::Kind::kSyntax);
  EXPECT_EQ(error.message.substr(0, 7), "line 3:");
}

TEST(PeerConnection, SetsOnlyTheDescriptionThatItMade) {
  PeerPair pair;
  open(pair, pair.ada, {.label = "x"});
  auto offer = pair.ada.connection.create_offer(pair.now).value();
  auto munged = offer;
  munged.sdp += "a=munged\r\n";
  EXPECT_EQ(pair.ada.connection.set_local_description(pair.now, munged).error().kind,
            Error::Kind::kInvalidModification);
  EXPECT_TRUE(pair.ada.connection.set_local_description(pair.now, offer));
  EXPECT_TRUE(pair.ada.connection.set_local_description(pair.now, {SdpType::kRollback, {}}));
  EXPECT_EQ(pair.ada.connection.signaling_state(), SignalingState::kStable);
}

TEST(PeerConnection, RefusesCandidatesThatAreNone) {
  PeerPair pair;
  open(pair, pair.ada, {.label = "x"});
  pair.negotiate();
  const auto add = [&](const IceCandidate& candidate) {
    return pair.ada.connection.add_ice_candidate(pair.now, candidate).has_value();
  };
  EXPECT_FALSE(add({.candidate = "candidate:nonsense", .mid = "0"}));
  EXPECT_FALSE(add({.candidate = "candidate:1 1 udp 1 192.0.2.9 9 typ host", .mid = "nine"}));
  EXPECT_TRUE(add({.candidate = "candidate:1 1 udp 1 192.0.2.9 9 typ host", .mid = "0"}));
  EXPECT_TRUE(add({.candidate = "candidate:1 1 dccp 1 192.0.2.9 9 typ host", .mid = "0"}));
}

TEST(PeerConnection, TellsItsStatistics) {
  PeerPair pair;
  const auto channel = open(pair, pair.ada, {.label = "chat"});
  ASSERT_TRUE(pair.connect());
  pair.run(1s);
  send(pair, pair.ada, channel, "12345");
  pair.run(1s);
  const auto report = pair.ada.connection.get_stats(pair.now);
  const auto* const transport = find_stats<TransportStats>(report);
  ASSERT_NE(transport, nullptr);
  EXPECT_EQ(transport->ice_role, "controlling");
  EXPECT_EQ(transport->dtls_state, "connected");
  EXPECT_EQ(transport->dtls_role, "server");
  EXPECT_FALSE(transport->selected_candidate_pair_id.empty());
  EXPECT_GT(transport->bytes_received, 1'000u);
  const auto* const data = find_stats<DataChannelStats>(report);
  ASSERT_NE(data, nullptr);
  EXPECT_EQ(data->label, "chat");
  EXPECT_EQ(data->state, "open");
  EXPECT_EQ(data->messages_sent, 1u);
  EXPECT_EQ(data->bytes_sent, 5u);
  const auto* const link = find_stats<IceCandidatePairStats>(report);
  ASSERT_NE(link, nullptr);
  EXPECT_EQ(link->id, transport->selected_candidate_pair_id);
  EXPECT_EQ(link->state, "succeeded");
  const std::string json = to_json(report, pair.now);
  EXPECT_NE(json.find("\"type\":\"candidate-pair\""), std::string::npos);
  EXPECT_NE(json.find("\"messagesSent\":1"), std::string::npos);
  EXPECT_NE(json.find("\"selectedCandidatePairId\":"), std::string::npos);
  EXPECT_EQ(json.find("\"kType\""), std::string::npos)
      << json;  // No name of ours is among the W3C's.
}

}  // namespace
}  // namespace parley::peer
