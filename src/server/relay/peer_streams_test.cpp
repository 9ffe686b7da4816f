// RFC 6062, through the whole service.
#include "server/relay/peer_streams.h"

#include <gtest/gtest.h>

#include "server/relay/test_relay_service.h"

namespace parley::server {
namespace {

using namespace std::chrono_literals;
using net::Transport;

struct PeerStreamsTest : RelayServiceTest {
  std::unique_ptr<TurnUser> join_for_tcp() {
    turn::ClientConfig config = client_over(Transport::kTcp);
    config.peers = Transport::kTcp;
    return join({.server = tcp}, config);
  }

  // A peer that listens.
  net::SocketAddress listen() {
    listener = io::TcpListener::listen(loop, at("127.0.0.1:0"),
                                       [this](int fd, const net::SocketAddress& from) {
                                         peer_saw = from;
                                         peer = std::make_unique<TestStream>(loop, fd, from);
                                       })
                   .value();
    return listener->address();
  }

  std::unique_ptr<TurnUser> join_and_connect() {
    auto user = join_for_tcp();
    user->connect(listen());
    turn_until(loop, [&] { return !user->connected.empty() && peer != nullptr; });
    EXPECT_EQ(peer_saw, user->relayed.front());
    user->bind(user->connected.front().connection);
    turn_until(loop, [&] { return !user->bound.empty(); });
    return user;
  }
  TestStream& data_of(TurnUser& user) { return user.data(user.bound.front()); }

  std::unique_ptr<io::TcpListener> listener;
  std::unique_ptr<TestStream> peer;
  net::SocketAddress peer_saw;
};

TEST_F(PeerStreamsTest, JoinsAClientToAPeerThatItConnectsTo) {
  start();
  auto user = join_and_connect();
  data_of(*user).send("to peer");
  turn_until(loop, [&] { return peer->received == "to peer"; });
  peer->send("and back");
  turn_until(loop, [&] { return data_of(*user).received == "and back"; });
  EXPECT_EQ(service->counters().joined, 1u);
  EXPECT_EQ(service->counters().joined_bytes_to_peers, 7u);
  EXPECT_EQ(service->counters().joined_bytes_to_clients, 8u);
}

TEST_F(PeerStreamsTest, JoinsAPeerThatConnects) {
  start();
  auto user = join_for_tcp();
  user->permit(at("127.0.0.1:0").ip);
  auto early = std::make_unique<TestStream>(loop, user->relayed.front());
  turn_until(loop, [&] {  // Until the permission is there, it is turned away.
    if (early->ended) early = std::make_unique<TestStream>(loop, user->relayed.front());
    return !user->connected.empty();
  });
  early->send("I speak first");  // And wait for the client to come.
  user->bind(user->connected.front().connection);
  turn_until(loop, [&] { return !user->bound.empty(); });
  turn_until(loop, [&] { return data_of(*user).received == "I speak first"; });
  data_of(*user).send("welcome");
  turn_until(loop, [&] { return early->received == "welcome"; });
}

TEST_F(PeerStreamsTest, KeepsPaceWithTheSlowerEnd) {
  start({.max_queued_joined = 60'000});
  auto user = join_and_connect();
  const std::string much(6 << 20, 'm');
  peer->pause();
  data_of(*user).send(much);
  std::uint64_t passed = 0;
  for (int quiet = 0; quiet < 20;) {  // Until nothing moves any more.
    loop.run_turn(1ms);
    const std::uint64_t now = service->counters().joined_bytes_to_peers;
    quiet = now == passed ? quiet + 1 : 0;
    passed = now;
  }
  EXPECT_LT(passed, much.size());
  peer->resume();
  turn_until(loop, [&] { return peer->received.size() == much.size(); });
  data_of(*user).pause();
  peer->send(much);
  for (int i = 0; i < 50; ++i) loop.run_turn(0ms);
  data_of(*user).resume();
  turn_until(loop, [&] { return data_of(*user).received.size() == much.size(); });
}

TEST_F(PeerStreamsTest, CountsBytesAgainstTheQuota) {
  turn::ServerConfig config = loopback_config();
  config.quotas.user.bandwidth = DataRate::mbps(1);
  start({}, std::move(config));
  auto user = join_and_connect();
  const std::string much(1 << 20, 'm');  // Half a second of it is there at once; that is 62,500.
  data_of(*user).send(much);
  for (int i = 0; i < 50; ++i) loop.run_turn(0ms);
  EXPECT_GT(service->counters().joined_bytes_to_peers, 50'000u);
  EXPECT_LT(service->counters().joined_bytes_to_peers, 500'000u);
  const std::size_t so_far = peer->received.size();
  turn_until(loop, [&] { return peer->received.size() > so_far; });  // It goes on.
}

TEST_F(PeerStreamsTest, SendsAllBeforeItClosesTheClientsEnd) {
  start();
  auto user = join_and_connect();
  const std::string last(1 << 20, 'l');
  data_of(*user).pause();
  peer->send(last);
  peer->close_after_sending();
  for (int i = 0; i < 20; ++i) loop.run_turn(1ms);
  data_of(*user).resume();
  turn_until(loop, [&] { return data_of(*user).ended; });
  EXPECT_EQ(data_of(*user).received.size(), last.size());
  turn_until(loop, [&] { return service->counters().open_streams == 1; });  // The control's.
  EXPECT_EQ(service->counters().joined, 0u);
}

TEST_F(PeerStreamsTest, SendsAllBeforeItClosesThePeersEnd) {
  start();
  auto user = join_and_connect();
  const std::string last(1 << 20, 'l');
  peer->pause();
  data_of(*user).send(last);
  data_of(*user).close_after_sending();
  for (int i = 0; i < 20; ++i) loop.run_turn(1ms);
  peer->resume();
  turn_until(loop, [&] { return peer->ended; });
  EXPECT_EQ(peer->received.size(), last.size());
  EXPECT_EQ(service->counters().joined, 0u);
}

TEST_F(PeerStreamsTest, ClosesAllWithTheAllocation) {
  start();
  auto user = join_and_connect();
  user->close();
  turn_until(loop, [&] { return peer->ended && data_of(*user).ended; });
  EXPECT_EQ(service->counters().joined, 0u);
  EXPECT_EQ(service->counters().open_relays, 0u);
}

TEST_F(PeerStreamsTest, TellsAClientThatAPeerDoesNotListen) {
  start();
  auto user = join_for_tcp();
  net::SocketAddress nobody = listen();
  listener.reset();
  user->connect(nobody);
  turn_until(loop, [&] { return !user->connect_failed.empty(); });
  EXPECT_EQ(user->connect_failed.front().code, stun::ErrorCode::kConnectionTimeoutOrFailure);
}

}  // namespace
}  // namespace parley::server
