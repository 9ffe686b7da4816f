// Of several encodings each viewer is shown the one that fits, in whatever order they were offered.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "sfu/node.h"
#include "sfu/test_meeting.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr TestClient::Options kViewer{};

// By whether the largest is offered first.
class NodeSimulcast : public testing::TestWithParam<bool> {
 protected:
  static TestClient::Options simulcaster(std::size_t frame_bytes = 1'800) {
    return {
        .microphone = true, .camera = 3, .largest_first = GetParam(), .frame_bytes = frame_bytes};
  }
  // Which encoding a viewer has seen last; 0 is the smallest.
  static int shown_to(TestMeeting& meeting, std::uint64_t id) {
    for (const auto& [transceiver, slot] : meeting.at(id).slots) {
      if (slot.video && slot.last) return int{slot.last->encoding};
    }
    return -1;
  }
};

INSTANTIATE_TEST_SUITE_P(, NodeSimulcast, testing::Bool(), [](const auto& of) {
  return of.param ? std::string("LargestFirst") : std::string("SmallestFirst");
});

TEST_P(NodeSimulcast, ATileIsShownTheEncodingThatFitsIt) {
  TestMeeting meeting(11);
  meeting.join(1, simulcaster());
  const std::array<codec::PictureSize, 3> tiles = {{{160, 90}, {640, 360}, {1'280, 720}}};
  for (std::uint64_t id = 2; id < 5; ++id) {
    meeting.join(id, kViewer);
    meeting.node.set_view(meeting.now, {id}, View({{{1}, Source::kCamera, tiles[id - 2]}}));
  }
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(5s);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(shown_to(meeting, static_cast<std::uint64_t>(i + 2)), i);
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

TEST_P(NodeSimulcast, OtherNodesAreToldWhichEncodingIsTheSmallest) {
  constexpr NodeId kEarly{7}, kLate{8};
  TestMeeting meeting(14);
  std::map<NodeId, std::vector<EncodingOrder>> told;
  meeting.relay = [&](Node::Relay& relay) {
    for (const RelayMessage& message : relay.batch.messages) {
      if (const auto* const track = std::get_if<relay::Track>(&message.what)) {
        if (track->source == Source::kCamera) told[relay.node].push_back(track->order);
      } else if (const auto* const changed = std::get_if<relay::Order>(&message.what)) {
        EXPECT_EQ(changed->source, Source::kCamera);
        told[relay.node].push_back(changed->order);
      }
    }
  };
  meeting.node.link_room(TestMeeting::kRoom, kEarly);
  meeting.join(1, simulcaster());
  meeting.join(2, kViewer);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(3s);
  meeting.node.link_room(TestMeeting::kRoom, kLate);
  meeting.flush();
  const std::size_t smallest = GetParam() ? 2 : 0;
  EXPECT_EQ(told.at(kEarly).back().smallest(), smallest);
  ASSERT_EQ(told.at(kLate).size(), 1u);
  EXPECT_EQ(told.at(kLate)[0].smallest(), smallest);
  EXPECT_EQ(told.at(kEarly).size() == 1, !GetParam()) << "it may be as was told at first";
}

TEST_P(NodeSimulcast, PublishersStopWhatNobodyNeedsAndStartItAtOnce) {
  TestMeeting meeting(12);
  meeting.join(1, simulcaster());
  meeting.join(2, kViewer);
  const auto show = [&](codec::PictureSize size) {
    meeting.node.set_view(meeting.now, {2}, View({{{1}, Source::kCamera, size}}));
    meeting.flush();
  };
  show({320, 180});
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(5s);
  EXPECT_EQ(meeting.at(1).active, (std::array{true, false, false}));
  show({640, 360});
  meeting.run(2s);
  EXPECT_TRUE(meeting.at(1).active[1]);
  EXPECT_EQ(meeting.at(2).slots.begin()->second.video, false);
  meeting.run(3s);
  const auto& slot = *std::ranges::find_if(
      meeting.at(2).slots, [](const auto& each) { return each.second.last.has_value(); });
  EXPECT_EQ(slot.second.last->encoding, 1);
  meeting.node.set_view(meeting.now, {2}, View(std::in_place));
  meeting.flush();
  meeting.run(5s);
  EXPECT_EQ(meeting.at(1).active, (std::array{false, false, false}));
  show({320, 180});
  const Time asked = meeting.now;
  const auto before = meeting.at(2).frames_of({1}, true);
  ASSERT_TRUE(meeting.run_until(3s, [&] { return meeting.at(2).frames_of({1}, true) > before; }));
  EXPECT_LT(meeting.now - asked, 400ms);
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

TEST_P(NodeSimulcast, AWeakLinkGetsALowerLayerAndTheOthersKeepTheirs) {
  TestMeeting meeting(13);
  meeting.join(1, simulcaster(9'000));  // 1.1 Mbit/s.
  meeting.join(2, kViewer);
  meeting.join(3, kViewer);
  for (const std::uint64_t id : {2u, 3u}) {
    meeting.node.set_view(meeting.now, {id}, View({{{1}, Source::kCamera, {1280, 720}}}));
  }
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(12s);
  const auto encoding_of = [&](std::uint64_t id) { return shown_to(meeting, id); };
  EXPECT_EQ(encoding_of(2), 2);
  EXPECT_EQ(encoding_of(3), 2);
  const sim::LinkConfig wide{.latency = 15ms};
  meeting.network.set_links(meeting.host_of(2), wide,
                            {.latency = 15ms, .bits_per_second = 500'000});
  meeting.run(4s);
  EXPECT_LT(encoding_of(2), 2);
  EXPECT_EQ(encoding_of(3), 2);
  ASSERT_FALSE(meeting.quality[2].tiles.empty());
  EXPECT_EQ(meeting.quality[2].tiles[0].limit, Limit::kDownlink);
  meeting.network.set_links(meeting.host_of(2), wide, wide);
  EXPECT_TRUE(meeting.run_until(15s, [&] { return encoding_of(2) == 2; }));
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

}  // namespace
}  // namespace parley::sfu
