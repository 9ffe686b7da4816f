// The link of one receiver becomes narrow, and wide again: in a room, in virtual time.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "sfu/test_meeting.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kPublisher = 1, kNarrow = 2, kWide = 3;
constexpr sim::LinkConfig kGood{.latency = 20ms, .jitter = 4ms};

struct Path {
  std::uint64_t seed = 1;
  Duration queue = 300ms;  // Before the narrow link.
};

// One who sends 1.5 Mbit/s in three encodings and speaks, and those who watch that in full size.
class NodeNarrowLink : public testing::TestWithParam<Path> {
 protected:
  NodeNarrowLink() : meeting(GetParam().seed) {
    meeting.join(kPublisher,
                 {.microphone = true, .camera = 3, .data = false, .frame_bytes = 12'500}, kGood);
    EXPECT_TRUE(meeting.connect_all());
  }

  void come(std::uint64_t id, const sim::LinkConfig& link) {
    meeting.join(id, {.data = false}, link);
    EXPECT_TRUE(meeting.connect_all());
    View view(std::in_place);
    view->push_back({{kPublisher}, Source::kCamera, kTestSizes[2]});
    meeting.node.set_view(meeting.now, {id}, std::move(view));
    meeting.flush();
  }
  static sim::LinkConfig narrow(std::uint64_t kbps) {
    sim::LinkConfig link = kGood;
    link.bits_per_second = kbps * 1'000;
    link.queue = GetParam().queue;
    return link;
  }
  std::uint64_t dropped() const { return meeting.node.counters().downlink.dropped_waiting; }

  const TestSlot& slot(std::uint64_t of, bool video) const {
    const TestSlot* best = nullptr;
    for (const auto& [transceiver, slot] : meeting.clients.at(of)->slots) {
      if (slot.video == video && (best == nullptr || slot.frames > best->frames)) best = &slot;
    }
    return *best;
  }
  int shows(std::uint64_t who) const {
    const auto& last = slot(who, true).last;
    return last ? last->encoding : -1;
  }
  // How long no picture came to it at the most, and how much sound did, within `time`.
  struct Gaps {
    Duration picture = Duration::zero();
    std::uint64_t sounds = 0;
  };
  Gaps watch(std::uint64_t who, Duration time) {
    Gaps gaps;
    const std::uint64_t before = slot(who, false).frames;
    for (const Time end = meeting.now + time; meeting.now < end;) {
      meeting.run(20ms);
      gaps.picture = std::max(gaps.picture, Duration{meeting.now - slot(who, true).last_at});
    }
    gaps.sounds = slot(who, false).frames - before;
    return gaps;
  }
  Limit limit_of(std::uint64_t who) {
    const auto& tiles = meeting.quality[who].tiles;
    return tiles.empty() ? Limit::kNone : tiles.front().limit;
  }

  TestMeeting meeting;
};

// Less than the smallest picture with the fewest frames: sound goes on, and the reason is told.
TEST_P(NodeNarrowLink, PausesThePictureRatherThanLosingSound) {
  for (const std::uint64_t id : {kNarrow, kWide}) come(id, kGood);
  meeting.run(5s);
  const auto host = meeting.host_of(kNarrow);
  meeting.network.set_links(host, kGood, narrow(100));
  meeting.run(10s);
  const Gaps gaps = watch(kNarrow, 20s);
  EXPECT_GT(gaps.sounds, 950u) << "of 1,000";
  EXPECT_EQ(limit_of(kNarrow), Limit::kDownlink);
  EXPECT_TRUE(meeting.quality[kNarrow].tiles.front().paused);
  EXPECT_EQ(shows(kWide), 2);
  meeting.network.set_links(host, kGood, kGood);
  EXPECT_TRUE(meeting.run_until(15s, [&] {
    return shows(kNarrow) == 2 && meeting.now - slot(kNarrow, true).last_at < 200ms;
  }));
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

// As programs send: one encoding, of more than the link of one viewer carries.
TEST(NodeNarrowLinkOfOne, PausesWhatIsTooLargeAndShowsTheRest) {
  TestMeeting meeting(6);
  meeting.join(1, {.microphone = true, .camera = 1, .data = false, .frame_bytes = 12'500});
  meeting.join(2, {.microphone = true, .camera = 1, .data = false, .frame_bytes = 600});
  meeting.join(3, {.data = false}, {.latency = 20ms, .bits_per_second = 400'000, .queue = 300ms});
  ASSERT_TRUE(meeting.connect_all());
  View view(std::in_place);
  view->push_back({{1}, Source::kCamera, kTestSizes[2]});
  view->push_back({{2}, Source::kCamera, kTestSizes[0]});
  meeting.node.set_view(meeting.now, {3}, std::move(view));
  meeting.flush();
  meeting.run(8s);
  const TestClient& viewer = meeting.at(3);
  const auto sounds = viewer.frames_of({1}, false), small = viewer.frames_of({2}, true);
  const auto asked = meeting.at(1).key_frames_asked;
  meeting.run(20s);
  EXPECT_GT(viewer.frames_of({1}, false), sounds + 980) << "of 1,000";
  EXPECT_GT(viewer.frames_of({2}, true), small + 290) << "of 300";
  EXPECT_EQ(meeting.at(1).key_frames_asked, asked);
  const auto& tiles = meeting.quality[3].tiles;
  ASSERT_EQ(tiles.size(), 2u);
  EXPECT_TRUE(tiles[0].paused);
  EXPECT_EQ(tiles[0].limit, Limit::kDownlink);
  EXPECT_FALSE(tiles[1].paused);

  meeting.network.set_links(meeting.host_of(3), kGood, kGood);
  const auto large = viewer.frames_of({1}, true);
  EXPECT_TRUE(meeting.run_until(15s, [&] { return viewer.frames_of({1}, true) > large + 30; }));
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

TEST_P(NodeNarrowLink, GetsALowerLayerInThreeSecondsAndTheBestBackInFive) {
  for (const std::uint64_t id : {kNarrow, kWide}) come(id, kGood);
  meeting.run(10s);
  ASSERT_EQ(shows(kNarrow), 2);
  ASSERT_EQ(shows(kWide), 2);
  const auto host = meeting.host_of(kNarrow);
  meeting.network.set_links(host, kGood, narrow(400));
  const Gaps falling = watch(kNarrow, 3s);
  EXPECT_LT(shows(kNarrow), 2);
  EXPECT_LT(falling.picture, 1s);
  EXPECT_GT(falling.sounds, 100u);  // Of 150, of which a long queue still holds some.
  const Gaps low = watch(kNarrow, 17s);
  EXPECT_LT(shows(kNarrow), 2);
  EXPECT_LT(low.picture, 1s);
  EXPECT_GT(low.sounds, 830u);
  EXPECT_GT(falling.sounds + low.sounds, 980u);
  EXPECT_EQ(limit_of(kNarrow), Limit::kDownlink);
  EXPECT_EQ(shows(kWide), 2);
  EXPECT_EQ(limit_of(kWide), Limit::kNone);

  meeting.network.set_links(host, kGood, kGood);
  const Time wide_again = meeting.now;
  EXPECT_TRUE(meeting.run_until(5s, [&] { return shows(kNarrow) == 2; }));
  RecordProperty("back_after_ms", std::to_string((meeting.now - wide_again) / 1ms));
  const Gaps rising = watch(kNarrow, 10s);
  EXPECT_EQ(shows(kNarrow), 2);
  EXPECT_LT(rising.picture, 500ms);
  EXPECT_EQ(limit_of(kNarrow), Limit::kNone);
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

TEST_P(NodeNarrowLink, TheSmallestEncodingIsSentAsLongAsSomebodyWatchesALargerOne) {
  using Active = std::array<bool, 3>;
  const auto& active = meeting.at(kPublisher).active;
  come(kWide, kGood);
  EXPECT_TRUE(meeting.run_until(10s, [&] { return active == Active{true, false, true}; }));
  meeting.run(5s);
  EXPECT_EQ(active, (Active{true, false, true}));
  meeting.leave(kWide);
  EXPECT_TRUE(meeting.run_until(10s, [&] { return active == Active{}; }));
}

// The link was never looked at further than what the picture cost.
TEST_P(NodeNarrowLink, KeepsAPictureThatSuddenlyCostsMore) {
  auto& frame_bytes = meeting.clients.at(kPublisher)->options.frame_bytes;
  frame_bytes = 3'000;
  come(kWide, kGood);
  meeting.run(15s);
  ASSERT_EQ(shows(kWide), 2);
  ASSERT_LT(meeting.quality[kWide].estimate, DataRate::mbps(4));
  frame_bytes = 50'000;  // 6 Mbit/s.
  EXPECT_FALSE(meeting.run_until(
      5s, [&] { return shows(kWide) < 2 || limit_of(kWide) == Limit::kDownlink; }));
}

// Its own encoder stops the largest, as its link becomes narrow, and tries it again now and then.
TEST_P(NodeNarrowLink, ShowsASmallerPictureSoonWhereThePublishersLargestStops) {
  come(kWide, kGood);
  meeting.run(5s);
  ASSERT_EQ(shows(kWide), 2);
  auto& stalled = meeting.clients.at(kPublisher)->stalled;
  for (int i = 0; i < 3; ++i) {
    stalled[2] = true;
    EXPECT_LT(watch(kWide, 3s).picture, 700ms) << i;
    EXPECT_LT(shows(kWide), 2);
    stalled[2] = false;
    EXPECT_FALSE(meeting.run_until(700ms, [&] { return shows(kWide) == 2; }));
  }
  EXPECT_TRUE(meeting.run_until(2s, [&] { return shows(kWide) == 2; }));
  EXPECT_LT(watch(kWide, 5s).picture, 300ms);
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

// What a layer costs that has just begun is not known: it is not taken for a cheap one.
TEST_P(NodeNarrowLink, ANewcomerBeginsWithWhatHisLinkCarriesForSure) {
  come(kWide, kGood);
  EXPECT_TRUE(meeting.run_until(1s, [&] { return shows(kWide) >= 0; }));
  EXPECT_TRUE(meeting.run_until(2s, [&] { return shows(kWide) == 2; }));
  EXPECT_LT(watch(kWide, 5s).picture, 300ms);
  EXPECT_LT(dropped(), 50u);

  const std::uint64_t before = dropped();
  come(kNarrow, narrow(1'000));
  EXPECT_TRUE(meeting.run_until(1s, [&] { return shows(kNarrow) >= 0; }));
  const Gaps gaps = watch(kNarrow, 10s);
  EXPECT_LT(gaps.picture, 1s);
  EXPECT_GT(gaps.sounds, 490u);
  EXPECT_TRUE(meeting.run_until(10s, [&] { return shows(kNarrow) == 1; }));
  EXPECT_EQ(shows(kWide), 2);
  EXPECT_LT(dropped() - before, 40u);
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(Paths, NodeNarrowLink,
                         testing::Values(Path{.seed = 1}, Path{.seed = 2}, Path{.seed = 3},
                                         Path{.seed = 4, .queue = 2s}, Path{.seed = 5, .queue = 2s},
                                         Path{.seed = 6, .queue = 2s}),
                         [](const auto& path) { return "Seed" + std::to_string(path.param.seed); });

}  // namespace
}  // namespace parley::sfu
