// The agent and TURN servers: allocations become candidates, and packets go through them.
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "ice/test_call.h"

namespace parley::ice {
namespace {

using namespace test;
using sim::NatKind;

constexpr std::array kAllProtocols{RelayProtocol::kUdp, RelayProtocol::kTcp, RelayProtocol::kTls};

SideConfig symmetric(bool first, std::vector<RelayProtocol> turn,
                     const sim::LinkConfig& link = {.latency = 10ms}) {
  SideConfig config;
  config.host = nat_host(first ? "10.0.0.2" : "192.168.1.2", first ? "203.0.113.1" : "203.0.113.2",
                         NatKind::kSymmetric);
  config.host.up = config.host.down = link;
  config.ice.controlling = first;
  config.stun = true;
  config.turn = std::move(turn);
  return config;
}

std::optional<Candidate> local_of(const Side& side) {
  const auto path = side.agent->selected();
  if (!path) return std::nullopt;
  for (const Candidate& candidate : side.agent->local_candidates()) {
    if (candidate.base == path->local && candidate.type == CandidateType::kRelayed) {
      return candidate;
    }
  }
  return std::nullopt;
}

// By what relay the path of a side goes; nothing: by none of its own.
std::optional<RelayProtocol> protocol_of(const Side& side) {
  const auto local = local_of(side);
  return local ? local->relay_protocol : std::nullopt;
}

std::vector<Candidate> relayed_of(const Side& side) {
  std::vector<Candidate> found;
  for (const Candidate& candidate : side.found) {
    if (candidate.type == CandidateType::kRelayed) found.push_back(candidate);
  }
  return found;
}

void expect_data_flows(Call& call) {
  const int a = call.a().data_received;
  const int b = call.b().data_received;
  for (int i = 0; i < 3; ++i) {
    call.send_data(call.a());
    call.send_data(call.b());
    call.run_for(100ms);
  }
  EXPECT_EQ(call.a().data_received, a + 3);
  EXPECT_EQ(call.b().data_received, b + 3);
}

TEST(IceRelay, ConnectsTwoSymmetricNatsByEachProtocol) {
  for (const RelayProtocol protocol : kAllProtocols) {
    Call call(1, symmetric(true, {protocol}), symmetric(false, {protocol}));
    call.start();
    ASSERT_TRUE(call.connect(2s)) << to_string(protocol);
    expect_data_flows(call);
    EXPECT_EQ(call.a().data_refused + call.b().data_refused, 0);
  }
}

TEST(IceRelay, ConnectsWhereOnlyOneHasARelay) {
  Call call(2, symmetric(true, {}), symmetric(false, {RelayProtocol::kUdp}));
  call.start();
  ASSERT_TRUE(call.connect(2s));
  EXPECT_EQ(protocol_of(call.b()), RelayProtocol::kUdp);
  EXPECT_EQ(protocol_of(call.a()), std::nullopt);
  expect_data_flows(call);
}

TEST(IceRelay, TellsRelayedCandidatesAndWhatTheServerSees) {
  Call call(3, symmetric(true, {RelayProtocol::kUdp}), symmetric(false, {}));
  call.start();
  ASSERT_TRUE(call.run_until([&] { return call.a().gathered; }, 2s));
  const auto relayed = relayed_of(call.a());
  ASSERT_EQ(relayed.size(), 1u);
  EXPECT_EQ(relayed[0].address.ip, kTurnServer.ip);
  EXPECT_EQ(relayed[0].related.value().ip, ip("203.0.113.1"));
  EXPECT_EQ(relayed[0].url, "turn:udp");
  EXPECT_EQ(relayed[0].priority >> 24, 2u);
  EXPECT_EQ(call.a().agent->counters().allocations, 1u);
  ASSERT_EQ(call.a().agent->relays().size(), 1u);
  EXPECT_TRUE(call.a().agent->relays()[0].is_allocated);
  const auto is_reflexive = [&](const Candidate& candidate) {
    return candidate.type == CandidateType::kServerReflexive && candidate.url == "turn:udp" &&
           candidate.address == relayed[0].related;
  };
  EXPECT_EQ(std::ranges::count_if(call.a().found, is_reflexive), 1);
}

TEST(IceRelay, PrefersUdpToTcpToTls) {
  Call call(4, symmetric(true, {RelayProtocol::kTls, RelayProtocol::kTcp, RelayProtocol::kUdp}),
            symmetric(false, {}));
  call.start();
  ASSERT_TRUE(call.run_until([&] { return call.a().gathered; }, 2s));
  auto relayed = relayed_of(call.a());
  ASSERT_EQ(relayed.size(), 3u);
  std::ranges::sort(relayed, std::greater(), &Candidate::priority);
  EXPECT_EQ(relayed[0].relay_protocol, RelayProtocol::kUdp);
  EXPECT_EQ(relayed[1].relay_protocol, RelayProtocol::kTcp);
  EXPECT_EQ(relayed[2].relay_protocol, RelayProtocol::kTls);
  EXPECT_NE(relayed[0].foundation, relayed[1].foundation);
  ASSERT_TRUE(call.run_until([&] { return call.a().nominated() && call.b().nominated(); }, 5s));
  EXPECT_EQ(protocol_of(call.a()), RelayProtocol::kUdp);
}

TEST(IceRelay, ReachesTheServerByTcpWhereUdpIsBlocked) {
  for (const bool both : {false, true}) {
    const std::vector all(kAllProtocols.begin(), kAllProtocols.end());
    Call call(5, symmetric(true, all), symmetric(false, all));
    call.network().set_udp_blocked(0, true);
    call.network().set_udp_blocked(1, both);
    call.start();
    ASSERT_TRUE(call.connect(2s)) << both;
    EXPECT_EQ(protocol_of(call.a()), RelayProtocol::kTcp);
    expect_data_flows(call);
  }
}

TEST(IceRelay, RelayOnlyTellsAndUsesNothingElse) {
  SideConfig a = symmetric(true, {RelayProtocol::kUdp, RelayProtocol::kTcp});
  SideConfig b = symmetric(false, {RelayProtocol::kUdp});
  a.host = public_host("203.0.113.11");
  b.host = public_host("203.0.113.12");
  a.ice.policy = TransportPolicy::kRelay;
  Call call(6, a, b);
  call.start();
  ASSERT_TRUE(call.connect(2s));
  ASSERT_TRUE(call.run_until([&] { return call.a().gathered; }, 5s));
  EXPECT_EQ(protocol_of(call.a()), RelayProtocol::kUdp);
  for (const Candidate& candidate : call.a().found) {
    EXPECT_EQ(candidate.type, CandidateType::kRelayed);
    EXPECT_NE(candidate.to_string().find("raddr 0.0.0.0 rport 0"), std::string::npos);
  }
  expect_data_flows(call);
}

TEST(IceRelay, AWrongPasswordIsToldAndNotTriedAgain) {
  SideConfig a = symmetric(true, {RelayProtocol::kUdp, RelayProtocol::kTcp});
  a.login.password = "byron";
  Call call(7, a, symmetric(false, {RelayProtocol::kUdp}));
  call.start();
  ASSERT_TRUE(call.run_until([&] { return call.a().gathered; }, 2s));
  ASSERT_EQ(call.a().server_failures.size(), 2u);
  EXPECT_EQ(call.a().server_failures[0].code, 401);
  EXPECT_EQ(call.a().server_failures[0].url, "turn:udp");
  EXPECT_TRUE(call.a().streams.empty());
  EXPECT_TRUE(call.connect(2s));  // By the other's relay.
  call.run_for(5min);
  EXPECT_EQ(call.a().agent->counters().servers_failed, 2u);
}

TEST(IceRelay, GatheringDoesNotWaitForeverForAServerThatIsSilent) {
  Call call(8, symmetric(true, {RelayProtocol::kUdp}), symmetric(false, {}));
  call.turn().die();
  call.start();
  EXPECT_FALSE(call.run_until([&] { return call.a().gathered; }, 9900ms));
  EXPECT_TRUE(call.run_until([&] { return call.a().gathered; }, 200ms));
  EXPECT_TRUE(call.run_until([&] { return !call.a().server_failures.empty(); }, 40s));
  EXPECT_EQ(call.a().server_failures[0].code, 701);
}

TEST(IceRelay, AServerThatComesBackIsFound) {
  SideConfig a = symmetric(true, {RelayProtocol::kUdp});
  Call call(9, a, symmetric(false, {}));
  call.network().set_udp_blocked(0, true);
  call.start();
  call.run_for(60s);
  EXPECT_TRUE(relayed_of(call.a()).empty());
  call.network().set_udp_blocked(0, false);
  EXPECT_TRUE(call.connect(3min));
  EXPECT_EQ(relayed_of(call.a()).size(), 1u);
}

TEST(IceRelay, GoesWhereTheServerSendsIt) {
  Call call(10, symmetric(true, {RelayProtocol::kTcp}), symmetric(false, {}));
  call.turn().server().set_alternates({{kTurnServer.ip, sim::TurnHost::kTlsPort}});
  call.start();
  call.run_for(200ms);
  call.turn().server().set_alternates({});
  EXPECT_TRUE(call.connect(2s));
  EXPECT_EQ(call.a().agent->relays()[0].server.port, sim::TurnHost::kTlsPort);
  EXPECT_TRUE(call.a().server_failures.empty());
}

// RFC 8489, 10: the certificate is to be of the domain that the server names, else of the same as
// before, which where only an address is known is that.
TEST(IceRelay, ChecksTheCertificateOfWhereItIsSent) {
  const auto names_asked_for = [](const std::string& domain) {
    Call call(10, symmetric(true, {RelayProtocol::kTls}), symmetric(false, {}));
    call.turn().server().set_alternates({kTurnServer}, domain);
    call.start();
    call.run_for(200ms);
    call.turn().server().set_alternates({});
    EXPECT_TRUE(call.connect(2s));
    return call.a().server_names;
  };
  const auto with_domain = names_asked_for("other.example.org");
  ASSERT_GE(with_domain.size(), 2u);
  EXPECT_EQ(with_domain[0], "");
  EXPECT_EQ(with_domain[1], "other.example.org");
  const auto without = names_asked_for("");
  ASSERT_GE(without.size(), 2u);
  EXPECT_EQ(without[1], kTurnServer.ip.to_string());
}

TEST(IceRelay, GivesUpOnServersThatSendItInCircles) {
  Call call(11, symmetric(true, {RelayProtocol::kUdp}), symmetric(false, {}));
  call.turn().server().set_alternates({kTurnServer});
  call.start();
  ASSERT_TRUE(call.run_until([&] { return call.a().gathered; }, 2s));
  ASSERT_EQ(call.a().server_failures.size(), 1u);
  EXPECT_EQ(call.a().server_failures[0].code, 300);
}

TEST(IceRelay, MovesToTcpWhenUdpIsBlockedAndBackWhenItIsNot) {
  const std::vector all{RelayProtocol::kUdp, RelayProtocol::kTcp};
  Call call(12, symmetric(true, all), symmetric(false, {}));
  call.start();
  ASSERT_TRUE(call.connect(2s));
  ASSERT_TRUE(call.run_until([&] { return call.a().nominated() && call.b().nominated(); }, 5s));
  ASSERT_EQ(protocol_of(call.a()), RelayProtocol::kUdp);
  for (const Duration outage : {Duration(20s), Duration(5min), Duration(30min)}) {
    call.network().set_udp_blocked(0, true);
    ASSERT_TRUE(call.run_until([&] { return protocol_of(call.a()) == RelayProtocol::kTcp; }, 15s));
    call.run_for(2s);
    EXPECT_TRUE(call.a().connected());
    expect_data_flows(call);
    call.run_for(outage);
    EXPECT_TRUE(call.a().connected()) << outage;
    EXPECT_EQ(protocol_of(call.a()), RelayProtocol::kTcp);
    call.network().set_udp_blocked(0, false);
    ASSERT_TRUE(call.run_until([&] { return protocol_of(call.a()) == RelayProtocol::kUdp; }, 2min))
        << outage;
    call.run_for(5s);
    expect_data_flows(call);
  }
}

TEST(IceRelay, AServerThatCrashesIsLeftAtOnce) {
  Call call(13, symmetric(true, {RelayProtocol::kTcp}), symmetric(false, {}));
  call.start();
  ASSERT_TRUE(call.connect(2s));
  call.turn().crash(call.now());
  call.run_for(1s);
  EXPECT_EQ(call.a().agent->counters().allocations_lost, 1u);
  EXPECT_EQ(call.a().agent->selected(), std::nullopt);
  EXPECT_FALSE(call.a().server_failures.empty());
}

TEST(IceRelay, ARestartKeepsTheAllocations) {
  const std::vector all{RelayProtocol::kUdp, RelayProtocol::kTcp};
  Call call(14, symmetric(true, all), symmetric(false, all));
  call.start();
  ASSERT_TRUE(call.connect(2s));
  call.run_for(1s);
  call.a().found.clear();
  call.restart(call.a(), call.b());
  EXPECT_EQ(relayed_of(call.a()).size(), 2u);
  call.run_for(3s);
  EXPECT_TRUE(call.a().connected() && call.b().connected());
  EXPECT_EQ(call.a().agent->counters().allocations, 2u);
  expect_data_flows(call);
}

TEST(IceRelay, ClosingLetsTheAllocationsGo) {
  const std::vector all(kAllProtocols.begin(), kAllProtocols.end());
  Call call(15, symmetric(true, all), symmetric(false, all));
  call.start();
  ASSERT_TRUE(call.connect(2s));
  call.run_for(1s);
  EXPECT_EQ(call.turn().server().allocations(), 6u);
  call.a().agent->close(call.now());
  call.b().agent->close(call.now());
  call.run_for(3s);
  EXPECT_EQ(call.turn().server().allocations(), 0u);
  EXPECT_EQ(call.a().agent->next_deadline(), kNever);
  EXPECT_TRUE(call.a().streams.empty());
}

TEST(IceRelay, ClosingDoesNotWaitForAServerThatIsGone) {
  Call call(16, symmetric(true, {RelayProtocol::kUdp}), symmetric(false, {}));
  call.start();
  ASSERT_TRUE(call.run_until([&] { return call.a().gathered; }, 2s));
  call.turn().die();
  call.a().agent->close(call.now());
  call.run_for(4s);
  EXPECT_EQ(call.a().agent->next_deadline(), kNever);
}

TEST(IceRelay, AnInterfaceThatIsGoneTakesItsAllocationWithIt) {
  Call call(17, symmetric(true, {RelayProtocol::kUdp, RelayProtocol::kTcp}), symmetric(false, {}));
  call.start();
  ASSERT_TRUE(call.run_until([&] { return call.a().gathered; }, 2s));
  call.a().agent->remove_local(call.now(), {ip("10.0.0.2"), kPort});
  call.settle();
  for (const Candidate& candidate : call.a().agent->local_candidates()) {
    EXPECT_EQ(candidate.relay_protocol, RelayProtocol::kTcp);
  }
}

TEST(IceRelay, IsBoundedInItsAllocations) {
  SideConfig a = symmetric(true, {RelayProtocol::kUdp, RelayProtocol::kTcp, RelayProtocol::kTls});
  a.ice.limits.relays = 2;
  Call call(18, a, symmetric(false, {}));
  call.start();
  ASSERT_TRUE(call.run_until([&] { return call.a().gathered; }, 2s));
  EXPECT_EQ(call.a().agent->relays().size(), 2u);
}

// What a check costs depends on the pairs; the slowest of these waits for lost packets.
TEST(IceRelay, ConnectsEveryPairOfNatsOverManySeeds) {
  constexpr std::array<std::optional<NatKind>, 5> kKinds = {
      std::nullopt, NatKind::kFullCone, NatKind::kAddressRestricted, NatKind::kPortRestricted,
      NatKind::kSymmetric};
  std::vector<Duration> times;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    std::mt19937_64 random(seed);
    const bool lossy = seed % 2 == 0;
    const sim::LinkConfig link{.latency = 1ms * (1 + random() % 40),
                               .jitter = 1ms * (random() % 10),
                               .reorder = true,
                               .loss = lossy ? 0.05 : 0};
    const auto side = [&](bool first) {
      const auto kind = kKinds[random() % kKinds.size()];
      std::vector<RelayProtocol> turn;
      for (const RelayProtocol protocol : kAllProtocols) {
        if (random() % 2 == 0) turn.push_back(protocol);
      }
      if (std::ranges::find(turn, RelayProtocol::kTls) == turn.end()) {
        turn.push_back(RelayProtocol::kTls);  // At least that.
      }
      SideConfig config = symmetric(first, turn, link);
      if (!kind) config.host.nat.reset();
      if (kind) config.host.nat->kind = *kind;
      if (!kind) config.host.addresses = {ip(first ? "203.0.113.11" : "203.0.113.12")};
      if (random() % 4 == 0) config.ice.policy = TransportPolicy::kRelay;
      return config;
    };
    const SideConfig a = side(true);
    const SideConfig b = side(false);
    Call call(seed, a, b);
    call.network().set_udp_blocked(0, random() % 4 == 0);
    call.network().set_udp_blocked(1, random() % 4 == 0);
    call.set_signalling_delay(1ms * (random() % 100));
    call.start();
    ASSERT_TRUE(call.connect(lossy ? 6s : 2s)) << "seed " << seed;
    if (lossy) times.push_back(call.now() - kStart);
    call.send_data(call.a());
  }
  std::ranges::sort(times);
  EXPECT_LT(times[times.size() * 9 / 10], Duration(2s));
  RecordProperty("lossy_median_ms", static_cast<int>(times[times.size() / 2] / 1ms));
  RecordProperty("lossy_longest_ms", static_cast<int>(times.back() / 1ms));
}

}  // namespace
}  // namespace parley::ice
