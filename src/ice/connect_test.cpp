// How two full agents come to a path: how fast, over what, and in which role.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "ice/test_call.h"

namespace parley::ice {
namespace {

using namespace test;

SideConfig offerer(std::string_view address = "203.0.113.11") {
  SideConfig config;
  config.host = public_host(address);
  config.ice.controlling = true;
  return config;
}

SideConfig answerer(std::string_view address = "203.0.113.12") {
  SideConfig config;
  config.host = public_host(address);
  return config;
}

std::vector<State> states(const Side& side) {
  std::vector<State> all;
  for (const auto& [at, state] : side.states) all.push_back(state);
  return all;
}

// Packets take 20 ms from host to host.
TEST(IceConnect, TakesOneRoundTripOnceTheCandidatesAreKnown) {
  Call call(1, offerer(), answerer());
  call.start();
  ASSERT_TRUE(call.connect(1s));
  EXPECT_EQ(call.now() - kStart, 40ms);
  EXPECT_EQ(
      call.a().selections.front().second,
      (net::Path{net::Transport::kUdp, {ip("203.0.113.11"), kPort}, {ip("203.0.113.12"), kPort}}));
  EXPECT_EQ(
      call.b().selections.front().second,
      (net::Path{net::Transport::kUdp, {ip("203.0.113.12"), kPort}, {ip("203.0.113.11"), kPort}}));
}

TEST(IceConnect, GoesThroughTheStatesOfW3c) {
  Call call(1, offerer(), answerer());
  EXPECT_EQ(call.a().agent->state(), State::kNew);
  call.start();
  ASSERT_TRUE(call.connect(1s));
  call.end_of_candidates();
  ASSERT_TRUE(call.run_until([&] { return call.a().completed() && call.b().completed(); }, 1s));
  const std::vector<State> expected = {State::kChecking, State::kConnected, State::kCompleted};
  EXPECT_EQ(states(call.a()), expected);
  EXPECT_EQ(states(call.b()), expected);
  EXPECT_TRUE(call.a().gathered);
  call.a().agent->close(call.now());
  call.settle();
  EXPECT_EQ(call.a().agent->state(), State::kClosed);
  EXPECT_EQ(call.a().agent->next_deadline(), kNever);
  EXPECT_EQ(call.a().agent->selected(), std::nullopt);
}

TEST(IceConnect, CarriesDataFromValidatedPathsOnly) {
  Call call(1, offerer(), answerer());
  call.start();
  ASSERT_TRUE(call.connect(1s));
  const net::Path stranger{
      net::Transport::kUdp, {ip("203.0.113.12"), kPort}, {ip("203.0.113.99"), kPort}};
  EXPECT_FALSE(call.b().agent->is_validated(stranger));
  call.send_data(call.a());
  call.run_for(100ms);
  EXPECT_EQ(call.b().data_received, 1);
  EXPECT_EQ(call.b().data_refused, 0);
}

TEST(IceConnect, IsDoneWithinAFewPacketsAndThenSaysLittle) {
  Call call(1, offerer(), answerer());
  call.start();
  call.connect(1s);
  call.end_of_candidates();
  call.run_for(1s);
  const std::uint64_t sent = call.network().counters().sent;
  EXPECT_LE(sent, 12u);
  call.run_for(60s);  // Consent: ten to sixteen checks of each side, and their answers.
  EXPECT_GE(call.network().counters().sent - sent, 36u);
  EXPECT_LE(call.network().counters().sent - sent, 64u);
  EXPECT_EQ(call.a().agent->counters().path_changes, 0u);
}

TEST(IceConnect, NominatesAndBothSidesAgree) {
  Call call(1, offerer(), answerer());
  call.start();
  ASSERT_TRUE(call.run_until([&] { return call.a().nominated() && call.b().nominated(); }, 1s));
  EXPECT_LE(call.now() - kStart, 100ms);
  EXPECT_EQ(call.a().agent->selected()->local, call.b().agent->selected()->remote);
  EXPECT_EQ(call.a().agent->selected()->remote, call.b().agent->selected()->local);
}

TEST(IceConnect, MeasuresTheRoundTrip) {
  Call call(1, offerer(), answerer());
  EXPECT_EQ(call.a().agent->round_trip_time(), std::nullopt);
  call.start();
  call.connect(1s);
  EXPECT_EQ(call.a().agent->round_trip_time(), 40ms);
  call.run_for(100ms);  // The nominating check, too.
  const std::vector<PairStats> pairs = call.a().agent->pairs();
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_TRUE(pairs[0].selected);
  EXPECT_EQ(pairs[0].state, PairState::kSucceeded);
  EXPECT_GE(pairs[0].requests_sent, 1u);
  EXPECT_GE(pairs[0].responses_received, 1u);
  EXPECT_GE(pairs[0].requests_received, 1u);
  EXPECT_EQ(pairs[0].responses_sent, pairs[0].requests_received);
  EXPECT_EQ(pairs[0].total_round_trip_time, 40ms * pairs[0].responses_received);
}

TEST(IceConnect, HearsThePeersChecksBeforeItsDescription) {
  Call call(1, offerer(), answerer());
  call.describe(call.a(), call.b());  // The answer is on its way for a while.
  call.gather(call.a());
  call.gather(call.b());
  call.run_for(500ms);
  EXPECT_EQ(call.a().agent->state(), State::kNew);
  EXPECT_EQ(call.a().agent->remote_candidates().size(), 1u);
  EXPECT_TRUE(call.b().connected());
  call.describe(call.b(), call.a());
  ASSERT_TRUE(call.connect(1s));
}

TEST(IceConnect, NeedsNoCandidatesOfAPeerWhoseChecksCome) {
  Call call(1, offerer(), answerer());
  call.describe(call.a(), call.b());
  call.describe(call.b(), call.a());
  call.b().agent->add_local_candidate(
      call.now(), Candidate::host({ip("203.0.113.12"), kPort}));  // Told to nobody.
  while (call.b().agent->poll_output()) {
  }
  call.gather(call.a());
  ASSERT_TRUE(call.connect(2s));
  EXPECT_EQ(call.a().agent->remote_candidates().front().type, CandidateType::kPeerReflexive);
}

TEST(IceConnect, LearnsWhatAPeerReflexiveCandidateReallyIs) {
  Call call(1, offerer(), answerer());
  call.set_signalling_delay(0ms);
  call.start();
  call.connect(1s);
  const auto remotes = call.a().agent->remote_candidates();
  ASSERT_EQ(remotes.size(), 1u);
  EXPECT_EQ(remotes[0].type, CandidateType::kHost);
}

TEST(IceConnect, ResolvesHiddenAddresses) {
  SideConfig hidden = answerer();
  hidden.hides_addresses = true;
  SideConfig also_hidden = offerer();
  also_hidden.hides_addresses = true;
  Call call(1, also_hidden, hidden);
  call.start();
  ASSERT_TRUE(call.connect(1s));
}

TEST(IceConnect, ComesUpUnderThirtyPercentLoss) {
  Duration total{};
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SideConfig a = offerer();
    SideConfig b = answerer();
    // 0.163 twice on each way is 0.3 in all.
    a.host.up = a.host.down = b.host.up = b.host.down = {.latency = 10ms, .loss = 0.163};
    Call call(seed, a, b);
    call.start();
    ASSERT_TRUE(call.connect(20s)) << "seed " << seed;
    total += call.now() - kStart;
    ASSERT_TRUE(call.run_until([&] { return call.a().nominated() && call.b().nominated(); }, 20s))
        << "seed " << seed;
  }
  EXPECT_LT(total / 200, 1500ms);
}

TEST(IceConnect, SettlesARoleConflict) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    for (const bool controlling : {true, false}) {
      SideConfig a = offerer();
      SideConfig b = answerer();
      a.ice.controlling = b.ice.controlling = controlling;
      Call call(seed, a, b);
      call.start();
      ASSERT_TRUE(call.run_until([&] { return call.a().nominated() && call.b().nominated(); }, 3s))
          << "seed " << seed;
      EXPECT_NE(call.a().agent->controlling(), call.b().agent->controlling()) << "seed " << seed;
      EXPECT_EQ(call.a().agent->counters().role_changes + call.b().agent->counters().role_changes,
                1u)
          << "seed " << seed;
    }
  }
}

