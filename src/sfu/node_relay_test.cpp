// One room on two nodes: who is on one sees and hears who is on the other as if there were one.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "sfu/test_two_nodes.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

TEST(NodeRelay, WhoIsElsewhereIsSeenAndHeard) {
  TwoNodes both(1);
  both.link();
  both.nodes[0].join(1, {.microphone = true, .camera = 3});
  both.nodes[1].join(2, {.microphone = true, .camera = 1});
  both.nodes[1].join(3);
  ASSERT_TRUE(both.connect_all());
  both.run(3s);
  for (const std::uint64_t viewer : {2u, 3u}) {
    EXPECT_GT(both.pictures(1, viewer, 1), 30u) << viewer;
    EXPECT_GT(both.at(1, viewer).frames_of({1}, false), 100u) << viewer;
    EXPECT_TRUE(both.shows(1, viewer, 1)) << viewer;
  }
  EXPECT_GT(both.pictures(0, 1, 2), 30u);
  EXPECT_GT(both.pictures(1, 3, 2), 30u);
  EXPECT_EQ(both.pictures(1, 2, 2), 0u);
  EXPECT_EQ(both.broken(), std::vector<std::string>{});
  for (TestMeeting& each : both.nodes) {
    ASSERT_FALSE(each.speakers.empty());
    EXPECT_EQ(each.speakers.back().speakers.size(), 2u);
  }
  EXPECT_EQ(both.nodes[0].node.counters().relayed_stale, 0u);
}

TEST(NodeRelay, WhatWasThereBeforeTheRoomSpreadIsShownToo) {
  TwoNodes both(2);
  both.nodes[0].join(1, {.microphone = true, .camera = 1});
  ASSERT_TRUE(both.nodes[0].connect_all());
  both.nodes[1].run(both.nodes[0].now - both.nodes[1].now);
  both.link();
  both.run(500ms);
  EXPECT_EQ(both.packets[0], 0u) << "nobody is there";
  both.nodes[1].join(2);
  ASSERT_TRUE(both.connect_all());
  both.run(2s);
  EXPECT_GT(both.pictures(1, 2, 1), 20u);
  EXPECT_EQ(both.broken(), std::vector<std::string>{});
}

// Which drops what it is told of a room before that.
TEST(NodeRelay, ANodeThatIsLinkedLaterIsToldAgain) {
  TwoNodes both(6);
  both.nodes[0].join(1, {.microphone = true, .camera = 1});
  ASSERT_TRUE(both.nodes[0].connect_all());
  both.nodes[0].run(500ms);
  both.nodes[1].run(both.nodes[0].now - both.nodes[1].now);
  both.link(0);
  EXPECT_GT(both.nodes[1].node.counters().relayed_stale, 0u);
  both.link(1);
  both.nodes[1].join(2);
  ASSERT_TRUE(both.connect_all());
  both.run(2s);
  EXPECT_GT(both.pictures(1, 2, 1), 20u);
  EXPECT_GT(both.at(1, 2).frames_of({1}, false), 50u);
}

TEST(NodeRelay, APacketGoesOnceToANodeHoweverManyAreThere) {
  TwoNodes both(3);
  both.link();
  both.nodes[0].join(1, {.camera = 1});
  for (std::uint64_t id = 2; id < 8; ++id) both.nodes[1].join(id, {.audio_slots = 0});
  ASSERT_TRUE(both.connect_all());
  both.run(3s);
  const auto came = both.nodes[0].node.counters().publications.packets;
  EXPECT_LE(both.packets[0], came);
  for (std::uint64_t id = 2; id < 8; ++id) EXPECT_GT(both.pictures(1, id, 1), 30u);
  // Later ones begin with the key frame that this node has kept.
  const auto asked = both.at(0, 1).key_frames_asked;
  both.nodes[1].join(8, {.audio_slots = 0});
  ASSERT_TRUE(both.connect_all());
  both.run(500ms);
  EXPECT_GT(both.pictures(1, 8, 1), 4u);
  EXPECT_LE(both.at(0, 1).key_frames_asked, asked + 1);
}

