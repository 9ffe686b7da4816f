#include "meeting/topology.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"

namespace parley::meeting {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Change = TopologyController::Change;
using Config = TopologyController::Config;
using Facts = TopologyController::Facts;
using enum Topology;
using enum TopologyReason;

constexpr Time kStart = Time() + std::chrono::hours{1};
constexpr Config kPairs{.media = true, .mesh_limit = 2};
constexpr Config kNoMedia{.media = false, .mesh_limit = 2};

// What a room of these facts goes over from its first moment on.
struct Row {
  const char* what;
  Config config;
  Topology asked;
  Facts facts;
  std::optional<Change> change;
};

const Row kTable[] = {
    {"one", kPairs, kAuto, {.people = 1}, {}},
    {"two", kPairs, kAuto, {.people = 2}, {}},
    {"three", kPairs, kAuto, {.people = 3}, Change{kSfu, kThird}},
    {"three, a mesh of three", {.media = true, .mesh_limit = 3}, kAuto, {.people = 3}, {}},
    {"two, no mesh", {.media = true, .mesh_limit = 1}, kAuto, {.people = 2}, Change{kSfu, kThird}},
    {"lecture", kPairs, kP2p, {.people = 1, .lecture = true}, Change{kSfu, kLecture}},
    {"lecture, no media", kNoMedia, kAuto, {.people = 1, .lecture = true}, {}},
    {"unconnected", kPairs, kAuto, {2, true, false}, Change{kSfu, kUnconnected}},
    {"viewer", kPairs, kAuto, {2, false, true}, Change{kSfu, kViewer}},
    {"viewer alone", kPairs, kAuto, {1, false, true}, {}},
    {"unconnected viewer", kPairs, kAuto, {2, true, true}, Change{kSfu, kUnconnected}},
    {"program", kPairs, kAuto, {.people = 2, .program = true}, Change{kSfu, kViewer}},
    {"program alone", kPairs, kAuto, {.people = 1, .program = true}, Change{kSfu, kViewer}},
    {"three, a program", kPairs, kAuto, {.people = 3, .program = true}, Change{kSfu, kThird}},
    {"forbidden, program", kPairs, kP2p, {.people = 1, .program = true}, {}},
    {"three, unconnected", kPairs, kAuto, {3, true, true}, Change{kSfu, kThird}},
    {"one stream", kPairs, kAuto, {.people = 2, .one_stream = true}, Change{kSfu, kOneStream}},
    {"one stream alone", kPairs, kAuto, {.people = 1, .one_stream = true}, {}},
    {"forbidden, one stream", kPairs, kP2p, {.people = 2, .one_stream = true}, {}},
    {"viewer of one stream",
     kPairs,
     kAuto,
     {.people = 2, .viewer = true, .one_stream = true},
     Change{kSfu, kViewer}},
    {"three, one stream", kPairs, kAuto, {.people = 3, .one_stream = true}, Change{kSfu, kThird}},
    {"forced, one", kPairs, kSfu, {.people = 1}, Change{kSfu, kForced}},
    {"forced, three", kPairs, kSfu, {3, true, true}, Change{kSfu, kForced}},
    {"forced, nobody", kPairs, kSfu, {.people = 0}, {}},
    {"forbidden, three", kPairs, kP2p, {3, true, true}, {}},
    {"mcu is auto, two", kPairs, kMcu, {.people = 2}, {}},
    {"mcu is auto, three", kPairs, kMcu, {.people = 3}, Change{kSfu, kThird}},
    {"no media, three", kNoMedia, kAuto, {3, true, true}, {}},
    {"no media, forced", kNoMedia, kSfu, {3, true, true}, {}},
};

TEST(TopologyController, DecidesByTheTable) {
  for (const Row& row : kTable) {
    TopologyController controller(row.config, row.asked);
    EXPECT_EQ(controller.topology(), kP2p) << row.what;
    EXPECT_EQ(controller.update(kStart, row.facts), row.change) << row.what;
    EXPECT_EQ(controller.topology(), row.change ? kSfu : kP2p) << row.what;
    EXPECT_EQ(controller.deadline(), kNever) << row.what;
    EXPECT_EQ(controller.update(kStart, row.facts), std::nullopt) << row.what << ", again";
    if (row.change) {
      EXPECT_EQ(controller.reason(), row.change->reason) << row.what;
    }
  }
}

TEST(TopologyController, IsPeerToPeerUntilItIsMade) {
  TopologyController controller;
  EXPECT_EQ(controller.update(kStart, {100, true, true}), std::nullopt);
  EXPECT_EQ(controller.topology(), kP2p);
}

TEST(TopologyController, GoesBackAfterThirtySecondsOfFewEnough) {
  TopologyController controller(kPairs, kAuto);
  controller.update(kStart, {.people = 3});
  EXPECT_EQ(controller.update(kStart + seconds{5}, {.people = 2}), std::nullopt);
  EXPECT_EQ(controller.deadline(), kStart + seconds{35});
  EXPECT_EQ(controller.handle_timeout(kStart + seconds{35} - milliseconds{1}), std::nullopt);
  EXPECT_EQ(controller.handle_timeout(kStart + seconds{35}), (Change{kP2p, kLeft}));
  EXPECT_EQ(controller.deadline(), kNever);
  EXPECT_EQ(controller.handle_timeout(kStart + seconds{70}), std::nullopt);
}

TEST(TopologyController, SaysThatOneIsAlone) {
  TopologyController controller(kPairs, kAuto);
  controller.update(kStart, {.people = 3});
  controller.update(kStart, {.people = 2});
  controller.update(kStart + seconds{20}, {.people = 1});
  EXPECT_EQ(controller.deadline(), kStart + seconds{30}) << "it counts from the first moment";
  EXPECT_EQ(controller.handle_timeout(kStart + seconds{30}), (Change{kP2p, kAlone}));
}

TEST(TopologyController, StaysWhereSomebodyComesInTime) {
  TopologyController controller(kPairs, kAuto);
  controller.update(kStart, {.people = 3});
  controller.update(kStart, {.people = 2});
  EXPECT_EQ(controller.update(kStart + seconds{29}, {.people = 3}), std::nullopt);
  EXPECT_EQ(controller.deadline(), kNever);
  controller.update(kStart + seconds{40}, {.people = 2});
  EXPECT_EQ(controller.deadline(), kStart + seconds{70}) << "and waits anew";
}

TEST(TopologyController, GoesBackEvenIfItHearsOfTheTimeLate) {
  TopologyController controller(kPairs, kAuto);
  controller.update(kStart, {.people = 3});
  controller.update(kStart, {.people = 2});
  EXPECT_EQ(controller.update(kStart + seconds{31}, {.people = 1}), (Change{kP2p, kAlone}));
}

TEST(TopologyController, StaysWhileAnotherReasonHolds) {
  TopologyController controller(kPairs, kAuto);
  controller.update(kStart, {3, true, false});
  controller.update(kStart, {2, true, false});
  EXPECT_EQ(controller.deadline(), kNever) << "two who cannot be connected stay on the server";
  controller.update(kStart, {2, false, true});
  EXPECT_EQ(controller.deadline(), kNever) << "as a viewer does";
  controller.update(kStart, {2, false, false});
  EXPECT_EQ(controller.deadline(), kStart + seconds{30});
}

TEST(TopologyController, GoesBackThirtySecondsAfterTheLastHasLeftTheOneStream) {
  TopologyController controller(kPairs, kAuto);
  controller.update(kStart, {.people = 2, .one_stream = true});
  EXPECT_EQ(controller.update(kStart + seconds{5}, {.people = 2}), std::nullopt);
  EXPECT_EQ(controller.handle_timeout(kStart + seconds{35} - milliseconds{1}), std::nullopt);
  EXPECT_EQ(controller.handle_timeout(kStart + seconds{35}), (Change{kP2p, kLeft}));
}

TEST(TopologyController, MakesOneStreamOnlyOverAServerThatCan) {
  const auto may = [](Config config, Topology asked) {
    return TopologyController(config, asked).may_make_one_stream();
  };
  EXPECT_TRUE(may({.media = true, .one_stream = true}, kAuto));
  EXPECT_TRUE(may({.media = true, .one_stream = true}, kMcu));
  EXPECT_FALSE(may({.media = true, .one_stream = true}, kP2p));
  EXPECT_FALSE(may({.media = true, .one_stream = false}, kAuto));
  EXPECT_FALSE(may({.media = false, .one_stream = true}, kAuto));
}

TEST(TopologyController, NeverGoesBackWhereItWasForced) {
  TopologyController controller(kPairs, kSfu);
  controller.update(kStart, {.people = 5});
  EXPECT_EQ(controller.update(kStart, {.people = 1}), std::nullopt);
  EXPECT_EQ(controller.deadline(), kNever);
}

// A day of people who come and go: never more than what the rules say, and never back early.
TEST(TopologyController, NeverFlaps) {
  constexpr std::uint64_t kSeeds = 50;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    SeededRandom random(seed);
    TopologyController controller(kPairs, kAuto);
    Time now = kStart;
    Time last_wanted = kStart;  // When the facts last spoke for the server.
    std::size_t changes = 0;
    Facts facts{.people = 1};
    const auto below = [&](std::uint64_t limit) { return random.u64() % limit; };
    const auto wanted = [&] {
      return facts.people > 2 || facts.program ||
             (facts.people == 2 && (facts.unconnected || facts.viewer || facts.one_stream));
    };
    for (int step = 0; step < 2'000; ++step) {
      if (wanted()) last_wanted = now;
      now += milliseconds{static_cast<std::int64_t>(below(40'000))};
      if (wanted()) last_wanted = now;
      auto change = controller.handle_timeout(now);
      if (change) {
        ++changes;
        ASSERT_EQ(change->topology, kP2p);
        ASSERT_GE(now - last_wanted, seconds{30});
      }
      facts = {.people = 1 + below(4),
               .unconnected = below(8) == 0,
               .viewer = below(8) == 0,
               .program = below(16) == 0,
               .one_stream = below(8) == 0};
      change = controller.update(now, facts);
      if (change && change->topology == kP2p) {
        ASSERT_GE(now - last_wanted, seconds{30});
      }
      ASSERT_TRUE(!wanted() || controller.topology() == kSfu);
      ASSERT_TRUE(controller.topology() == kSfu || controller.deadline() == kNever);
    }
    EXPECT_GT(changes, 0u);
  }
}

}  // namespace
}  // namespace parley::meeting