TEST(IceConnect, PrefersIpv6AndFallsBackToIpv4) {
  SideConfig a = offerer();
  SideConfig b = answerer();
  a.host.addresses = {ip("203.0.113.11"), ip("2001:db8::11")};
  b.host.addresses = {ip("203.0.113.12"), ip("2001:db8::12")};
  {
    Call call(1, a, b);
    call.start();
    ASSERT_TRUE(call.connect(1s));
    call.run_for(1s);
    EXPECT_TRUE(call.a().agent->selected()->remote.ip.is_v6());
    EXPECT_TRUE(call.b().agent->selected()->remote.ip.is_v6());
  }
  b.host.addresses = {ip("203.0.113.12")};
  Call call(1, a, b);
  call.start();
  ASSERT_TRUE(call.connect(1s));
  EXPECT_TRUE(call.a().agent->selected()->remote.ip.is_v4());
}

// Two networks, of which one leads nowhere for the peer.
TEST(IceConnect, TriesEveryPairUntilOneWorks) {
  SideConfig a = offerer();
  SideConfig b = answerer();
  a.host.addresses = {ip("10.1.0.1"), ip("10.2.0.1"), ip("203.0.113.11")};
  Call call(1, a, b);
  call.start();
  b.host.addresses = {ip("203.0.113.12")};
  for (int i = 1; i <= 20; ++i) {
    Candidate nowhere = Candidate::host({ip("10.9.0." + std::to_string(i)), 1});
    nowhere.priority = 2130706431u - static_cast<unsigned>(i);
    nowhere.foundation = std::to_string(i);
    call.a().agent->add_remote_candidate(call.now(), nowhere);
  }
  ASSERT_TRUE(call.connect(3s));
}

