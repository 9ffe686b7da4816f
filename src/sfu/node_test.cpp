#include "sfu/node.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <ranges>

#include "sfu/test_meeting.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr TestClient::Options kPublisher{.microphone = true, .camera = 1};
constexpr TestClient::Options kViewer{};

bool shows(TestMeeting& meeting, std::uint64_t to, std::uint64_t of, Source source) {
  return std::ranges::any_of(meeting.shown(to), [&](const auto& slot) {
    return slot.second.participant == ParticipantId{of} && slot.second.source == source;
  });
}

TEST(Node, ThreePeopleSeeAndHearEachOther) {
  TestMeeting meeting(1);
  for (const std::uint64_t id : {1u, 2u, 3u}) meeting.join(id, kPublisher);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(3s);
  for (const std::uint64_t viewer : {1u, 2u, 3u}) {
    for (const std::uint64_t publisher : {1u, 2u, 3u}) {
      SCOPED_TRACE(std::to_string(publisher) + " to " + std::to_string(viewer));
      const auto pictures = meeting.at(viewer).frames_of({publisher}, true);
      const auto sounds = meeting.at(viewer).frames_of({publisher}, false);
      if (viewer == publisher) {
        EXPECT_EQ(pictures + sounds, 0u);
      } else {
        EXPECT_GT(pictures, 35u);
        EXPECT_GT(sounds, 130u);
        EXPECT_TRUE(shows(meeting, viewer, publisher, Source::kCamera));
        EXPECT_TRUE(shows(meeting, viewer, publisher, Source::kMicrophone));
      }
    }
  }
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
  const auto counters = meeting.node.counters();
  EXPECT_EQ(counters.participants, 3u);
  EXPECT_EQ(counters.publications_now, 6u);
  EXPECT_EQ(counters.subscriptions_now, 12u);
  EXPECT_EQ(counters.downlink.dropped_srtp, 0u);
}

TEST(Node, TellsWhoIsConnected) {
  TestMeeting meeting(2);
  meeting.join(1, kPublisher);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(100ms);
  ASSERT_EQ(meeting.states.size(), 1u);
  EXPECT_EQ(meeting.states[0].participant, ParticipantId{1});
  EXPECT_EQ(meeting.states[0].state, Node::State::kConnected);
}

TEST(Node, ALateComerSeesAPictureAtOnce) {
  TestMeeting meeting(3);
  meeting.join(1, kPublisher);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(5s);
  meeting.join(2, kViewer);
  ASSERT_TRUE(meeting.connect_all());
  const Time connected = meeting.now;
  ASSERT_TRUE(meeting.run_until(1s, [&] { return meeting.at(2).frames_of({1}, true) > 0; }));
  EXPECT_LT(meeting.now - connected, 20ms);  // Less than the way to the publisher and back.
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

// Browsers throw away what comes before that.
TEST(Node, ALateComerHasTheEndOfTheHandshakeBeforeTheLastKeyFrame) {
  TestMeeting meeting(3);
  meeting.join(1, kPublisher);
  meeting.join(2, kViewer);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(300ms);
  const TestClient& late = meeting.join(3, kViewer);
  ASSERT_TRUE(meeting.run_until(1s, [&] { return late.frames_of({1}, true) > 0; }));
  const peer::TransportCounters& counters = late.connection.transport()->counters();
  EXPECT_EQ(counters.dropped_for(peer::Drop::kNoKeys), 0u);
}

TEST(Node, WhoLeavesIsSeenNoMore) {
  TestMeeting meeting(4);
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(1s);
  EXPECT_TRUE(shows(meeting, 2, 1, Source::kCamera));
  meeting.leave(1);
  EXPECT_FALSE(shows(meeting, 2, 1, Source::kCamera));
  EXPECT_FALSE(shows(meeting, 2, 1, Source::kMicrophone));
  meeting.run(1s);
  meeting.leave(2);
  const auto counters = meeting.node.counters();
  EXPECT_EQ(counters.rooms, 0u);
  EXPECT_EQ(counters.participants, 0u);
  EXPECT_EQ(counters.packets_held, 0u);
  EXPECT_EQ(meeting.node.next_deadline(), kNever);
}

TEST(Node, CountsWhatARoomHasCarriedForThoseWhoLeftToo) {
  TestMeeting meeting(4);
  EXPECT_FALSE(meeting.node.room_counters(TestMeeting::kRoom));
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(2s);
  const auto before = meeting.node.room_counters(TestMeeting::kRoom);
  ASSERT_TRUE(before);
  EXPECT_EQ(before->participants, 2u);
  EXPECT_EQ(before->uplink.packets, meeting.node.counters().uplink.packets);
  EXPECT_EQ(before->downlink.bytes, meeting.node.counters().downlink.bytes);
  EXPECT_GT(before->estimate, DataRate::kbps(600));
  EXPECT_GT(before->allocated, DataRate{});
  meeting.leave(1);
  const auto after = meeting.node.room_counters(TestMeeting::kRoom);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->participants, 1u);
  EXPECT_GE(after->uplink.packets, before->uplink.packets);
  EXPECT_GE(after->downlink.packets, before->downlink.packets);
  meeting.leave(2);
  EXPECT_FALSE(meeting.node.room_counters(TestMeeting::kRoom));
}

