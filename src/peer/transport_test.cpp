#include "peer/transport.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "peer/test_call.h"
#include "rtp/packet_writer.h"

namespace parley::peer {
namespace {

using namespace std::chrono_literals;
using Packet = std::vector<std::uint8_t>;

Packet rtp_packet(std::uint16_t sequence_number) {
  rtp::PacketWriter writer({.payload_type = rtp::PayloadType{96},
                            .sequence_number = sequence_number,
                            .timestamp = 90'000,
                            .ssrc = rtp::Ssrc{42}});
  writer.set_payload(as_bytes("a picture"));
  return writer.take();
}

// A receiver report of no stream (RFC 3550, 6.4.2).
const Packet kRtcp = {0x80, 201, 0, 1, 0, 0, 0, 42};
const Packet kData = {1, 2, 3, 4};

void expect_media_and_data_flow(TestCall& call, std::uint16_t sequence_number = 1) {
  const std::size_t before = call.bob.rtp.size();
  for (TestSide* side : {&call.ada, &call.bob}) {
    EXPECT_TRUE(side->transport.send_rtp(rtp_packet(sequence_number)));
    EXPECT_TRUE(side->transport.send_rtcp(kRtcp));
    EXPECT_TRUE(side->transport.send_data(call.now, kData));
    call.take_outputs(*side);
  }
  call.run(1s);
  for (TestSide* side : {&call.ada, &call.bob}) {
    ASSERT_EQ(side->rtp.size(), before + 1);
    EXPECT_EQ(side->rtp.back(), rtp_packet(sequence_number));
    EXPECT_EQ(side->rtcp.back(), kRtcp);
    EXPECT_EQ(side->data.back(), kData);
  }
}

TEST(Transport, CarriesMediaAndDataBothWays) {
  TestCall call;
  call.connect();
  ASSERT_TRUE(call.run_until_connected());
  expect_media_and_data_flow(call);
  EXPECT_TRUE(call.ada.refused.empty());
  EXPECT_TRUE(call.bob.refused.empty());
  EXPECT_EQ(call.ada.transport.srtp_sender()->profile(), srtp::Profile::kAeadAes128Gcm);
}

TEST(Transport, ConnectsToALiteServer) {
  TestCall call({.lite = true});
  call.connect();
  ASSERT_TRUE(call.run_until_connected());
  expect_media_and_data_flow(call);
}

// ICE takes one round trip, and the keys come with the second flight of each side: with 20 ms each
// way the server has them after 20 (check) + 20 (answer) + 80, and the client, who sent the last
// flight but one, a round trip of DTLS later.
TEST(Transport, HasItsKeysThreeRoundTripsAfterTheFirstCheck) {
  TestCall call({.lite = true});
  call.connect();
  ASSERT_TRUE(call.run_until_connected());
  EXPECT_LE(call.bob.connected - TestCall::kStart, 3 * 40ms);
  EXPECT_LE(call.ada.connected - TestCall::kStart, 3 * 40ms);
}

TEST(Transport, ConnectsThroughThirtyPercentLoss) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    TestCall call(
        {.link = {.latency = 20ms, .jitter = 10ms, .reorder = true, .loss = 0.3, .duplicate = 0.05},
         .seed = seed});
    call.connect();
    EXPECT_TRUE(call.run_until_connected(60s)) << "seed " << seed;
  }
}

TEST(Transport, WaitsForAnAnswerThatIsSlowerThanTheOneWhoGaveIt) {
  TestCall call;
  // Ada offered. Bob has her offer and begins; she has not seen his answer yet.
  call.connect_ice(call.bob, call.ada, false);
  call.connect_ice(call.ada, call.bob, false);
  call.start_dtls(call.bob, dtls::Role::kClient, call.ada);
  call.run(500ms);
  EXPECT_FALSE(call.bob.transport.is_connected());
  call.start_dtls(call.ada, dtls::Role::kServer, call.bob);
  ASSERT_TRUE(call.run_until_connected());
  expect_media_and_data_flow(call);
}