TEST(IceConnect, GivesUpWhenAllIsTriedAndPatienceIsOver) {
  Call call(1, offerer(), answerer());
  call.network().set_down(call.b().host, true);
  call.start();
  call.end_of_candidates();
  EXPECT_FALSE(call.run_until([&] { return call.a().agent->state() == State::kFailed; }, 39s));
  EXPECT_TRUE(call.run_until([&] { return call.a().agent->state() == State::kFailed; }, 1s));
  call.run_for(10s);
  EXPECT_EQ(call.a().agent->next_deadline(), kNever);
}

TEST(IceConnect, TriesAgainWhatFailedAtFirst) {
  Call call(1, offerer(), answerer());
  call.network().set_down(call.b().host, true);
  call.start();
  call.end_of_candidates();
  call.run_for(20s);
  call.network().set_down(call.b().host, false);
  ASSERT_TRUE(call.connect(4s));
}

TEST(IceConnect, HopesAsLongAsCandidatesMayCome) {
  Call call(1, offerer(), answerer());
  call.network().set_down(call.b().host, true);
  call.start();
  call.run_for(300s);
  EXPECT_EQ(call.a().agent->state(), State::kChecking);
  call.network().set_down(call.b().host, false);
  call.b().agent->add_remote_candidate(call.now(), call.a().found.front());
  Candidate another = Candidate::host({ip("203.0.113.13"), kPort});
  another.foundation = "x";
  another.priority = 1;
  call.a().agent->add_remote_candidate(call.now(), another);
  call.run_for(1s);
  EXPECT_EQ(call.a().agent->state(), State::kChecking);
}

TEST(IceConnect, SendsOneNewCheckAPace) {
  Call call(1, offerer(), answerer());
  call.describe(call.b(), call.a());
  call.gather(call.a());
  call.settle();
  call.run_for(1ms);
  const auto asked = [&] { return call.a().agent->counters().requests_sent; };
  for (int i = 1; i <= 20; ++i) {
    Candidate candidate = Candidate::host({ip("198.51.100.200"), static_cast<std::uint16_t>(i)});
    candidate.priority = 1000;
    candidate.foundation = std::to_string(i);
    call.a().agent->add_remote_candidate(call.now(), candidate);
  }
  EXPECT_EQ(asked(), 1u);  // At once.
  call.run_for(100ms);
  EXPECT_EQ(asked(), 6u);
  call.run_for(300ms);
  EXPECT_EQ(asked(), 20u);
  call.run_for(200ms);  // The first is asked again after 500 ms.
  EXPECT_EQ(asked(), 26u);
}

TEST(IceConnect, PairsOnlyWhatCanReachEachOther) {
  SeededRandom random(1);
  Agent agent({}, random);
  for (const char* address : {"203.0.113.11", "127.0.0.1", "2001:db8::11", "fe80::11"}) {
    agent.add_local_candidate(kStart, Candidate::host({ip(address), kPort}));
  }
  for (const char* address : {"203.0.113.12", "127.0.0.2", "2001:db8::12", "fe80::12"}) {
    Candidate candidate = Candidate::host({ip(address), kPort});
    candidate.foundation = address[0];
    candidate.priority = 1;
    agent.add_remote_candidate(kStart, candidate);
  }
  std::vector<std::string> pairs;
  for (const PairStats& pair : agent.pairs()) {
    pairs.push_back(pair.path.local.ip.to_string() + " " + pair.path.remote.ip.to_string());
  }
  EXPECT_EQ(pairs, (std::vector<std::string>{"203.0.113.11 203.0.113.12", "127.0.0.1 127.0.0.2",
                                             "2001:db8::11 2001:db8::12", "fe80::11 fe80::12"}));
}

