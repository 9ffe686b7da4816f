// A path that breaks, moves or comes back: consent, other addresses, restart.
#include <gtest/gtest.h>

#include <algorithm>

#include "ice/test_call.h"

namespace parley::ice {
namespace {

using namespace test;

SideConfig side(std::string_view address, bool controlling) {
  SideConfig config;
  config.host = public_host(address);
  config.ice.controlling = controlling;
  return config;
}

struct Connected : Call {
  explicit Connected(std::uint64_t seed, const SideConfig& a = side("203.0.113.11", true),
                     const SideConfig& b = side("203.0.113.12", false))
      : Call(seed, a, b) {
    start();
    EXPECT_TRUE(connect(5s));
    end_of_candidates();
    run_for(5s);
  }
};

bool is_in(const Side& side, State state) {
  return side.agent->state() == state;
}

bool uses(const Side& side, std::string_view local) {
  return side.agent->selected() && side.agent->selected()->local.ip == ip(local);
}

bool sends_to(const Side& side, std::string_view remote) {
  return side.agent->selected() && side.agent->selected()->remote.ip == ip(remote);
}

TEST(IceConsent, IsLostAfterThirtySecondsOfSilence) {
  Connected call(1);
  call.network().set_down(call.b().host, true);
  const Time cut = call.now();
  ASSERT_TRUE(call.run_until([&] { return is_in(call.a(), State::kDisconnected); }, 20s));
  EXPECT_GE(call.now() - cut, 5s);
  EXPECT_LE(call.now() - cut, 12s);
  EXPECT_TRUE(call.a().agent->selected().has_value());  // It may send for a while yet.
  ASSERT_TRUE(call.run_until([&] { return is_in(call.a(), State::kFailed); }, 30s));
  EXPECT_GE(call.now() - cut, 24s);
  EXPECT_LE(call.now() - cut, 30s);
  EXPECT_EQ(call.a().agent->selected(), std::nullopt);
  const std::uint64_t sent = call.a().agent->counters().requests_sent;
  call.run_for(60s);
  EXPECT_EQ(call.a().agent->counters().requests_sent, sent);
}

TEST(IceConsent, ComesBackWhenTheLinkDoes) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Connected call(seed);
    call.network().set_down(call.b().host, true);
    call.run_for(15s);
    EXPECT_TRUE(is_in(call.a(), State::kDisconnected));
    call.network().set_down(call.b().host, false);
    ASSERT_TRUE(call.connect(3s)) << "seed " << seed;
    call.run_for(10s);
    EXPECT_TRUE(call.a().completed() && call.b().completed()) << "seed " << seed;
    EXPECT_EQ(call.a().agent->selected()->local, call.b().agent->selected()->remote);
  }
}

TEST(IceConsent, SurvivesAThirdOfTheAnswersLost) {
  Connected call(3);
  const sim::LinkConfig lossy{.latency = 10ms, .loss = 0.16};
  call.network().set_links(call.a().host, lossy, lossy);
  call.run_for(600s);
  EXPECT_TRUE(call.a().connected() && call.b().connected());
  for (const auto& [at, state] : call.a().states) EXPECT_NE(state, State::kFailed);
}

// The phone leaves Wi-Fi: the address is gone, another is there. No restart, no signalling but the
// candidate.
TEST(IceMove, FollowsOntoAnotherNetwork) {
  for (const bool controlling : {true, false}) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      Connected call(seed);
      Side& phone = controlling ? call.a() : call.b();
      Side& peer = controlling ? call.b() : call.a();
      call.move(phone, {ip("203.0.113.77")});
      EXPECT_EQ(phone.agent->selected(), std::nullopt);
      EXPECT_TRUE(is_in(phone, State::kDisconnected));
      ASSERT_TRUE(call.run_until(
          [&] { return uses(phone, "203.0.113.77") && sends_to(peer, "203.0.113.77"); }, 2s))
          << "seed " << seed;
      ASSERT_TRUE(call.connect(1s));
      call.run_for(60s);
      EXPECT_TRUE(phone.completed() && peer.completed()) << "seed " << seed;
      EXPECT_TRUE(uses(phone, "203.0.113.77") && sends_to(peer, "203.0.113.77"));
    }
  }
}

