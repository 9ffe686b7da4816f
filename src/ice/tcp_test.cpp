// TCP candidates (RFC 6544): who connects, and what becomes of connections.
#include <gtest/gtest.h>

#include <algorithm>

#include "ice/test_call.h"

namespace parley::ice {
namespace {

using namespace test;

SideConfig side(std::string_view address, TcpType tcp, bool controlling) {
  SideConfig config;
  config.host = public_host(address);
  config.ice.controlling = controlling;
  config.tcp = tcp;
  config.udp = false;
  return config;
}

SideConfig active(bool controlling = true) {
  return side("203.0.113.11", TcpType::kActive, controlling);
}

SideConfig passive(bool controlling = false) {
  return side("203.0.113.12", TcpType::kPassive, controlling);
}

net::Transport transport(const Side& side) {
  return side.agent->selected()->transport;
}

TEST(IceTcp, TheActiveSideConnectsAndBothUseTheConnection) {
  for (const bool controlling : {true, false}) {
    Call call(1, active(controlling), passive(!controlling));
    call.start();
    ASSERT_TRUE(call.run_until([&] { return call.a().nominated() && call.b().nominated(); }, 2s));
    EXPECT_EQ(transport(call.a()), net::Transport::kTcp);
    EXPECT_EQ(call.a().agent->selected()->local, call.b().agent->selected()->remote);
    EXPECT_NE(call.a().agent->selected()->local.port, 0);
    call.send_data(call.a());
    call.send_data(call.b());
    call.run_for(60s);
    EXPECT_EQ(call.a().data_received, 1);
    EXPECT_EQ(call.b().data_received, 1);
    EXPECT_TRUE(call.a().connected() && call.b().connected());
  }
}

TEST(IceTcp, WorksFromBehindANat) {
  SideConfig a = active();
  a.host = nat_host("10.0.0.2", "203.0.113.1", sim::NatKind::kSymmetric);
  Call call(1, a, passive());
  call.start();
  ASSERT_TRUE(call.connect(2s));
}

TEST(IceTcp, IsUsedWhereUdpIsBlocked) {
  SideConfig a = active();
  SideConfig b = passive();
  a.udp = b.udp = true;
  a.host.up = {.latency = 10ms, .loss = 1};  // TCP is never lost.
  Call call(1, a, b);
  call.start();
  ASSERT_TRUE(call.run_until([&] { return call.a().nominated() && call.b().nominated(); }, 3s));
  EXPECT_EQ(transport(call.a()), net::Transport::kTcp);
  // And left where UDP works again. A check takes some tries to notice.
  call.network().set_links(call.a().host, {.latency = 10ms}, {.latency = 10ms});
  ASSERT_TRUE(call.run_until(
      [&] {
        return transport(call.a()) == net::Transport::kUdp &&
               transport(call.b()) == net::Transport::kUdp;
      },
      10s));
}

TEST(IceTcp, PrefersUdp) {
  SideConfig a = active();
  SideConfig b = passive();
  a.udp = b.udp = true;
  Call call(1, a, b);
  call.start();
  call.run_for(2s);
  EXPECT_EQ(transport(call.a()), net::Transport::kUdp);
  EXPECT_EQ(transport(call.b()), net::Transport::kUdp);
}

TEST(IceTcp, ARefusedConnectionIsAFailedPair) {
  Call call(1, active(), passive());
  call.start();
  Candidate closed = Candidate::tcp_host({ip("203.0.113.12"), 7777}, TcpType::kPassive);
  closed.priority = 5;
  closed.foundation = "closed";
  call.a().agent->add_remote_candidate(call.now(), closed);
  call.run_for(3s);
  const auto pairs = call.a().agent->pairs();
  EXPECT_EQ(std::ranges::count(pairs, PairState::kFailed, &PairStats::state), 1);
  EXPECT_TRUE(call.a().connected());
}

TEST(IceTcp, ConnectsAgainWhenTheConnectionBreaks) {
  for (const bool by_active : {true, false}) {
    Call call(1, active(), passive());
    call.start();
    ASSERT_TRUE(call.connect(2s));
    call.run_for(3s);
    Side& breaker = by_active ? call.a() : call.b();
    const net::Path broken = *breaker.agent->selected();
    call.network().disconnect(call.now(), breaker.host, broken);
    breaker.agent->tcp_closed(call.now(), broken);
    EXPECT_EQ(breaker.agent->selected(), std::nullopt);
    ASSERT_TRUE(call.run_until(
        [&] {
          return call.a().connected() && call.b().connected() && call.a().nominated() &&
                 call.b().nominated();
        },
        3s));
    EXPECT_NE(call.a().agent->selected(), broken);
  }
}

TEST(IceTcp, ARestartTakesANewConnectionAndClosesTheOld) {
  Call call(1, active(), passive());
  call.start();
  ASSERT_TRUE(call.connect(2s));
  call.run_for(3s);
  const net::Path before = *call.a().agent->selected();
  call.restart(call.a(), call.b());
  ASSERT_TRUE(call.run_until([&] { return call.a().nominated() && call.b().nominated(); }, 3s));
  EXPECT_NE(*call.a().agent->selected(), before);
  call.run_for(10s);
  EXPECT_FALSE(call.a().agent->is_validated(before));
  EXPECT_TRUE(call.a().connected() && call.b().connected());
  call.send_data(call.b());
  call.run_for(1s);
  EXPECT_EQ(call.a().data_received, 1);
}

TEST(IceTcp, ClosesAConnectionThatNobodyAskedFor) {
  SeededRandom random(1);
  Agent agent({}, random);
  const net::Path asked{net::Transport::kTcp, {ip("192.0.2.1"), 0}, {ip("192.0.2.2"), 1}};
  const net::Path actual{net::Transport::kTcp, {ip("192.0.2.1"), 2}, {ip("192.0.2.2"), 1}};
  agent.tcp_connected(kStart, asked, actual);
  EXPECT_EQ(std::get<CloseTcp>(*agent.poll_output()).path, actual);
}

TEST(IceTcp, ClosesItsConnectionsWithItself) {
  Call call(1, active(), passive());
  call.start();
  ASSERT_TRUE(call.connect(2s));
  call.a().agent->close(call.now());
  call.settle();
  call.run_for(1s);
  EXPECT_EQ(call.b().agent->selected(), std::nullopt);
}

}  // namespace
}  // namespace parley::ice
