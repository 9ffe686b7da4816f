// Allocations over TCP (RFC 6062).
#include <gtest/gtest.h>

#include "turn/test_server.h"

namespace parley::turn {
namespace {

using namespace std::chrono_literals;
using stun::Attribute;
using stun::MessageBuilder;
using stun::Method;
using test::address;
using test::ip;
using test::kPeer;
using test::kPeer6;
using test::make_config;
using test::Reply;
using test::tcp_from;
using test::TestClient;
using test::TestServer;
using test::udp_from;

struct TurnTcp : testing::Test {
  TestServer world;
  TestClient control{world, tcp_from("198.51.100.7:1234")};
  TestClient data{world, tcp_from("198.51.100.7:1235")};

  void SetUp() override {
    ASSERT_EQ(control.ask(Method::kAllocate, TestClient::tcp()).code(), 0);
    ASSERT_EQ(world.open.size(), 1u);
    EXPECT_EQ(world.open.begin()->second.transport, net::Transport::kTcp);
  }
  RelayId relay() const { return world.open.begin()->first; }
  Reply connect(const net::SocketAddress& peer) {
    return control.ask(Method::kConnect, TestClient::peer(peer));
  }
  Reply bind(TestClient& client, std::uint32_t id) {
    return client.ask(Method::kConnectionBind,
                      [=](MessageBuilder& m) { m.add_u32(Attribute::kConnectionId, id); });
  }
  // Connect succeeds; the id.
  std::uint32_t connected(const net::SocketAddress& peer) {
    EXPECT_FALSE(connect(peer).is_there()) << "not before it is connected";
    const ConnectionId id = world.connects.back().connection;
    const auto transaction = control.last_id;
    world.server.peer_connected(world.now, id);
    world.drain();
    const Reply reply = control.reply_to(transaction);
    EXPECT_EQ(reply.code(), 0);
    EXPECT_EQ(reply.view().find_u32(Attribute::kConnectionId), id.value);
    return static_cast<std::uint32_t>(id.value);
  }
};

TEST_F(TurnTcp, ConnectsToAPeerAndJoinsTheClientsConnection) {
  const std::uint32_t id = connected(kPeer);
  EXPECT_EQ(world.connects[0].peer, kPeer);
  EXPECT_EQ(world.connects[0].local, world.open.begin()->second.local);
  EXPECT_EQ(bind(data, id).code(), 0);
  ASSERT_EQ(world.joined.size(), 1u);
  EXPECT_EQ(world.joined[0].connection.value, id);
  EXPECT_EQ(world.joined[0].data, data.path);
  world.advance(5min);
  EXPECT_TRUE(world.closed.empty());
  EXPECT_EQ(bind(data, id).code(), 400) << "it is bound";

  world.server.client_closed(world.now, data.path);
  world.drain();
  EXPECT_EQ(world.closed, std::vector{ConnectionId{id}});
  EXPECT_EQ(world.server.connections(), 0u);
  connected(kPeer);
}

TEST_F(TurnTcp, TellsOfPeersThatConnectAndMay) {
  EXPECT_FALSE(world.server.peer_accepted(world.now, relay(), kPeer));
  control.permit(kPeer);
  world.sent.clear();
  const auto id = world.server.peer_accepted(world.now, relay(), kPeer);
  world.drain();
  ASSERT_TRUE(id.has_value());
  ASSERT_EQ(world.sent.size(), 1u);
  const Reply attempt(world.sent[0].packet);
  EXPECT_EQ(attempt.view().method(), Method::kConnectionAttempt);
  EXPECT_EQ(attempt.view().find_u32(Attribute::kConnectionId), id->value);
  EXPECT_EQ(attempt.xor_address(Attribute::kXorPeerAddress), kPeer);
  EXPECT_EQ(bind(data, static_cast<std::uint32_t>(id->value)).code(), 0);
  world.server.peer_closed(world.now, *id);
  world.drain();
  EXPECT_EQ(world.closed, std::vector{*id});
}

TEST_F(TurnTcp, Says447WherePeersDoNotAnswer) {
  connect(kPeer);
  auto transaction = control.last_id;
  world.sent.clear();
  world.server.peer_failed(world.now, world.connects.back().connection);
  world.drain();
  EXPECT_EQ(control.reply_to(transaction).code(), 447);
  connect(kPeer);
  transaction = control.last_id;
  world.sent.clear();
  world.advance(30s);
  EXPECT_EQ(control.reply_to(transaction).code(), 447);
  EXPECT_EQ(world.server.connections(), 0u);
}

TEST_F(TurnTcp, Says446ToASecondConnectionToThePeer) {
  connect(kPeer);
  EXPECT_EQ(connect(kPeer).code(), 446) << "while connecting";
  connected(address("93.184.216.34:5001"));
  EXPECT_EQ(connect(address("93.184.216.34:5001")).code(), 446) << "and after";
}

TEST_F(TurnTcp, RefusesWhatMakesNoSense) {
  EXPECT_EQ(control.ask(Method::kConnect).code(), 400);
  EXPECT_EQ(connect(kPeer6).code(), 443);
  EXPECT_EQ(connect(address("10.0.0.1:80")).code(), 403);
  EXPECT_EQ(connect(address("45.10.10.10:22")).code(), 403);
  EXPECT_EQ(control.bind(0x4000, kPeer).code(), 400);
  EXPECT_EQ(bind(data, 12345).code(), 400);
  EXPECT_EQ(data.ask(Method::kConnectionBind).code(), 400);
  control.permit(kPeer);
  EXPECT_EQ(control.send_data(kPeer, "x"), "");
  TestClient udp(world, udp_from("198.51.100.7:1236"));
  udp.allocate();
  EXPECT_EQ(udp.ask(Method::kConnect, TestClient::peer(kPeer)).code(), 400);
  EXPECT_FALSE(world.server.peer_accepted(world.now, RelayId{12345}, kPeer));
}

TEST_F(TurnTcp, RefusesToBindForOtherUsersOrOverOtherWays) {
  const std::uint32_t id = connected(kPeer);
  TestClient bob(world, tcp_from("198.51.100.8:1"), {"bob", "builder"});
  EXPECT_EQ(bind(bob, id).code(), 441);
  TestClient udp(world, udp_from("198.51.100.7:1236"));
  EXPECT_EQ(bind(udp, id).code(), 400);
  EXPECT_EQ(bind(control, id).code(), 400) << "the control connection";
  EXPECT_EQ(bind(data, id).code(), 0);
}

TEST_F(TurnTcp, GivesUpAConnectionThatNobodyTakes) {
  const std::uint32_t id = connected(kPeer);
  world.advance(30s);
  EXPECT_EQ(world.closed, std::vector{ConnectionId{id}});
  EXPECT_EQ(bind(data, id).code(), 400);
}

TEST_F(TurnTcp, ClosesAllWithTheControlConnection) {
  bind(data, connected(kPeer));
  connect(address("93.184.216.34:5001"));
  world.server.client_closed(world.now, control.path);
  world.drain();
  EXPECT_EQ(world.closed.size(), 2u);
  EXPECT_TRUE(world.open.empty());
  EXPECT_EQ(world.server.held(), 0u);
  world.server.peer_connected(world.now, world.connects.back().connection);
  world.server.peer_failed(world.now, world.connects.back().connection);
  world.server.peer_closed(world.now, world.connects.back().connection);
}

TEST(TurnTcpLimits, BoundsConnectionsAndBytes) {
  ServerConfig config = make_config();
  config.max_connections = 2;
  config.quotas.user.bandwidth = DataRate::kbps(80);
  TestServer world(config);
  TestClient control(world, tcp_from("198.51.100.7:1234"));
  control.ask(Method::kAllocate, TestClient::tcp());
  for (const char* peer : {"93.184.216.34:1", "93.184.216.34:2"}) {
    control.ask(Method::kConnect, TestClient::peer(address(peer)));
  }
  EXPECT_EQ(control.ask(Method::kConnect, TestClient::peer(kPeer)).code(), 508);
  control.permit(kPeer);
  EXPECT_FALSE(world.server.peer_accepted(world.now, world.open.begin()->first, kPeer));
  const ConnectionId id = world.connects[0].connection;
  EXPECT_TRUE(world.server.take_bandwidth(world.now, id, 5000));
  EXPECT_FALSE(world.server.take_bandwidth(world.now, id, 1));
  EXPECT_TRUE(world.server.take_bandwidth(world.now + 100ms, id, 1000));
}

// One of the allocations that a user may have, each.
TEST(TurnTcpLimits, CountsConnectionsAsAllocationsOfTheirUser) {
  ServerConfig config = make_config();
  config.quotas.user.allocations = 3;
  TestServer world(config);
  TestClient control(world, tcp_from("198.51.100.7:1234"));
  control.ask(Method::kAllocate, TestClient::tcp());
  control.permit(kPeer);
  const auto connect = [&](const char* peer) {
    return control.ask(Method::kConnect, TestClient::peer(address(peer)));
  };
  EXPECT_FALSE(connect("93.184.216.34:1").is_there()) << "it is being connected";
  const RelayId relay = world.open.begin()->first;
  const auto accepted = world.server.peer_accepted(world.now, relay, kPeer);
  ASSERT_TRUE(accepted.has_value());
  EXPECT_EQ(connect("93.184.216.34:2").code(), 486);
  EXPECT_FALSE(world.server.peer_accepted(world.now, relay, address("93.184.216.34:3")));
  EXPECT_EQ(world.server.counters().dropped_connections, 1u);
  TestClient other(world, udp_from("198.51.100.8:1"));
  EXPECT_EQ(other.allocate().code(), 486);

  world.server.peer_closed(world.now, *accepted);
  EXPECT_EQ(other.allocate().code(), 0) << "what is closed counts no more";
  other.refresh(0);
  control.refresh(0);
  EXPECT_EQ(world.server.held(), 0u);
}

}  // namespace
}  // namespace parley::turn
