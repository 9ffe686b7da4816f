// A lite agent on a server, and full agents that come to it.
#include <gtest/gtest.h>

#include <algorithm>

#include "ice/authenticator.h"
#include "ice/test_call.h"
#include "stun/attributes.h"

namespace parley::ice {
namespace {

using namespace test;

SideConfig client(std::optional<sim::NatKind> nat = {}) {
  SideConfig config;
  config.host = nat ? nat_host("10.0.0.2", "203.0.113.1", *nat) : public_host("203.0.113.11");
  config.ice.controlling = true;
  return config;
}

SideConfig server() {
  SideConfig config;
  config.host = public_host("203.0.113.12");
  config.ice.lite = true;
  return config;
}

const Credentials kPeer{"peer", std::string(22, 'p')};

net::Path path(std::uint16_t port) {
  return {net::Transport::kUdp, {ip("203.0.113.12"), kPort}, {ip("203.0.113.11"), port}};
}

// A lite agent alone, and checks made by hand.
struct Lite {
  SeededRandom random{1};
  Agent agent{{.lite = true}, random};
  Time now = kStart;
  std::uint8_t next_id = 0;

  Lite() { agent.set_remote(now, kPeer); }

  std::vector<std::uint8_t> check(bool use_candidate = false, std::uint32_t priority = 100,
                                  bool controlling = true) {
    return write_check({.id = {++next_id},
                        .local_ufrag = kPeer.ufrag,
                        .remote_ufrag = agent.local_credentials().ufrag,
                        .remote_pwd = agent.local_credentials().pwd,
                        .priority = priority,
                        .controlling = controlling,
                        .tie_breaker = 5,
                        .use_candidate = use_candidate});
  }