// As above, but the candidate is told to nobody: the peer learns from the checks alone, and the
// network is one behind a NAT.
TEST(IceMove, NeedsNoSignalling) {
  for (const bool controlling : {true, false}) {
    Connected call(1);
    call.set_signalling_delay(1h);
    Side& phone = controlling ? call.a() : call.b();
    Side& peer = controlling ? call.b() : call.a();
    call.move(phone, {ip("10.0.0.7")},
              sim::NatConfig{.kind = sim::NatKind::kPortRestricted, .outside = ip("203.0.113.7")});
    ASSERT_TRUE(call.run_until(
        [&] { return uses(phone, "10.0.0.7") && sends_to(peer, "203.0.113.7"); }, 3s));
    call.send_data(phone);
    call.send_data(peer);
    call.run_for(1s);
    EXPECT_EQ(phone.data_received, 1);
    EXPECT_EQ(peer.data_received, 1);
    call.run_for(60s);
    EXPECT_TRUE(phone.connected() && peer.connected());
  }
}

// The NAT forgets, and gives another port: neither side has noticed anything of its own.
TEST(IceMove, SurvivesANatThatRebinds) {
  for (const bool controlling : {true, false}) {
    SideConfig a = side("203.0.113.11", controlling);
    SideConfig b = side("203.0.113.12", !controlling);
    b.host = nat_host("10.0.0.2", "203.0.113.1", sim::NatKind::kPortRestricted);
    b.stun = true;
    Connected call(1, a, b);
    const net::Path before = call.a().agent->selected().value();
    call.network().nat_of(call.b().host).reboot();
    ASSERT_TRUE(call.run_until([&] { return call.a().agent->selected() != before; }, 8s));
    call.run_for(1s);
    call.send_data(call.a());
    call.run_for(1s);
    EXPECT_EQ(call.b().data_received, 1);
    call.run_for(60s);
    EXPECT_TRUE(call.a().connected() && call.b().connected());
    EXPECT_EQ(call.b().agent->counters().path_changes, 0u);
  }
}

TEST(IceMove, FallsBackToTheOtherInterface) {
  SideConfig a = side("203.0.113.11", true);
  a.host.addresses.push_back(ip("203.0.113.21"));
  Connected call(1, a);
  EXPECT_TRUE(uses(call.a(), "203.0.113.11"));
  call.a().agent->remove_local(call.now(), {ip("203.0.113.11"), kPort});
  ASSERT_TRUE(call.run_until(
      [&] { return uses(call.a(), "203.0.113.21") && sends_to(call.b(), "203.0.113.21"); }, 1s));
}

// The new network is there, but carries nothing for longer than the checks of a pair last.
TEST(IceMove, GoesOnTrying) {
  for (const bool controlling : {true, false}) {
    Connected call(1);
    Side& phone = controlling ? call.a() : call.b();
    Side& peer = controlling ? call.b() : call.a();
    call.network().set_down(phone.host, true);
    call.move(phone, {ip("203.0.113.77")});
    call.network().set_down(phone.host, true);
    call.run_for(20s);
    call.network().set_down(phone.host, false);
    ASSERT_TRUE(call.run_until(
        [&] { return uses(phone, "203.0.113.77") && sends_to(peer, "203.0.113.77"); }, 4s));
    call.run_for(60s);
    EXPECT_TRUE(call.a().connected() && call.b().connected());
  }
}

TEST(IceMove, FailsWhereNothingFollows) {
  Connected call(1);
  call.a().agent->remove_local(call.now(), {ip("203.0.113.11"), kPort});
  ASSERT_TRUE(call.run_until([&] { return is_in(call.a(), State::kFailed); }, 31s));
  EXPECT_TRUE(call.a().agent->pairs().empty());
}

TEST(IceMove, StaysWhileItsPathAnswers) {
  SideConfig a = side("203.0.113.11", true);
  Connected call(1, a);
  // A second interface of lower preference comes.
  call.a().config.host.addresses = {ip("203.0.113.11")};
  call.a().agent->add_local_candidate(call.now(), Candidate::host({ip("203.0.113.31"), kPort}));
  call.run_for(20s);
  EXPECT_TRUE(uses(call.a(), "203.0.113.11"));
  EXPECT_EQ(call.a().agent->counters().path_changes, 0u);
}

TEST(IceRestart, FindsAPathAnewWhileTheOldOneCarriesData) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Connected call(seed);
    const Credentials before = call.a().agent->local_credentials();
    call.set_signalling_delay(500ms);
    call.restart(call.a(), call.b());
    EXPECT_NE(call.a().agent->local_credentials(), before);
    EXPECT_TRUE(call.a().connected());
    call.send_data(call.a());
    call.run_for(200ms);
    EXPECT_EQ(call.b().data_received, 1);
    EXPECT_EQ(call.b().data_refused, 0);
    const std::size_t selections = call.a().selections.size();
    ASSERT_TRUE(call.run_until([&] { return call.a().nominated() && call.b().nominated(); }, 3s))
        << "seed " << seed;
    EXPECT_EQ(call.a().selections.size(), selections + 1);
    call.run_for(60s);
    EXPECT_TRUE(call.a().connected() && call.b().connected());
    for (const auto& [at, state] : call.a().states) {
      EXPECT_NE(state, State::kDisconnected);
      EXPECT_NE(state, State::kFailed);
    }
    EXPECT_EQ(call.a().agent->counters().restarts, 1u);
  }
}

