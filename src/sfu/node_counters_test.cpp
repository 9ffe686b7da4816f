// What a node and its rooms tell of what they have counted.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <vector>

#include "sfu/add_counts.h"
#include "sfu/test_meeting.h"
#include "sfu/test_raw_room.h"
#include "sfu/test_raw_source.h"
#include "sfu/test_two_nodes.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr TestClient::Options kPublisher{.microphone = true, .camera = 1};
constexpr TestClient::Options kViewer{};
constexpr sim::LinkConfig kLossy{.latency = 15ms, .loss = 0.05};

using Counts = std::array<std::uint64_t, sizeof(ParticipantCounters) / sizeof(std::uint64_t)>;

Counts counts_of(const ParticipantCounters& counters) {
  return std::bit_cast<Counts>(counters);
}

// Whether no count of `before` is higher than it is in `after`.
bool none_fell(const ParticipantCounters& before, const ParticipantCounters& after) {
  return std::ranges::equal(counts_of(before), counts_of(after), std::less_equal());
}

ParticipantCounters room_of(const TestMeeting& meeting) {
  return meeting.node.room_counters(TestMeeting::kRoom).value_or(Node::RoomCounters{});
}

TEST(NodeCounters, ARoomTellsOfItsRepairsAndKeyFramesAndKeepsThoseOfWhoLeft) {
  TestMeeting meeting(1);
  meeting.join(1, kPublisher, kLossy);
  meeting.join(2, kViewer, kLossy);
  meeting.join(3, kViewer);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(5s);
  const ParticipantCounters before = room_of(meeting);
  EXPECT_GT(before.publications.nacks, 0u);
  EXPECT_GT(before.publications.key_frames, 0u);
  EXPECT_GT(before.downlink.nacked, 0u);
  EXPECT_GT(before.downlink.retransmitted, 0u);
  EXPECT_EQ(counts_of(before), counts_of(meeting.node.counters())) << "it is the only one";
  meeting.leave(2);
  EXPECT_TRUE(none_fell(before, room_of(meeting)));
  EXPECT_GE(room_of(meeting).downlink.nacked, before.downlink.nacked);
  meeting.leave(1);  // And with it what it published.
  EXPECT_TRUE(none_fell(before, room_of(meeting)));
  meeting.leave(3);
  EXPECT_TRUE(none_fell(before, meeting.node.counters()));
}

TEST(NodeCounters, WhatIsSwitchedOffKeepsItsCountsInTheRoom) {
  TestMeeting meeting(2);
  meeting.join(1, kPublisher);
  meeting.join(2, kViewer);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(1s);
  const ParticipantCounters before = room_of(meeting);
  EXPECT_GT(before.publications.key_frames, 0u);
  meeting.node.set_permitted(meeting.now, {1}, {});
  meeting.flush();
  meeting.run(200ms);
  EXPECT_TRUE(none_fell(before, room_of(meeting)));
  EXPECT_GT(room_of(meeting).uplink.not_permitted, 0u);
}

TEST(NodeCounters, ANewConnectionOfTheOnlyOneGoesOnWithTheRoomsCounts) {
  TestMeeting meeting(9);
  meeting.join(1, kPublisher);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(1s);
  const ParticipantCounters before = room_of(meeting);
  EXPECT_GT(before.uplink.packets, 0u);
  meeting.join(1, kPublisher);
  EXPECT_TRUE(none_fell(before, room_of(meeting)));
}

TEST(NodeCounters, RoomsTellOfThemselvesAlone) {
  TestMeeting meeting(3);
  constexpr RoomId kOther{2};
  meeting.join(1, kPublisher, kLossy);
  meeting.join(2, kViewer);
  meeting.join(3, kPublisher, {.latency = 15ms}, kOther);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(2s);
  ParticipantCounters sum = room_of(meeting);
  const auto other = meeting.node.room_counters(kOther);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->downlink.nacked, 0u);
  EXPECT_GT(other->uplink.packets, 0u);
  add_counts<ParticipantCounters>(sum, *other);
  EXPECT_EQ(counts_of(sum), counts_of(meeting.node.counters()));
}

