#include "server/relay/relay_workers.h"

#include <gtest/gtest.h>

#include "io/port_share.h"
#include "server/calendar.h"
#include "server/relay/test_turn_user.h"
#include "stun/attributes.h"
#include "stun/message_builder.h"
#include "tls/test_certificate.h"

namespace parley::server {
namespace {

using namespace std::chrono_literals;

turn::ServerConfig loopback_config() {
  turn::ServerConfig config;
  config.users = {turn::make_user(config.realm, {"ada", "lovelace"})};
  const net::IpAddress v4 = at("127.0.0.1:0").ip;
  config.relay_hosts = {{v4, v4}};
  config.peers.allow = {net::Network::parse("127.0.0.2").value()};
  return config;
}

turn::ClientConfig ada(net::Transport transport) {
  turn::ClientConfig config;
  config.server = transport;
  config.login = {"ada", "lovelace"};
  return config;
}

// Addresses of this host that reach either of two workers.
std::string local_of_share(unsigned share) {
  for (int i = 1; i < 255; ++i) {
    const std::string ip = "127.0.0." + std::to_string(i);
    if (io::share_of(at(ip + ":0").ip, 2) == share) return ip + ":0";
  }
  return "";
}

std::string request(stun::Method method, std::uint32_t change = 0) {
  stun::MessageBuilder message(stun::Class::kRequest, method, {});
  if (change != 0) message.add_u32(stun::Attribute::kChangeRequest, change);
  return std::string(as_text(message.view()));
}

struct RelayWorkersTest : testing::Test {
  io::EventLoop loop;
};

TEST_F(RelayWorkersTest, TakesOnePortForBothProtocolsOfAllWorkers) {
  WorkerThreads threads(3);
  RelayWorkers workers(threads, {});
  const auto address = workers.listen(at("127.0.0.1:0"));
  ASSERT_TRUE(address) << address.error();
  WorkerThreads other(1);
  const auto again = RelayWorkers(other, {}).listen(*address);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error(), "cannot listen on " + address->to_string() + ": Address already in use");
  const auto secure = workers.listen_tls(at("127.0.0.1:0"));
  ASSERT_TRUE(secure);
  EXPECT_NE(secure->port, address->port);
}

TEST_F(RelayWorkersTest, TakesNothingWhereTheTcpPortIsTaken) {
  auto listener =
      io::TcpListener::listen(loop, at("127.0.0.1:0"), [](int, net::SocketAddress) {}).value();
  WorkerThreads threads(2);
  RelayWorkers workers(threads, {});
  EXPECT_FALSE(workers.listen(listener->address()));
  TestPeer peer(loop, listener->address().to_string());  // Free for UDP again.
}

// Whichever worker a client reaches, with TURN and without.
TEST_F(RelayWorkersTest, AnswersFromTheAddressThatDiscoveryAsksFor) {
  for (const bool turn : {true, false}) {
    WorkerThreads threads(2);
    RelayWorkers workers(threads, {});
    const auto primary = workers.listen(at("127.0.0.1:0")).value();
    const auto addresses = workers.listen_discovery(primary, at("127.0.0.2:0")).value();
    EXPECT_NE(addresses.alternate.port, primary.port);
    workers.serve(turn ? std::optional(loopback_config()) : std::nullopt, addresses);
    std::uint64_t answered = 0;
    for (const unsigned share : {0u, 1u}) {
      for (const auto& asked : addresses.all()) {
        for (const std::uint32_t change : {0u, 2u, 4u, 6u}) {
          TestPeer client(loop, local_of_share(share));
          client.send(asked, request(stun::Method::kBinding, change));
          turn_until(loop, [&] { return !client.received.empty(); });
          EXPECT_EQ(client.from[0], addresses.changed(asked, change));
          EXPECT_EQ(workers.counters().binding.answered, ++answered);
        }
      }
    }
  }
}

TEST_F(RelayWorkersTest, RelaysByThePrimaryAddressOfDiscoveryAlone) {
  WorkerThreads threads(1);
  RelayWorkers workers(threads, {});
  const auto primary = workers.listen(at("127.0.0.1:0")).value();
  const auto addresses = workers.listen_discovery(primary, at("127.0.0.2:0")).value();
  workers.serve(loopback_config(), addresses);
  TurnUser user(loop, {.server = primary}, ada(net::Transport::kUdp));
  turn_until(loop, [&] { return user.is_allocated(); });
  TestPeer client(loop, "127.0.0.1:0");
  for (const auto& extra : addresses.all()) {
    if (extra == primary) continue;
    client.send(extra, request(stun::Method::kAllocate));
    client.send(extra, request(stun::Method::kBinding));
  }
  turn_until(loop, [&] { return client.received.size() == 3; });
  EXPECT_EQ(workers.counters().turn.dropped_unsupported, 3u);
}

TEST_F(RelayWorkersTest, TakesNoneOfTheOtherAddressesWhereOneIsTaken) {
  WorkerThreads threads(2);
  RelayWorkers workers(threads, {});
  const auto primary = workers.listen(at("127.0.0.1:0")).value();
  const TestPeer taken(loop, "127.0.0.2:0");
  const auto addresses = workers.listen_discovery(primary, taken.address());
  ASSERT_FALSE(addresses);
  EXPECT_EQ(addresses.error(),
            "cannot listen on " + taken.address().to_string() + ": Address already in use");
  const net::SocketAddress first{primary.ip, taken.address().port};
  const TestPeer peer(loop, first.to_string());  // Free again.
}

TEST_F(RelayWorkersTest, RelaysBetweenClientsOfTwoWorkers) {
  WorkerThreads threads(2);
  RelayWorkers workers(threads, {});
  const auto address = workers.listen(at("127.0.0.1:0"));
  ASSERT_TRUE(address);
  workers.serve(loopback_config());
  TurnUser one(loop, {.server = *address, .local = local_of_share(0)}, ada(net::Transport::kUdp));
  TurnUser two(loop, {.server = *address, .local = local_of_share(1)}, ada(net::Transport::kUdp));
  turn_until(loop, [&] { return one.is_allocated() && two.is_allocated(); });
  one.permit(two.relayed.front().ip);
  two.permit(one.relayed.front().ip);
  const Time give_up = io::monotonic_now() + 10s;
  while ((one.received.empty() || two.received.empty()) && io::monotonic_now() < give_up) {
    one.send(two.relayed.front(), "one");
    two.send(one.relayed.front(), "two");
    loop.run_turn(10ms);
  }
  ASSERT_FALSE(one.received.empty());
  ASSERT_FALSE(two.received.empty());
  EXPECT_EQ(as_text(one.received.front().payload), "two");
  EXPECT_EQ(two.received.front().peer, one.relayed.front());
  EXPECT_EQ(workers.counters().allocations, 2u);
}

TEST_F(RelayWorkersTest, FollowsAClientThatMovesToAnAddressOfAnotherWorker) {
  WorkerThreads threads(2);
  RelayWorkers workers(threads, {});
  const auto address = workers.listen(at("127.0.0.1:0"));
  turn::ServerConfig server = loopback_config();
  server.peers.allow = {net::Network::parse("127.0.0.0/8").value()};
  workers.serve(std::move(server));
  turn::ClientConfig config = ada(net::Transport::kUdp);
  config.mobility = true;
  TurnUser user(loop, {.server = *address, .local = local_of_share(0)}, config);
  TestPeer peer(loop, "127.0.0.77:0");
  turn_until(loop, [&] { return user.is_allocated(); });
  for (const unsigned share : {1u, 0u, 1u}) {
    user.moved = false;
    user.move(local_of_share(share));
    turn_until(loop, [&] { return user.moved; });
    for (int i = 0; i < 3; ++i) {  // By indications, and then over a channel.
      peer.received.clear();
      user.received.clear();
      user.send(peer.address(), "still me");
      turn_until(loop, [&] { return !peer.received.empty(); });
      EXPECT_EQ(peer.from.back(), user.relayed.front());
      peer.send(user.relayed.front(), "and back");
      turn_until(loop, [&] { return !user.received.empty(); });
    }
  }
  EXPECT_EQ(workers.counters().allocations, 1u);
}

TEST_F(RelayWorkersTest, AdoptsAConnectionWithWhatHasComeOfIt) {
  WorkerThreads threads(2);
  RelayWorkers workers(threads, {});
  workers.serve(loopback_config());
  std::optional<tls::Handover> handover;
  auto front =
      io::TcpListener::listen(loop, at("127.0.0.1:0"), [&](int fd, const net::SocketAddress& from) {
        handover.emplace();
        handover->fd = io::Fd(fd);
        handover->peer = from;
      }).value();
  TestStream client(loop, front->address());
  turn_until(loop, [&] { return handover.has_value(); });
  const auto request =
      stun::MessageBuilder(stun::Class::kRequest, stun::Method::kBinding, {}).take();
  handover->received.assign(request.begin(), request.begin() + 7);
  workers.adopt(*std::move(handover), front->address());
  client.send(Bytes(request).subspan(7));
  turn_until(loop, [&] { return client.received.size() >= 32; });
  EXPECT_EQ(workers.counters().open_streams, 1u);
}

TEST_F(RelayWorkersTest, TellsSecretsAndTheCertificateToAll) {
  WorkerThreads threads(2);
  RelayWorkers workers(threads, {});
  const auto address = workers.listen_tls(at("127.0.0.1:0"));
  ASSERT_TRUE(address);
  const tls::TestCertificate certificate;
  turn::ServerConfig server = loopback_config();
  server.secrets = {"first"};
  workers.set_certificate(certificate.for_server());
  workers.serve(std::move(server));
  workers.set_secrets({"second"});
  turn::ClientConfig config = ada(net::Transport::kTcp);
  config.login = turn::time_limited_login("second", "bob", unix_seconds() + 1h);
  TurnUser user(loop, {.server = *address, .tls = certificate.for_clients()}, config);
  turn_until(loop, [&] { return user.is_allocated(); });
  EXPECT_EQ(workers.counters().tls_streams, 1u);
}

}  // namespace
}  // namespace parley::server