TEST(Transport, KeepsOnlyAFewDatagramsForLater) {
  TestCall call;
  call.connect_ice(call.bob, call.ada, false);
  call.connect_ice(call.ada, call.bob, false);
  call.start_dtls(call.bob, dtls::Role::kClient, call.ada);
  call.run(20s);
  EXPECT_GT(call.ada.transport.counters().dropped_for(Drop::kEarlyDtls), 0u);
  EXPECT_EQ(call.ada.refused, std::vector<std::string>{"DTLS before the peer's description"});
}

TEST(Transport, RefusesACertificateThatSignallingDidNotName) {
  TestCall call;
  call.connect_ice(call.ada, call.bob, false);
  call.connect_ice(call.bob, call.ada, false);
  call.start_dtls(call.bob, dtls::Role::kServer, call.ada);
  call.start_dtls(call.ada, dtls::Role::kClient, call.ada);  // As if Bob had Ada's certificate.
  call.run(5s);
  EXPECT_EQ(call.ada.failed, dtls::Connection::Reason::kFingerprint);
  EXPECT_EQ(call.bob.failed, dtls::Connection::Reason::kPeerAlert);
  EXPECT_FALSE(call.ada.transport.is_connected());
  EXPECT_FALSE(call.ada.transport.send_rtp(rtp_packet(1)));
}

TEST(Transport, TakesNothingButStunFromAPathThatIceHasNotValidated) {
  TestCall call;
  call.connect();
  ASSERT_TRUE(call.run_until_connected());
  ASSERT_TRUE(call.ada.transport.send_rtp(rtp_packet(1)));
  Packet stolen;
  drain(call.ada.transport, [&](Transport::Output output) {
    if (auto* const sent = std::get_if<Transport::Transmit>(&output)) stolen = sent->payload;
  });
  call.inject(call.bob, test_address("198.51.100.9:9"), stolen);
  call.inject(call.bob, test_address("198.51.100.9:9"), {22, 254, 253, 0});
  EXPECT_TRUE(call.bob.rtp.empty());
  EXPECT_EQ(call.bob.transport.counters().dropped_for(Drop::kNotValidated), 2u);
  EXPECT_EQ(call.bob.refused, std::vector<std::string>{"path not validated"});
}

TEST(Transport, SaysOnceThatMediaIsInClearAndCountsTheRest) {
  TestCall call;
  call.connect();
  ASSERT_TRUE(call.run_until_connected());
  for (std::uint16_t i = 0; i < 100; ++i) call.inject(call.bob, call.ada.address, rtp_packet(i));
  EXPECT_TRUE(call.bob.rtp.empty());
  EXPECT_EQ(call.bob.transport.counters().dropped_for(Drop::kUnprotected), 100u);
  EXPECT_EQ(call.bob.refused, std::vector<std::string>{"media not protected with our keys"});
  expect_media_and_data_flow(call);
}

TEST(Transport, TakesAPacketOnce) {
  TestCall call({.link = {.latency = 20ms, .duplicate = 1}});
  call.connect();
  ASSERT_TRUE(call.run_until_connected());
  expect_media_and_data_flow(call);
  EXPECT_EQ(call.bob.rtp.size(), 1u);
  EXPECT_EQ(call.bob.transport.srtp_receiver()->counters().dropped_for(srtp::Error::kReplayed), 2u);
}

TEST(Transport, DropsMediaBeforeThereAreKeys) {
  TestCall call;
  call.connect_ice(call.ada, call.bob, false);
  call.connect_ice(call.bob, call.ada, false);
  call.run(1s);
  call.inject(call.bob, call.ada.address, rtp_packet(1));
  EXPECT_EQ(call.bob.transport.counters().dropped_for(Drop::kNoKeys), 1u);
}

