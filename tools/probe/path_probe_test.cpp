#include "probe/path_probe.h"

#include <gtest/gtest.h>

#include "probe/payload.h"
#include "probe/test_world.h"

namespace parley::probe {
namespace {

using namespace std::chrono_literals;
using test::World;
using test::WorldConfig;

TEST(PathProbe, MeasuresAHealthyUdpPath) {
  World world(World::config(Way::kUdp), {});
  const auto took = world.run();
  ASSERT_TRUE(world.is_done());
  const PathReport& report = world.probe().report();
  EXPECT_EQ(report.problem, "");
  EXPECT_EQ(report.round_trip, 20ms);
  EXPECT_EQ(report.mapped->ip, turn::test::ip("93.184.216.34"));
  ASSERT_TRUE(report.relayed);
  ASSERT_TRUE(report.quality);
  EXPECT_EQ(report.quality->sent, 25u);
  EXPECT_EQ(report.quality->received, 25u);
  EXPECT_EQ(report.quality->round_trip, 20ms);
  EXPECT_EQ(report.quality->jitter, 0ms);
  EXPECT_GE(report.quality->bandwidth, DataRate::kbps(19'000));
  EXPECT_TRUE(report.quality->is_at_least);
  EXPECT_LT(took, 3s);
}

TEST(PathProbe, LetsGoOfWhatItTook) {
  World world(World::config(Way::kUdp), {});
  world.run();
  EXPECT_EQ(world.server().server.allocations(), 0u);
}

TEST(PathProbe, MeasuresTcpAndTlsToo) {
  for (const Way way : {Way::kTcp, Way::kTls}) {
    World world(World::config(way), {});
    world.run();
    const PathReport& report = world.probe().report();
    EXPECT_EQ(report.problem, "");
    ASSERT_TRUE(report.quality);
    EXPECT_EQ(report.quality->loss(), 0);
    EXPECT_EQ(world.probe().nat().mapping, Mapping::kUnknown);
  }
}

TEST(PathProbe, TellsThatUdpIsBlocked) {
  World world(World::config(Way::kUdp), {.blocks = true});
  const auto took = world.run();
  ASSERT_TRUE(world.is_done());
  EXPECT_FALSE(world.probe().report().reached());
  EXPECT_EQ(world.probe().report().problem, "STUN is not answered there.");
  EXPECT_LT(took, 5s);
}

TEST(PathProbe, TellsThatNoConnectionComesAbout) {
  World world(World::config(Way::kTcp), {.opens = false});
  world.run();
  ASSERT_TRUE(world.is_done());
  EXPECT_FALSE(world.probe().report().local);
  EXPECT_EQ(world.probe().report().problem, "No connection came about: nothing answers there.");
}

TEST(PathProbe, PassesOnWhyAWireBroke) {
  World world(World::config(Way::kTls), {.opens = false});
  world.tell(PathProbe::Broken{PathProbe::Wire::kCaller, "TLS does not come about."});
  world.run();
  EXPECT_EQ(world.probe().report().problem, "No connection came about: nothing answers there.");
  World other(World::config(Way::kTls), {});
  other.run();
  other.tell(PathProbe::Broken{PathProbe::Wire::kCaller, "It ended."});
  EXPECT_EQ(other.probe().report().problem, "");  // It was over.
}

TEST(PathProbe, AsksForStunAloneWithoutALogin) {
  auto config = World::config(Way::kUdp);
  config.login.reset();
  World world(config, {});
  world.run();
  EXPECT_TRUE(world.probe().report().reached());
  EXPECT_FALSE(world.probe().report().relayed);
  EXPECT_EQ(world.probe().report().problem, "");
  EXPECT_EQ(world.probe().nat().mapping, Mapping::kIndependent);
}

TEST(PathProbe, SaysThatTheLoginIsWrong) {
  World world(World::config(Way::kUdp), {.knows_login = false});
  world.run();
  EXPECT_NE(world.probe().report().problem.find("(401)"), std::string::npos)
      << world.probe().report().problem;
}

TEST(PathProbe, CountsLoss) {
  auto config = World::config(Way::kUdp);
  config.measure_for = 4s;
  World world(config, {.lose_each = 10});
  world.run();
  ASSERT_TRUE(world.probe().report().quality);
  EXPECT_NEAR(world.probe().report().quality->loss(), 0.1, 0.02);
}

TEST(PathProbe, FindsTheBandwidth) {
  World world(World::config(Way::kUdp), {.bytes_per_second = 375'000});  // 3 Mbit/s.
  world.run();
  ASSERT_TRUE(world.probe().report().quality);
  const auto rate = world.probe().report().quality->bandwidth;
  EXPECT_GT(rate, DataRate::kbps(2'200));
  EXPECT_LT(rate, DataRate::kbps(3'200));
  EXPECT_FALSE(world.probe().report().quality->is_at_least);
}

TEST(PathProbe, TellsNatsApart) {
  const auto nat_of = [](const WorldConfig& config) {
    World world(World::config(Way::kUdp), config);
    world.run();
    EXPECT_EQ(world.probe().report().problem, "");
    return std::pair(world.probe().nat().mapping, world.probe().nat().filtering);
  };
  EXPECT_EQ(nat_of({}), std::pair(Mapping::kIndependent, Filtering::kOpen));
  EXPECT_EQ(nat_of({.nat_is_strict = true}), std::pair(Mapping::kIndependent, Filtering::kStrict));
  EXPECT_EQ(nat_of({.nat_is_dependent = true, .nat_is_strict = true}),
            std::pair(Mapping::kDependent, Filtering::kStrict));
  EXPECT_EQ(nat_of({.is_public = true}), std::pair(Mapping::kNone, Filtering::kOpen));
}

TEST(PathProbe, TellsMoreOfNatsByAServerWithTwoAddresses) {
  const auto nat_of = [](WorldConfig config) {
    config.has_other_address = true;
    World world(World::config(Way::kUdp), config);
    world.run();
    EXPECT_EQ(world.probe().report().problem, "");
    EXPECT_TRUE(world.probe().report().quality);
    return std::pair(world.probe().nat().mapping, world.probe().nat().filtering);
  };
  EXPECT_EQ(nat_of({}), std::pair(Mapping::kEndpointIndependent, Filtering::kEndpointIndependent));
  EXPECT_EQ(nat_of({.nat_is_strict = true}),
            std::pair(Mapping::kEndpointIndependent, Filtering::kStrict));
  EXPECT_EQ(nat_of({.nat_is_dependent = true, .nat_is_strict = true}),
            std::pair(Mapping::kDependent, Filtering::kStrict));
  EXPECT_EQ(nat_of({.is_public = true}),
            std::pair(Mapping::kNone, Filtering::kEndpointIndependent));
  // As if it had one.
  EXPECT_EQ(nat_of({.other_is_silent = true}), std::pair(Mapping::kIndependent, Filtering::kOpen));
}

TEST(PathProbe, TellsNatsWithoutARelayByAServerWithTwoAddresses) {
  auto config = World::config(Way::kUdp);
  config.login.reset();
  World world(config, {.nat_is_strict = true, .has_other_address = true});
  world.run();
  EXPECT_EQ(world.probe().nat(), (Nat{Mapping::kEndpointIndependent, Filtering::kStrict}));
  World silent(config, {.has_other_address = true, .other_is_silent = true});
  silent.run();
  EXPECT_EQ(silent.probe().nat(), (Nat{Mapping::kIndependent, Filtering::kUnknown}));
}

// The relayed address is another port of the server, too.
TEST(PathProbe, TellsNatsApartWithoutOtherPorts) {
  auto config = World::config(Way::kUdp);
  config.other_ports.clear();
  World world(config, {.nat_is_dependent = true, .nat_is_strict = true});
  world.run();
  EXPECT_EQ(world.probe().nat().mapping, Mapping::kDependent);
}

TEST(Payload, SurvivesTheRoundTripAndTruncation) {
  const auto packet = write_payload(Payload::Kind::kRamp, 70'000, 0);
  EXPECT_EQ(read_payload(packet), (Payload{Payload::Kind::kRamp, 70'000}));
  EXPECT_EQ(write_payload(Payload::Kind::kMeter, 1, kMeterPacket).size(), kMeterPacket);
  for (std::size_t size = 0; size < packet.size(); ++size) {
    EXPECT_FALSE(read_payload(Bytes(packet).first(size))) << size;
  }
  auto other = packet;
  other[4] = 9;
  EXPECT_FALSE(read_payload(other));
}

}  // namespace
}  // namespace parley::probe
