// What participants say to each other by the data channels.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sfu/test_meeting.h"
#include "sfu/test_two_nodes.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;
using Heard = std::vector<std::string>;

constexpr TestClient::Options kViewer{};
constexpr bool kUnreliable = false;
constexpr auto kReceipt = Message::Kind::kReceipt;

// Ada, Bob and Cy, connected. Dee has no data channel.
class NodeMessages : public testing::Test {
 protected:
  explicit NodeMessages(Node::Config config = {}) : meeting(16, std::move(config)) {
    for (const std::uint64_t id : {1u, 2u, 3u}) meeting.join(id, kViewer);
    meeting.join(4, {.data = false});
    EXPECT_TRUE(meeting.connect_all());
    meeting.run(1s);
    meeting.node.set_label({1}, "ada");
    meeting.node.set_label({2}, "bob");
    meeting.node.set_label({3}, "cy");
    meeting.node.set_label({4}, "dee");
  }
  void say(std::uint64_t who, std::string_view body, std::string_view to = {}, bool reliable = true,
           Message::Kind kind = Message::Kind::kMessage) {
    EXPECT_TRUE(meeting.at(who).say(meeting.now, body, to, reliable, kind));
  }
  const Heard& heard(std::uint64_t who) {
    meeting.run(300ms);
    return meeting.at(who).messages;
  }
  MessageCounters counters() const { return meeting.node.counters().messages; }

  TestMeeting meeting;
};

TEST_F(NodeMessages, GoToTheOthersBehindTheSendersLabel) {
  say(1, "waves");
  say(1, "flies", {}, kUnreliable);
  EXPECT_EQ(heard(1), Heard{});
  for (const std::uint64_t other : {2u, 3u}) {
    EXPECT_EQ(heard(other), (Heard{"ada: waves", "ada~ flies"})) << other;
  }
  EXPECT_EQ(counters().reliable, 1u);
  EXPECT_EQ(counters().unreliable, 1u);
  EXPECT_EQ(counters().delivered, 4u);
}

TEST_F(NodeMessages, GoToTheOneThatIsNamedAlone) {
  say(1, "psst", "cy");
  say(3, "what?", "ada", kUnreliable);
  EXPECT_EQ(heard(3), Heard{"ada: psst"});
  EXPECT_EQ(heard(1), Heard{"cy~ what?"});
  EXPECT_EQ(heard(2), Heard{});
  EXPECT_EQ(counters().delivered, 2u);
}

TEST_F(NodeMessages, GoNowhereWhereNobodyOfThatNameIsInTheRoom) {
  meeting.join(5, kViewer, {}, RoomId{2});
  meeting.run(1s);
  meeting.node.set_label({5}, "eve");  // In another room.
  meeting.node.set_label({3}, "carol");
  for (const std::string_view nobody : {"eve", "zoe", "cy", "dee"}) say(1, "psst", nobody);
  say(1, "psst", "carol");
  EXPECT_EQ(heard(5), Heard{});
  EXPECT_EQ(heard(3), Heard{"ada: psst"});
  EXPECT_EQ(counters().no_receiver, 4u);
  meeting.leave(3);
  say(1, "psst", "carol");
  meeting.run(300ms);
  EXPECT_EQ(counters().no_receiver, 5u);
}

TEST_F(NodeMessages, GoToTheNamesakeInTheSameRoom) {
  meeting.join(5, kViewer, {}, RoomId{2});
  meeting.run(1s);
  meeting.node.set_label({5}, "bob");
  say(1, "psst", "bob");
  EXPECT_EQ(heard(2), Heard{"ada: psst"});
  EXPECT_EQ(heard(5), Heard{});
}

TEST_F(NodeMessages, OfWhomMaySendNoneOnlyReceiptsGoOn) {
  meeting.node.set_may_send_messages({1}, false);
  say(1, "waves");
  say(1, "flies", "bob", kUnreliable);
  say(1, "7", "bob", kUnreliable, kReceipt);
  EXPECT_EQ(heard(2), Heard{});
  EXPECT_EQ(meeting.at(2).receipts, Heard{"ada~ 7"});
  EXPECT_EQ(counters().forbidden, 2u);
  meeting.node.set_may_send_messages({1}, true);
  say(1, "waves");
  EXPECT_EQ(heard(2), Heard{"ada: waves"});
}