TEST(Node, WhoVanishesHasFailedAfterHalfAMinute) {
  TestMeeting meeting(5);
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  ASSERT_TRUE(meeting.connect_all());
  meeting.vanish(1);
  meeting.run(20s);
  ASSERT_FALSE(meeting.states.empty());
  EXPECT_EQ(meeting.states.back().state, Node::State::kDisconnected);
  meeting.run(20s);
  EXPECT_EQ(meeting.states.back().state, Node::State::kFailed);
  EXPECT_EQ(meeting.states.back().participant, ParticipantId{1});
  EXPECT_EQ(meeting.node.counters().participants, 1u);
}

TEST(Node, WhoNeverComesHasFailedAfterHalfAMinute) {
  TestMeeting meeting(6);
  meeting.join(1, kPublisher);
  meeting.vanish(1);
  meeting.run(31s);
  ASSERT_EQ(meeting.states.size(), 1u);
  EXPECT_EQ(meeting.states[0].state, Node::State::kFailed);
  EXPECT_EQ(meeting.node.counters().rooms, 0u);
}

TEST(Node, AViewChoosesWhatIsShown) {
  TestMeeting meeting(7);
  for (const std::uint64_t id : {1u, 2u, 3u}) meeting.join(id, kPublisher);
  meeting.join(4, kViewer);
  meeting.node.set_view(
      meeting.now, {4},
      View({{{2}, Source::kCamera, {640, 360}}, {{9}, Source::kCamera, {640, 360}}}));
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(1s);
  EXPECT_FALSE(shows(meeting, 4, 1, Source::kCamera));
  EXPECT_TRUE(shows(meeting, 4, 2, Source::kCamera));
  EXPECT_EQ(meeting.at(4).frames_of({1}, true), 0u);
  EXPECT_GT(meeting.at(4).frames_of({2}, true), 8u);
  meeting.join(9, kPublisher);  // It was named before it was there.
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(1s);
  EXPECT_TRUE(shows(meeting, 4, 9, Source::kCamera));
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

TEST(Node, WhatStaysInViewKeepsItsSlot) {
  TestMeeting meeting(8);
  for (const std::uint64_t id : {1u, 2u, 3u}) meeting.join(id, kPublisher);
  meeting.join(4, kViewer);
  ASSERT_TRUE(meeting.connect_all());
  const auto view = [&](std::initializer_list<std::uint64_t> ids) {
    View tiles(std::in_place);
    for (const std::uint64_t id : ids) tiles->push_back({{id}, Source::kCamera, {640, 360}});
    meeting.node.set_view(meeting.now, {4}, tiles);
    meeting.flush();
  };
  meeting.run(500ms);
  view({1, 2});
  meeting.run(500ms);
  const auto before = meeting.shown(4);
  view({3, 2});
  meeting.run(500ms);
  for (const auto& [mid, slot] : before) {
    if (slot.participant != ParticipantId{2} || slot.source != Source::kCamera) continue;
    EXPECT_EQ(meeting.shown(4).at(mid), slot);
  }
  EXPECT_TRUE(shows(meeting, 4, 3, Source::kCamera));
  EXPECT_FALSE(shows(meeting, 4, 1, Source::kCamera));
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

TEST(Node, WhatIsNotPermittedGoesToNobody) {
  TestMeeting meeting(9);
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(1s);
  const std::array only_sound = {Source::kMicrophone};
  meeting.node.set_permitted(meeting.now, {1}, only_sound);
  meeting.flush();
  EXPECT_FALSE(shows(meeting, 2, 1, Source::kCamera));
  EXPECT_TRUE(shows(meeting, 2, 1, Source::kMicrophone));
  meeting.run(100ms);  // What was under way.
  const auto pictures = meeting.at(2).frames_of({1}, true);
  const auto sounds = meeting.at(2).frames_of({1}, false);
  meeting.run(1s);
  EXPECT_EQ(meeting.at(2).frames_of({1}, true), pictures);
  EXPECT_GT(meeting.at(2).frames_of({1}, false), sounds + 40);
  const std::array all = {Source::kMicrophone, Source::kCamera};
  meeting.node.set_permitted(meeting.now, {1}, all);
  meeting.flush();
  meeting.run(1s);
  EXPECT_GT(meeting.at(2).frames_of({1}, true), pictures + 8);
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

TEST(Node, AScreenComesBeforeCameras) {
  TestMeeting meeting(10);
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  meeting.join(3, {.screen = 1});
  meeting.join(4, {.video_slots = 1});
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(1s);
  EXPECT_TRUE(shows(meeting, 4, 3, Source::kScreen));
  meeting.at(3).shares = false;
  meeting.run(11s);
  EXPECT_FALSE(shows(meeting, 4, 3, Source::kScreen));
  EXPECT_TRUE(shows(meeting, 4, 1, Source::kCamera) || shows(meeting, 4, 2, Source::kCamera));
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

TEST(Node, OnlyThoseWhoSpeakAreHeardWhereSlotsAreFew) {
  TestMeeting meeting(11);
  for (std::uint64_t id = 1; id <= 6; ++id) {
    meeting.join(id, {.microphone = true, .audio_slots = 2, .video_slots = 0}).speaks = id == 5;
  }
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(3s);
  for (const std::uint64_t id : {1u, 2u, 3u, 4u, 6u}) {
    EXPECT_TRUE(shows(meeting, id, 5, Source::kMicrophone)) << id;
  }
  EXPECT_FALSE(shows(meeting, 5, 5, Source::kMicrophone));
  ASSERT_FALSE(meeting.speakers.empty());
  EXPECT_EQ(meeting.speakers.back().room, TestMeeting::kRoom);
  EXPECT_EQ(meeting.speakers.back().speakers, std::vector{ParticipantId{5}});
}

TEST(Node, AConnectionMayTakeThePlaceOfAnother) {
  TestMeeting meeting(14);
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(1s);
  meeting.join(1, kPublisher);
  EXPECT_EQ(meeting.node.counters().participants, 2u);
  ASSERT_TRUE(meeting.connect_all());
  const auto before = meeting.at(2).frames_of({1}, true);
  meeting.run(1s);
  EXPECT_GT(meeting.at(2).frames_of({1}, true), before + 8);
  EXPECT_GT(meeting.at(1).frames_of({2}, true), 8u);
}

TEST(Node, AnIceRestartKeepsTheConnection) {
  TestMeeting meeting(15);
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(1s);
  const Offer offer = meeting.at(1).restart(meeting.now);
  const auto answer = meeting.node.renegotiate(meeting.now, {1}, offer);
  ASSERT_TRUE(answer) << answer.error();
  meeting.at(1).take_answer(meeting.now, *answer);
  const auto before = meeting.at(1).frames_of({2}, true);
  meeting.run(2s);
  EXPECT_GT(meeting.at(1).frames_of({2}, true), before + 20);
  EXPECT_EQ(meeting.states.size(), 2u);
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
  EXPECT_TRUE(meeting.node.renegotiate(meeting.now, {1}, offer));  // Its answer may be lost.
  EXPECT_FALSE(meeting.node.renegotiate(meeting.now, {7}, offer));
}

TEST(Node, AConnectionGetsMoreSlotsWhileItsPicturesGoOn) {
  TestMeeting meeting(16);
  for (const std::uint64_t id : {1u, 2u, 3u, 4u}) meeting.join(id, kPublisher);
  meeting.join(5, {.microphone = false, .camera = 0, .audio_slots = 1, .video_slots = 1});
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(1s);
  const auto seen = [&](std::uint64_t who) { return meeting.at(5).frames_of({who}, true); };
  const auto people_seen = [&] {
    return std::ranges::count_if(std::views::iota(1u, 5u), [&](auto who) { return seen(who) > 0; });
  };
  EXPECT_EQ(people_seen(), 1);
  const auto answer =
      meeting.node.renegotiate(meeting.now, {5}, meeting.at(5).more_slots(meeting.now, 3));
  ASSERT_TRUE(answer) << answer.error();
  meeting.at(5).take_answer(meeting.now, *answer);
  EXPECT_TRUE(meeting.run_until(2s, [&] { return people_seen() == 4; }));
  EXPECT_EQ(meeting.states.size(), 5u);  // Nobody connected again.
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
  // As every connection it may restart ICE afterwards, and is left in peace when it goes.
  const auto again = meeting.node.renegotiate(meeting.now, {5}, meeting.at(5).restart(meeting.now));
  ASSERT_TRUE(again) << again.error();
  meeting.at(5).take_answer(meeting.now, *again);
  const auto before = seen(4);
  meeting.run(1s);
  EXPECT_GT(seen(4), before + 10);
  meeting.node.disconnect(meeting.now, {5});
  meeting.run(1s);
}

TEST(Node, RefusesMoreThanItsLimits) {
  TestMeeting meeting(17, {.max_rooms = 1, .max_participants = 3, .max_in_room = 2});
  const auto connect = [&](std::uint64_t room, std::uint64_t id) {
    TestClient client({id}, kViewer, TestMeeting::kNode, id);
    const auto answer = meeting.node.connect(meeting.now, {room}, {id}, client.offer(meeting.now));
    return answer ? "" : answer.error();
  };
  EXPECT_EQ(connect(1, 1), "");
  EXPECT_EQ(connect(1, 2), "");
  EXPECT_EQ(connect(1, 3), "This room takes no more participants.");
  EXPECT_EQ(connect(1, 2), "");  // It is there already.
  EXPECT_EQ(connect(2, 3), "This server takes no more rooms.");
  EXPECT_EQ(meeting.node.counters().participants, 2u);
}

TEST(Node, ARefusedOfferLeavesNothingBehind) {
  TestMeeting meeting(18);
  const auto refused = meeting.node.connect(meeting.now, {1}, {1}, {.sdp = "hello"});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().starts_with("The offer"));
  EXPECT_EQ(meeting.node.counters().rooms, 0u);
  EXPECT_EQ(meeting.node.next_deadline(), kNever);
}

TEST(Node, ClosesARoom) {
  TestMeeting meeting(19);
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  ASSERT_TRUE(meeting.connect_all());
  meeting.node.close_room(meeting.now, TestMeeting::kRoom);
  meeting.flush();
  EXPECT_EQ(meeting.node.counters().participants, 0u);
  meeting.run(500ms);
  EXPECT_FALSE(meeting.at(1).is_connected());  // It was told.
}

}  // namespace
}  // namespace parley::sfu