// It need not be asked for, which the publisher would not do so soon after the last.
TEST(NodeRelay, ANodeGetsTheLastKeyFrameAsSoonAsSomebodyIsThere) {
  TwoNodes both(5);
  both.link();
  both.nodes[0].join(1, {.camera = 1, .frame_bytes = 5'000});
  both.nodes[0].join(2);
  ASSERT_TRUE(both.connect_all());
  both.run(100ms);
  const std::uint64_t came = both.nodes[0].node.counters().publications.packets;
  ASSERT_EQ(both.packets[0], 0u);
  both.nodes[1].join(3);
  both.run(1ms);
  EXPECT_GT(both.packets[0], 1u);
  EXPECT_LE(both.packets[0], came);
}

TEST(NodeRelay, AnEncodingThatNobodyThereNeedsStaysAway) {
  TwoNodes both(4);
  both.link();
  both.nodes[0].join(1, {.camera = 3});
  both.nodes[0].join(2, {.video_slots = 1});
  both.nodes[1].join(3, {.video_slots = 1});
  ASSERT_TRUE(both.connect_all());
  const auto look = [&](std::size_t node, std::uint64_t viewer, codec::PictureSize size) {
    both.nodes[node].node.set_view(both.nodes[node].now, {viewer},
                                   std::vector<Tile>{{{1}, Source::kCamera, size}});
    both.nodes[node].flush();
  };
  look(0, 2, kTestSizes[2]);
  look(1, 3, kTestSizes[0]);
  both.run(8s);
  EXPECT_EQ(both.at(0, 1).active, (std::array{true, false, true}));
  const auto before = both.bytes[0];
  both.run(2s);
  const auto small = both.bytes[0] - before;
  look(1, 3, kTestSizes[2]);
  both.run(4s);
  const auto then = both.bytes[0];
  both.run(2s);
  EXPECT_GT(both.bytes[0] - then, 3 * small);
  EXPECT_EQ(both.at(1, 3).slots.rbegin()->second.last->encoding, 2);
  EXPECT_EQ(both.broken(), std::vector<std::string>{});
}

TEST(NodeRelay, WhatIsNotPermittedDoesNotCross) {
  TwoNodes both(5);
  both.link();
  both.nodes[0].join(1, {.microphone = true, .camera = 1});
  both.nodes[1].join(2);
  ASSERT_TRUE(both.connect_all());
  both.run(2s);
  ASSERT_TRUE(both.shows(1, 2, 1));
  both.nodes[1].node.set_view(both.nodes[1].now, {2},
                              std::vector<Tile>{{{1}, Source::kCamera, kTestSizes[0]}});
  both.nodes[0].node.set_permitted(both.nodes[0].now, {1}, {});
  both.nodes[0].flush();
  both.run(1500ms);
  EXPECT_FALSE(both.shows(1, 2, 1));
  ASSERT_EQ(both.nodes[1].quality[2].tiles.size(), 1u);
  EXPECT_EQ(both.nodes[1].quality[2].tiles[0].limit, Limit::kPolicy);
  const auto packets = both.packets[0];
  both.run(1s);
  EXPECT_EQ(both.packets[0], packets);
  both.nodes[0].node.set_permitted(both.nodes[0].now, {1},
                                   std::array{Source::kMicrophone, Source::kCamera});
  both.nodes[0].flush();
  const auto pictures = both.pictures(1, 2, 1);
  both.run(2s);
  EXPECT_TRUE(both.shows(1, 2, 1));
  EXPECT_GT(both.pictures(1, 2, 1), pictures + 15);
  EXPECT_EQ(both.broken(), std::vector<std::string>{});
}

TEST(NodeRelay, WhoMayOnlyWatchIsNobodyElsewhereUntilTheyMaySend) {
  TwoNodes both(8);
  both.link();
  both.nodes[0].join(1);
  both.nodes[0].node.set_permitted(both.nodes[0].now, {1}, {});
  both.nodes[0].flush();
  both.nodes[1].join(2);
  ASSERT_TRUE(both.connect_all());
  const auto before = both.messages[0];
  both.nodes[0].join(3);
  both.nodes[0].node.set_permitted(both.nodes[0].now, {3}, {});
  both.nodes[0].flush();
  ASSERT_TRUE(both.connect_all());
  both.nodes[0].node.set_permitted(both.nodes[0].now, {3}, {});
  both.nodes[0].leave(3);
  both.run(100ms);
  EXPECT_EQ(both.messages[0], before) << "of who comes, watches and goes";
  both.nodes[0].node.set_permitted(both.nodes[0].now, {1}, std::array{Source::kCamera});
  both.nodes[0].flush();
  both.run(100ms);
  EXPECT_GT(both.messages[0], before);
}

// Without steps each of them would be told.
TEST(NodeRelay, HowManyWatchIsToldInSteps) {
  TwoNodes both(9, {.router = {.people_step = 4}});
  both.link();
  std::vector<std::size_t> told;
  const auto note = both.nodes[0].relay;
  both.nodes[0].relay = [&](Node::Relay& relay) {
    for (const RelayMessage& message : relay.batch.messages) {
      if (const auto* const one = std::get_if<relay::Listening>(&message.what)) {
        told.push_back(one->people);
      }
    }
    note(relay);
  };
  for (std::uint64_t id = 1; id <= 10; ++id) both.nodes[0].join(id, {.audio_slots = 0});
  EXPECT_EQ(told, (std::vector<std::size_t>{1, 5, 9}));
  told.clear();
  for (std::uint64_t id = 1; id <= 10; ++id) both.nodes[0].leave(id);
  EXPECT_EQ(told, (std::vector<std::size_t>{5, 1, 0}));
}

TEST(NodeRelay, WhoLeavesIsGoneEverywhere) {
  TwoNodes both(6);
  both.link();
  both.nodes[0].join(1, {.microphone = true, .camera = 1});
  both.nodes[1].join(2, {.microphone = true, .camera = 1});
  ASSERT_TRUE(both.connect_all());
  both.run(2s);
  both.nodes[0].leave(1);
  both.run(100ms);
  EXPECT_FALSE(both.shows(1, 2, 1));
  const auto packets = both.packets[1];
  both.run(1s);
  EXPECT_EQ(both.packets[1], packets) << "nobody is there any more";
  // And comes back by another connection.
  both.nodes[0].join(1, {.microphone = true, .camera = 1});
  ASSERT_TRUE(both.connect_all());
  both.run(2s);
  EXPECT_TRUE(both.shows(1, 2, 1));
  EXPECT_GT(both.pictures(0, 1, 2), 15u);
  EXPECT_EQ(both.broken(), std::vector<std::string>{});
  for (TestMeeting& each : both.nodes) {
    EXPECT_EQ(each.node.counters().rooms, 1u);
    each.node.close_room(each.now, TestMeeting::kRoom);
    EXPECT_EQ(each.node.counters().rooms, 0u);
    EXPECT_EQ(each.node.counters().packets_held, 0u);
  }
}

TEST(NodeRelay, WhatTheWayLosesIsAskedForAgain) {
  TwoNodes both(7);
  std::mt19937_64 random(7);
  both.drop = [&](RelayMessage&) { return random() % 20 == 0; };
  both.link();
  both.nodes[0].join(1, {.camera = 1});
  both.nodes[1].join(2);
  ASSERT_TRUE(both.connect_all());
  both.run(10s);
  EXPECT_GT(both.pictures(1, 2, 1), 130u);
  EXPECT_EQ(both.at(1, 2).losses(), 0u);
  EXPECT_EQ(both.broken(), std::vector<std::string>{});
}

TEST(NodeRelay, AWayThatWasShutForAWhileGoesOnWithAKeyFrame) {
  TwoNodes both(8);
  bool shut = false;
  both.drop = [&](RelayMessage&) { return shut; };
  both.link();
  both.nodes[0].join(1, {.camera = 1});
  both.nodes[1].join(2);
  ASSERT_TRUE(both.connect_all());
  both.run(2s);
  shut = true;
  both.run(2s);
  shut = false;
  const auto before = both.pictures(1, 2, 1);
  both.run(2s);
  EXPECT_GT(both.pictures(1, 2, 1), before + 20);
}

TEST(NodeRelay, MessagesReachThoseElsewhere) {
  TwoNodes both(9);
  both.link();
  both.nodes[0].join(1);
  both.nodes[1].join(2);
  both.nodes[1].join(3);
  ASSERT_TRUE(both.connect_all());
  both.nodes[0].node.set_label({1}, "ada");
  both.nodes[1].node.set_label({2}, "bob");
  both.run(1s);
  TestClient& ada = both.at(0, 1);
  ASSERT_TRUE(ada.say(both.nodes[0].now, "hello", "", true, Message::Kind::kMessage));
  ASSERT_TRUE(ada.say(both.nodes[0].now, "psst", "bob", false, Message::Kind::kMessage));
  both.run(500ms);
  EXPECT_EQ(both.at(1, 2).messages, (std::vector<std::string>{"ada: hello", "ada~ psst"}));
  EXPECT_EQ(both.at(1, 3).messages, std::vector<std::string>{"ada: hello"});
  EXPECT_TRUE(ada.messages.empty());
}

// Each is told of the other by a third, at its own time; the one may hear from the other before
// that.
TEST(NodeRelay, ANodeThatIsHeardFromIsKnown) {
  TwoNodes both(11);
  both.nodes[0].join(1, {.camera = 1});
  both.nodes[1].node.link_room(TestMeeting::kRoom, NodeId{1});
  both.nodes[1].join(2);
  ASSERT_TRUE(both.connect_all());
  both.run(2s);
  EXPECT_GT(both.pictures(1, 2, 1), 20u);
  EXPECT_EQ(both.nodes[0].node.counters().relayed_stale, 0u);
}

TEST(NodeRelay, WhatIsToldOfARoomThatIsNotHereIsCounted) {
  TestMeeting meeting(10);
  RelayBatch batch;
  batch.messages.push_back({.room = TestMeeting::kRoom, .publisher = {1}, .what = relay::Gone{}});
  meeting.node.handle_relay(meeting.now, {1}, batch);
  EXPECT_EQ(meeting.node.counters().relayed_in, 1u);
  EXPECT_EQ(meeting.node.counters().relayed_stale, 1u);
}

}  // namespace
}  // namespace parley::sfu