TEST(NodeCounters, CountsWhatIsTooLargeWithItsNewHeader) {
  RawRoom room(4);
  RawClient& publisher = room.join({.camera = 1, .video_slots = 0});
  room.join({});
  room.run(1s);
  ASSERT_TRUE(room.are_connected());
  RawSource source(room, 1);
  std::vector<std::uint8_t> datagram = source.next();
  room.node.handle_input(room.now,
                         {{.local = RawRoom::server(), .remote = publisher.address}, datagram});
  room.pump();
  const peer::Agreement& camera = publisher.sending(Source::kCamera);
  rtp::PacketWriter writer({.marker = true,
                            .payload_type = rtp::PayloadType{camera.send_codecs[0].payload_type},
                            .sequence_number = 1,
                            .timestamp = 3'600,
                            .ssrc = rtp::Ssrc{77}});
  std::vector<std::uint8_t> payload(1'480, 0x55);
  payload[0] = 0x10;  // VP8: a frame begins.
  payload[1] = 0x11;
  writer.set_payload(payload);
  publisher.transport.send_rtp(writer.take());
  room.drain(publisher);
  room.pump();
  const auto counters = room.node.room_counters({1});
  ASSERT_TRUE(counters);
  EXPECT_EQ(counters->downlink.dropped_size, 1u);
}

TEST(NodeCounters, SaysHowConnectionsStand) {
  TestMeeting meeting(5);
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  EXPECT_EQ(meeting.node.counters().links.connecting, 2u);
  EXPECT_EQ(meeting.node.counters().links.udp_v4, 0u);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(2s);
  Node::Links links = meeting.node.counters().links;
  EXPECT_EQ(links.connecting, 0u);
  EXPECT_EQ(links.connected, 2u);
  EXPECT_EQ(links.udp_v4, 2u);
  EXPECT_EQ(links.udp_v6 + links.tcp, 0u);
  const auto room = meeting.node.room_counters(TestMeeting::kRoom);
  EXPECT_EQ(links.estimate, room->estimate);
  EXPECT_EQ(links.allocated, room->allocated);
  EXPECT_GT(links.allocated, DataRate{});
  meeting.vanish(2);
  meeting.run(20s);
  links = meeting.node.counters().links;
  EXPECT_EQ(links.connected, 1u);
  EXPECT_EQ(links.disconnected, 1u);
}

TEST(NodeCounters, SaysHowConnectionsFaredAndEnded) {
  TestMeeting meeting(6);
  for (const std::uint64_t id : {1u, 2u, 3u}) meeting.join(id, kViewer);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(1s);
  const auto answer =
      meeting.node.renegotiate(meeting.now, {1}, meeting.at(1).restart(meeting.now));
  ASSERT_TRUE(answer) << answer.error();
  meeting.at(1).take_answer(meeting.now, *answer);
  meeting.join(4, kViewer);
  meeting.vanish(4);  // Before it was connected.
  meeting.vanish(2);
  meeting.at(3).connection.close(meeting.now);
  meeting.run(40s);
  const ConnectionCounters counters = meeting.node.counters().connection;
  EXPECT_EQ(counters.connected, 3u);
  EXPECT_EQ(counters.disconnected, 1u);
  EXPECT_EQ(counters.ice_restarts, 1u);
  EXPECT_EQ(counters.ended_by(Ending::kNeverConnected), 1u);
  EXPECT_EQ(counters.ended_by(Ending::kNoConsent), 1u);
  EXPECT_EQ(counters.ended_by(Ending::kClosed), 1u);
  EXPECT_EQ(counters.ended_by(Ending::kDtlsTimeout), 0u);
}

TEST(NodeCounters, CountsWhatTheLayersOfAConnectionDrop) {
  TestMeeting meeting(7);
  RawClient& raw = meeting.join_raw(9, {.camera = 1});
  ASSERT_TRUE(meeting.run_until(2s, [&] { return raw.transport.is_connected(); }));
  meeting.run(100ms);
  const auto count = [&] { return meeting.node.counters().connection; };
  const auto bad_tag = std::to_underlying(srtp::Error::kBadTag);
  EXPECT_EQ(count().by_srtp[bad_tag], 0u);
  std::vector<std::uint8_t> forged(100, 0x11);
  forged[0] = 0x80;
  forged[1] = 96;
  meeting.inject(raw.address, forged);
  EXPECT_EQ(count().by_srtp[bad_tag], 1u);
  EXPECT_EQ(count().by_transport[std::to_underlying(peer::Drop::kUnprotected)], 0u) << "not twice";
  const std::vector<std::uint8_t> no_rtcp{0x81, 200, 0, 1, 0, 0, 0, 1};  // Too short for its kind.
  raw.transport.send_rtcp(no_rtcp);
  raw.transport.send_data(meeting.now, std::vector<std::uint8_t>(20));
  meeting.drain_raw();
  meeting.run(100ms);
  EXPECT_EQ(count().malformed_rtcp, 1u);
  EXPECT_EQ(count().by_sctp.not_agreed, 1u);
  EXPECT_EQ(count().by_ice[std::to_underlying(ice::Drop::kIntegrity)], 0u);
  meeting.node.disconnect(meeting.now, {9});
  EXPECT_EQ(count().by_srtp[bad_tag], 1u);
  EXPECT_EQ(count().malformed_rtcp, 1u);
}

TEST(NodeCounters, CountsWhatIsDroppedBetweenNodes) {
  TwoNodes both(8);
  both.link();
  int packets = 0;
  both.drop = [&](RelayMessage&) { return ++packets % 10 == 0; };
  both.nodes[0].join(1, {.camera = 1});
  both.nodes[1].join(2);
  ASSERT_TRUE(both.connect_all());
  both.run(3s);
  const auto there = [&] { return both.nodes[1].node.counters(); };
  EXPECT_GT(there().relayed.nacks, 0u);
  EXPECT_GT(there().relayed.packets, 50u);
  EXPECT_EQ(there().publications.packets, 0u) << "nobody publishes there";
  EXPECT_EQ(both.nodes[0].node.counters().relayed.packets, 0u);
  EXPECT_EQ(there().relayed_unusable, 0u);
  RelayBatch batch;
  batch.messages.push_back({.room = TestMeeting::kRoom,
                            .publisher = {77},
                            .what = relay::Packet{.source = Source::kCamera, .size = 4}});
  batch.bytes = {1, 2, 3, 4};
  both.nodes[1].node.handle_relay(both.nodes[1].now, {1}, std::move(batch));
  EXPECT_EQ(there().relayed_unusable, 1u);
  const auto before = there().relayed.packets;
  both.nodes[0].leave(1);
  both.run(100ms);
  EXPECT_GE(there().relayed.packets, before);
  both.nodes[1].node.close_room(both.nodes[1].now, TestMeeting::kRoom);
  EXPECT_GE(there().relayed.packets, before);
}

}  // namespace
}  // namespace parley::sfu