TEST_F(NodeMessages, AreDroppedWhereTheyAreNone) {
  say(1, std::string(65, 'x'), "bob", true, kReceipt);
  say(1, "7", {}, true, kReceipt);
  say(1, std::string(65'001, 'x'));
  const std::vector<std::uint8_t> nothing;
  ASSERT_TRUE(meeting.at(1).connection.send(meeting.now, meeting.at(1).channel,
                                            sctp::DataChannels::Kind::kText, nothing));
  EXPECT_EQ(heard(2), Heard{});
  EXPECT_EQ(counters().malformed, 4u);
  say(1, std::string(65'000, 'x'));
  EXPECT_EQ(heard(2).size(), 1u);
}

struct NodeMessagesInSmallMeasure : NodeMessages {
  NodeMessagesInSmallMeasure()
      : NodeMessages({.participant = {.max_reliable_waiting = 100'000},
                      .messages = {.messages = {.per_second = 250, .burst = 60},
                                   .bytes = {.per_second = 131'072, .burst = 3'000'000}}}) {}
};

TEST_F(NodeMessagesInSmallMeasure, AFloodEndsAtItsSendersBudget) {
  for (int i = 0; i < 100; ++i) say(1, "!", {}, kUnreliable);
  say(2, "still here");
  EXPECT_EQ(heard(2).size(), 60u);
  EXPECT_EQ(heard(3).size(), 61u);
  EXPECT_EQ(counters().too_many, 40u);
}

struct NodeMessagesToMany : NodeMessages {
  NodeMessagesToMany()
      : NodeMessages({.messages = {.messages = {.per_second = 1, .burst = 60}, .receivers = 1}}) {}
};

TEST_F(NodeMessagesToMany, CostTheirSenderMoreThanThoseToOne) {
  for (int i = 0; i < 100; ++i) say(1, "!", {}, kUnreliable);  // To each of the three others.
  for (int i = 0; i < 100; ++i) say(2, "?", "cy", kUnreliable);
  EXPECT_EQ(heard(2).size(), 20u);
  EXPECT_EQ(heard(3).size(), 80u);
  EXPECT_EQ(counters().too_many, 120u);
}

// Ada is alone on her node, the other three are on another.
TEST(NodeMessagesBetweenNodes, CostTheirSenderForThoseWhoAreElsewhereToo) {
  TwoNodes both(17, {.router = {.people_step = 1},
                     .messages = {.messages = {.per_second = 1, .burst = 60}, .receivers = 1}});
  both.link();
  both.nodes[0].join(1, kViewer);
  for (const std::uint64_t id : {2u, 3u, 4u}) both.nodes[1].join(id, kViewer);
  ASSERT_TRUE(both.connect_all());
  both.run(1s);
  both.nodes[0].node.set_label({1}, "ada");
  const auto say = [&](int times) {
    for (int i = 0; i < times; ++i)
      EXPECT_TRUE(both.at(0, 1).say(both.nodes[0].now, "!", {}, false));
    both.run(300ms);
  };
  say(100);
  EXPECT_EQ(both.at(1, 2).messages.size(), 20u);
  EXPECT_EQ(both.nodes[0].node.counters().messages.too_many, 80u);
  // They cost no more once these have gone.
  both.nodes[1].leave(3);
  both.nodes[1].leave(4);
  both.run(70s);
  say(100);
  EXPECT_EQ(both.at(1, 2).messages.size(), 80u);
}

TEST_F(NodeMessagesInSmallMeasure, WhoReadsNothingIsPassedByAndTheOthersNotHeldUp) {
  meeting.vanish(3);
  for (int i = 0; i < 40; ++i) {
    say(1, std::string(20'000, 'x'));
    say(2, "dot", {}, kUnreliable);
    meeting.run(40ms);
  }
  EXPECT_EQ(heard(2).size(), 40u);
  EXPECT_EQ(heard(1).size(), 40u);
  EXPECT_GT(counters().skipped_reliable, 30u);
  EXPECT_GT(counters().skipped_unreliable, 30u);
}

}  // namespace
}  // namespace parley::sfu