  std::vector<Output> handle(const net::Path& from, Bytes datagram) {
    agent.handle_input(now, {from, datagram});
    std::vector<Output> outputs;
    drain(agent, [&](Output output) { outputs.push_back(std::move(output)); });
    return outputs;
  }
};

template <class T>
const T* find(const std::vector<Output>& outputs) {
  for (const Output& output : outputs) {
    if (const T* const found = std::get_if<T>(&output)) return found;
  }
  return nullptr;
}

TEST(IceLite, LetsAClientBehindAnyNatIn) {
  for (const std::optional<sim::NatKind> nat : {std::optional<sim::NatKind>{},
                                                {sim::NatKind::kFullCone},
                                                {sim::NatKind::kAddressRestricted},
                                                {sim::NatKind::kPortRestricted},
                                                {sim::NatKind::kSymmetric}}) {
    Call call(1, client(nat), server());
    call.start();
    ASSERT_TRUE(call.connect(1s));
    EXPECT_EQ(call.now() - kStart, 40ms);
    ASSERT_TRUE(call.run_until([&] { return call.b().completed(); }, 1s));
    EXPECT_TRUE(call.b().nominated());
    call.send_data(call.a());
    call.send_data(call.b());
    call.run_for(100ms);
    EXPECT_EQ(call.a().data_received, 1);
    EXPECT_EQ(call.b().data_received, 1);
    EXPECT_EQ(call.b().agent->counters().requests_sent, 0u);
  }
}

TEST(IceLite, MakesAFullPeerControlling) {
  SideConfig full = client();
  full.ice.controlling = false;
  Call call(1, full, server());
  call.start();
  ASSERT_TRUE(call.run_until([&] { return call.b().completed(); }, 1s));
  EXPECT_TRUE(call.a().agent->controlling());
  EXPECT_FALSE(call.b().agent->controlling());
}

TEST(IceLite, TellsAPeerWhoWouldBeControlledToGiveIn) {
  Lite lite;
  const auto outputs = lite.handle(path(1), lite.check(false, 100, false));
  const auto* const answer = find<Transmit>(outputs);
  ASSERT_NE(answer, nullptr);
  const auto message = stun::MessageView::parse(answer->payload).value();
  EXPECT_EQ(message.message_class(), stun::Class::kError);
  EXPECT_EQ(stun::read_error(*message.find(stun::Attribute::kErrorCode))->code,
            stun::ErrorCode::kRoleConflict);
  EXPECT_EQ(find<Selected>(outputs), nullptr);
}

TEST(IceLite, AnswersWithTheAddressThatItSaw) {
  Lite lite;
  const auto outputs = lite.handle(path(4321), lite.check());
  const auto* const answer = find<Transmit>(outputs);
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(answer->path, path(4321));
  const auto message = stun::MessageView::parse(answer->payload).value();
  EXPECT_EQ(message.message_class(), stun::Class::kSuccess);
  EXPECT_EQ(refuse_response(message, lite.agent.local_credentials().pwd), std::nullopt);
  EXPECT_EQ(stun::read_xor_address(*message.find(stun::Attribute::kXorMappedAddress),
                                   message.transaction_id()),
            path(4321).remote);
}

TEST(IceLite, SendsToTheFirstPathAndThenToTheNominated) {
  Lite lite;
  EXPECT_EQ(find<Selected>(lite.handle(path(1), lite.check()))->path, path(1));
  EXPECT_EQ(lite.agent.state(), State::kConnected);
  EXPECT_EQ(find<Selected>(lite.handle(path(2), lite.check())), nullptr);
  EXPECT_EQ(find<Selected>(lite.handle(path(2), lite.check(true)))->path, path(2));
  EXPECT_EQ(lite.agent.state(), State::kCompleted);
  EXPECT_TRUE(lite.agent.is_validated(path(1)));
  EXPECT_FALSE(lite.agent.is_validated(path(3)));
}

TEST(IceLite, FollowsAnAggressivePeerToItsBestPair) {
  Lite lite;
  EXPECT_EQ(find<Selected>(lite.handle(path(1), lite.check(true, 100)))->path, path(1));
  EXPECT_EQ(find<Selected>(lite.handle(path(2), lite.check(true, 50))), nullptr);
  EXPECT_EQ(find<Selected>(lite.handle(path(3), lite.check(true, 200)))->path, path(3));
  EXPECT_EQ(lite.agent.selected(), path(3));
}

TEST(IceLite, FollowsAPeerThatMovesToAWorseNetworkLater) {
  Lite lite;
  lite.handle(path(1), lite.check(true, 100));
  lite.now += 2s;
  EXPECT_EQ(find<Selected>(lite.handle(path(2), lite.check(true, 50)))->path, path(2));
  EXPECT_EQ(find<Selected>(lite.handle(path(1), lite.check(false, 100))), nullptr);
  EXPECT_EQ(lite.agent.counters().path_changes, 1u);
}

TEST(IceLite, RemembersAFewPathsOnly) {
  Lite lite;
  lite.handle(path(1), lite.check(true));
  for (std::uint16_t port = 2; port < 100; ++port) {
    lite.now += 1ms;
    lite.handle(path(port), lite.check());
  }
  EXPECT_EQ(lite.agent.pairs().size(), Limits{}.lite_paths);
  EXPECT_TRUE(lite.agent.is_validated(path(1)));  // Selected.
  EXPECT_TRUE(lite.agent.is_validated(path(99)));
  EXPECT_FALSE(lite.agent.is_validated(path(2)));
}

TEST(IceLite, NoticesSilence) {
  Lite lite;
  lite.handle(path(1), lite.check(true));
  EXPECT_EQ(lite.agent.next_deadline(), lite.now + 12s);
  lite.now += 10s;
  lite.handle(path(1), lite.check());
  EXPECT_EQ(lite.agent.next_deadline(), lite.now + 2s);  // Not moved by a check.
  const Time heard = lite.now;
  std::vector<std::pair<Time, State>> states;
  while (lite.agent.next_deadline() != kNever) {
    lite.now = lite.agent.next_deadline();
    lite.agent.handle_timeout(lite.now);
    while (const auto output = lite.agent.poll_output()) {
      if (const auto* const changed = std::get_if<StateChanged>(&*output)) {
        states.emplace_back(lite.now, changed->state);
      }
    }
  }
  EXPECT_EQ(states, (std::vector<std::pair<Time, State>>{{heard + 12s, State::kDisconnected},
                                                         {heard + 30s, State::kFailed}}));
  EXPECT_EQ(lite.agent.selected(), std::nullopt);
  lite.handle(path(1), lite.check(true));
  EXPECT_EQ(lite.agent.state(), State::kCompleted);
}

TEST(IceLite, NoticesTheNextSilenceAsSoon) {
  Lite lite;
  lite.handle(path(1), lite.check(true));
  lite.now = lite.agent.next_deadline();
  lite.agent.handle_timeout(lite.now);
  EXPECT_EQ(lite.agent.state(), State::kDisconnected);
  lite.now += 8s;
  lite.handle(path(1), lite.check(true));
  EXPECT_EQ(lite.agent.state(), State::kCompleted);
  EXPECT_EQ(lite.agent.next_deadline(), lite.now + 12s);
}

TEST(IceLite, KeepsAConsentingPeerForHours) {
  Call call(1, client(), server());
  call.start();
  call.connect(1s);
  call.run_for(2h);
  EXPECT_TRUE(call.a().connected());
  EXPECT_TRUE(call.b().connected());
  EXPECT_EQ(call.b().selections.size(), 1u);
}

TEST(IceLite, FollowsAClientThatMoves) {
  Call call(1, client(), server());
  call.start();
  call.connect(1s);
  call.run_for(5s);
  call.move(call.a(), {ip("10.0.0.7")},
            sim::NatConfig{.kind = sim::NatKind::kSymmetric, .outside = ip("203.0.113.7")});
  ASSERT_TRUE(call.run_until(
      [&] {
        return call.b().agent->selected() &&
               call.b().agent->selected()->remote.ip == ip("203.0.113.7");
      },
      2s));
  call.run_for(60s);
  EXPECT_TRUE(call.a().connected() && call.b().connected());
}

TEST(IceLite, Restarts) {
  Call call(1, client(), server());
  call.start();
  call.connect(1s);
  call.run_for(3s);
  call.set_signalling_delay(200ms);
  call.restart(call.a(), call.b());
  call.run_for(100ms);
  call.send_data(call.b());
  ASSERT_TRUE(call.run_until(
      [&] { return call.a().nominated() && call.b().nominated() && call.b().completed(); }, 3s));
  EXPECT_EQ(call.a().data_received, 1);
  call.run_for(60s);
  EXPECT_TRUE(call.a().connected() && call.b().connected());
  EXPECT_EQ(call.b().found.size(), 2u);
  EXPECT_NE(call.b().found[0].ufrag, call.b().found[1].ufrag);
}

TEST(IceLite, TakesTcp) {
  SideConfig a = client();
  a.tcp = TcpType::kActive;
  a.udp = false;
  SideConfig b = server();
  b.tcp = TcpType::kPassive;
  Call call(1, a, b);
  call.start();
  ASSERT_TRUE(call.connect(1s));
  EXPECT_EQ(call.b().agent->selected()->transport, net::Transport::kTcp);
  call.network().disconnect(call.now(), call.a().host, *call.a().agent->selected());
  call.run_for(1s);
  EXPECT_EQ(call.b().agent->selected(), std::nullopt);
  EXPECT_EQ(call.b().agent->state(), State::kDisconnected);
}

TEST(IceLite, RefusesBadIntegrityAndSaysSoOnce) {
  Lite lite;
  int told = 0;
  for (int i = 0; i < 10; ++i) {
    auto check = lite.check();
    check[check.size() - 20] ^= 1;  // In the HMAC; the fingerprint is then wrong as well.
    const auto outputs = lite.handle(path(1), Bytes(check).first(check.size()));
    EXPECT_EQ(find<Transmit>(outputs), nullptr);
    if (const auto* const refused = find<Refused>(outputs)) {
      EXPECT_EQ(refused->reason, Drop::kFingerprint);
      ++told;
    }
  }
  EXPECT_EQ(told, 1);
  EXPECT_EQ(lite.agent.counters().dropped_for(Drop::kFingerprint), 10u);
  EXPECT_EQ(lite.agent.selected(), std::nullopt);
  EXPECT_FALSE(lite.agent.is_validated(path(1)));
}

TEST(IceLite, IsSilentOnceItIsClosed) {
  Lite lite;
  lite.handle(path(1), lite.check(true));
  lite.agent.close(lite.now);
  const auto outputs = lite.handle(path(1), lite.check(true));
  ASSERT_EQ(outputs.size(), 1u);
  EXPECT_EQ(std::get<StateChanged>(outputs[0]).state, State::kClosed);
  EXPECT_EQ(lite.agent.next_deadline(), kNever);
}

}  // namespace
}  // namespace parley::ice