// A pair of lower priority is there first, and a better one comes a second later.
TEST(IceConnect, MovesToABetterPairThatIsToldLater) {
  SideConfig a = offerer();
  SideConfig b = answerer();
  a.relay = true;
  a.udp = false;
  Call call(1, a, b);
  call.start();
  ASSERT_TRUE(call.run_until([&] { return call.a().nominated() && call.b().nominated(); }, 5s));
  EXPECT_EQ(call.a().agent->selected()->local.ip, kRelay.ip);
  call.a().config.udp = true;
  call.a().config.relay = false;
  call.add_addresses(call.a());
  ASSERT_TRUE(call.run_until(
      [&] {
        return call.a().agent->selected()->local.ip == ip("203.0.113.11") &&
               call.b().agent->selected()->remote.ip == ip("203.0.113.11");
      },
      5s));
  EXPECT_GE(call.a().agent->counters().path_changes, 1u);
}

TEST(IceConnect, BoundsWhatAPeerCanMakeItHold) {
  SideConfig a = offerer();
  a.ice.limits = {.remote_candidates = 10, .unresolved_names = 3, .pairs = 5};
  Call call(1, a, answerer());
  call.start();
  int taken = 0;
  for (int i = 1; i <= 100; ++i) {
    Candidate candidate = Candidate::host({ip("198.51.100.200"), static_cast<std::uint16_t>(i)});
    candidate.priority = 1000;
    candidate.foundation = std::to_string(i);
    taken += call.a().agent->add_remote_candidate(call.now(), candidate);
    candidate.mdns_name = "n" + std::to_string(i) + ".local";
    call.a().agent->add_remote_candidate(call.now(), candidate);
  }
  EXPECT_EQ(taken, 10);
  EXPECT_EQ(call.a().agent->remote_candidates().size(), 10u);
  EXPECT_LE(call.a().agent->pairs().size(), 5u);
  EXPECT_GE(call.a().agent->counters().dropped_for(Drop::kCandidateLimit), 187u);
  EXPECT_EQ(std::ranges::count(call.a().refused, Drop::kCandidateLimit, &Refused::reason), 0);
  call.settle();
  EXPECT_EQ(std::ranges::count(call.a().refused, Drop::kCandidateLimit, &Refused::reason), 1);
  ASSERT_TRUE(call.connect(5s));  // The peer's own checks still find room.
}

TEST(IceConnect, IgnoresCandidatesOfOtherCredentials) {
  Call call(1, offerer(), answerer());
  call.start();
  call.settle();
  Candidate old = Candidate::host({ip("203.0.113.12"), 6000});
  old.ufrag = "before";
  call.run_for(1ms);
  EXPECT_FALSE(call.a().agent->add_remote_candidate(call.now(), old));
  EXPECT_EQ(call.a().agent->counters().dropped_for(Drop::kCandidateIgnored), 1u);
}

TEST(IceConnect, KeepsTheMappingForAPeerWhoComesLater) {
  SideConfig a = offerer();
  a.host = nat_host("10.0.0.2", "203.0.113.1", sim::NatKind::kFullCone);
  a.host.nat->mapping_timeout = 30s;
  a.stun = true;
  Call call(1, a, answerer());
  call.describe(call.b(), call.a());
  call.gather(call.a());
  call.run_for(300s);  // The callee is asked whether it wants to talk.
  call.describe(call.a(), call.b());
  call.gather(call.b());
  ASSERT_TRUE(call.connect(2s));
  EXPECT_EQ(call.a().found.size(), 2u);
}

TEST(IceConnect, TellsTheSameWithTheSameSeed) {
  const auto run = [](std::uint64_t seed) {
    SideConfig a = offerer();
    a.host.up = {.latency = 10ms, .jitter = 20ms, .reorder = true, .loss = 0.2};
    Call call(seed, a, answerer());
    call.start();
    call.connect(20s);
    call.run_for(60s);
    return std::tuple{call.network().counters().sent, call.a().selections, call.b().states};
  };
  EXPECT_EQ(run(7), run(7));
  EXPECT_NE(run(7), run(8));
}

// What the deadline promises, happens: a driver that obeys it never spins.
TEST(IceConnect, WakesUpSeldom) {
  Call call(1, offerer(), answerer());
  call.start();
  call.connect(1s);
  call.end_of_candidates();
  const std::size_t before = call.steps();
  call.run_for(600s);
  EXPECT_LT(call.steps() - before, 600u * 3);
}

}  // namespace
}  // namespace parley::ice