TEST(IceRestart, ConsentToTheOldPathGoesOnUntilThereIsANewOne) {
  Connected call(1);
  call.set_signalling_delay(1h);  // Neither hears the other's new credentials.
  call.restart(call.a(), call.b());
  call.run_for(120s);
  EXPECT_TRUE(call.a().connected() && call.b().connected());
  call.network().set_down(call.b().host, true);
  call.run_for(40s);
  EXPECT_FALSE(call.a().connected());
  EXPECT_EQ(call.a().agent->selected(), std::nullopt);
}

TEST(IceRestart, RevivesWhatHadFailed) {
  Connected call(1);
  call.network().set_down(call.b().host, true);
  ASSERT_TRUE(call.run_until([&] { return is_in(call.a(), State::kFailed); }, 60s));
  call.network().set_down(call.b().host, false);
  call.run_for(1s);
  call.restart(call.a(), call.b());
  EXPECT_TRUE(is_in(call.a(), State::kNew));
  ASSERT_TRUE(call.connect(2s));
  call.run_for(20s);
  EXPECT_TRUE(call.a().connected() && call.b().connected());
}

// Asked for because nothing got through; it must not fail with the path that it is to replace.
TEST(IceRestart, OutlivesTheOldPath) {
  for (const bool address_gone : {false, true}) {
    Connected call(1);
    if (address_gone) {
      call.move(call.b(), {ip("203.0.113.77")});
    }
    call.network().set_down(call.b().host, true);
    call.run_for(20s);
    EXPECT_TRUE(is_in(call.a(), State::kDisconnected));
    call.restart(call.a(), call.b());
    call.run_for(12s);
    EXPECT_FALSE(call.a().connected() || call.b().connected());
    EXPECT_EQ(call.a().agent->selected(), std::nullopt);
    call.network().set_down(call.b().host, false);
    ASSERT_TRUE(call.connect(3s));
    call.run_for(60s);
    EXPECT_TRUE(call.a().connected() && call.b().connected());
    for (const Side* const each : {&call.a(), &call.b()}) {
      for (const auto& [at, state] : each->states) EXPECT_NE(state, State::kFailed);
    }
  }
}

TEST(IceRestart, FollowsAPeerThatRestarted) {
  Connected call(1);
  call.a().agent->restart(call.now());
  call.b().agent->set_remote(call.now(), call.a().agent->local_credentials());
  EXPECT_EQ(call.b().agent->counters().restarts, 1u);
  call.describe(call.b(), call.a());
  call.settle();
  ASSERT_TRUE(call.run_until([&] { return call.a().nominated() && call.b().nominated(); }, 2s));
}

TEST(IceRestart, AsksForItsMappingsAgain) {
  SideConfig a = side("203.0.113.11", true);
  a.host = nat_host("10.0.0.2", "203.0.113.1", sim::NatKind::kPortRestricted);
  a.stun = true;
  Connected call(1, a);
  call.network().nat_of(call.a().host).reboot();
  call.a().found.clear();
  call.a().gathered = false;
  call.restart(call.a(), call.b());
  ASSERT_TRUE(call.run_until([&] { return call.a().gathered; }, 1s));
  ASSERT_EQ(call.a().found.size(), 3u);  // The two that there were, and the new mapping.
  EXPECT_EQ(call.a().found[2].type, CandidateType::kServerReflexive);
  EXPECT_NE(call.a().found[1].address, call.a().found[2].address);
  for (const Candidate& candidate : call.a().found) {
    EXPECT_EQ(candidate.ufrag, call.a().agent->local_credentials().ufrag);
  }
}

TEST(IceRestart, MovesToAnotherNetworkAtTheSameTime) {
  Connected call(1);
  call.move(call.a(), {ip("203.0.113.88")});
  call.restart(call.a(), call.b());
  ASSERT_TRUE(call.run_until(
      [&] { return uses(call.a(), "203.0.113.88") && sends_to(call.b(), "203.0.113.88"); }, 3s));
  call.run_for(60s);
  EXPECT_TRUE(call.a().connected() && call.b().connected());
}

}  // namespace
}  // namespace parley::ice