TEST(Transport, DropsWhatIsNoneOfItsProtocols) {
  TestCall call;
  call.connect();
  ASSERT_TRUE(call.run_until_connected());
  for (const Packet& datagram : {Packet{}, {5}, {16, 0}, {64, 0}, {255, 255}}) {
    call.inject(call.bob, call.ada.address, datagram);
  }
  EXPECT_EQ(call.bob.transport.counters().dropped_for(Drop::kUnknownProtocol), 5u);
}

TEST(Transport, SendsNothingBeforeItIsConnected) {
  TestCall call;
  EXPECT_FALSE(call.ada.transport.send_rtp(rtp_packet(1)));
  EXPECT_FALSE(call.ada.transport.send_rtcp(kRtcp));
  EXPECT_FALSE(call.ada.transport.send_data(call.now, kData));
  EXPECT_EQ(call.ada.transport.counters().dropped_for(Drop::kNotConnected), 3u);
  EXPECT_EQ(call.ada.transport.counters().packets_sent, 0u);
}

TEST(Transport, RefusesToSendOnePacketTwice) {
  TestCall call;
  call.connect();
  ASSERT_TRUE(call.run_until_connected());
  EXPECT_TRUE(call.ada.transport.send_rtp(rtp_packet(7)));
  EXPECT_FALSE(call.ada.transport.send_rtp(rtp_packet(7)));
  EXPECT_EQ(call.ada.transport.counters().dropped_for(Drop::kRefusedBySrtp), 1u);
}

TEST(Transport, GoesOnWithTheSameKeysAfterAnIceRestart) {
  TestCall call;
  call.connect();
  ASSERT_TRUE(call.run_until_connected());
  expect_media_and_data_flow(call, 1);
  for (TestSide* side : {&call.ada, &call.bob}) {
    side->candidates.clear();
    side->transport.ice().restart(call.now);
    call.take_outputs(*side);
  }
  expect_media_and_data_flow(call, 2);  // The old path carries on meanwhile.
  call.connect();
  call.run(5s);
  expect_media_and_data_flow(call, 3);
  EXPECT_GE(call.ada.transport.counters().path_changes, 1u);
}

TEST(Transport, FollowsAPeerWhoseAddressChanges) {
  TestCall call;
  call.connect();
  ASSERT_TRUE(call.run_until_connected());
  call.run(3s);
  // Ada's NAT gives her another port: Bob sees all that she sends come from there.
  call.ada.seen_as = test_address("192.0.2.1:4001");
  call.run(40s);
  EXPECT_EQ(call.bob.transport.path()->remote, call.ada.seen_as);
  expect_media_and_data_flow(call);
}

TEST(Transport, TellsThePeerThatItCloses) {
  TestCall call;
  call.connect();
  ASSERT_TRUE(call.run_until_connected());
  call.ada.transport.close(call.now);
  call.take_outputs(call.ada);
  call.run(1s);
  EXPECT_TRUE(call.bob.closed_by_peer);
  EXPECT_FALSE(call.bob.transport.is_connected());
  EXPECT_EQ(call.ada.transport.next_deadline(), kNever);
  EXPECT_EQ(call.ada.ice_states.back(), ice::State::kClosed);
}

TEST(Transport, StaysConnectedThroughAQuietHour) {
  TestCall call;
  call.connect();
  ASSERT_TRUE(call.run_until_connected());
  call.run(1h);
  EXPECT_TRUE(call.ada.transport.is_connected());
  expect_media_and_data_flow(call);
}

TEST(Transport, FailsOnceThePeerIsSilentForTooLong) {
  TestCall call;
  call.connect();
  ASSERT_TRUE(call.run_until_connected());
  call.to_ada.set_down(true);
  call.to_bob.set_down(true);
  call.run(2min);
  EXPECT_EQ(call.ada.ice_states.back(), ice::State::kFailed);
  EXPECT_FALSE(call.ada.transport.send_rtp(rtp_packet(1)));
}

}  // namespace
}  // namespace parley::peer
