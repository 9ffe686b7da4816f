#include "server/media/media_workers.h"

#include <gtest/gtest.h>

#include "server/relay/relay_workers.h"
#include "server/relay/test_turn_user.h"
#include "stun/message_builder.h"

namespace parley::server {
namespace {

constexpr std::string_view kLoopback = "127.0.0.1:0";

std::vector<std::uint8_t> request(stun::Method method) {
  return stun::MessageBuilder(stun::Class::kRequest, method, {}).take();
}

struct MediaWorkersTest : testing::Test {
  net::SocketAddress port(std::uint16_t number) { return {at(kLoopback).ip, number}; }

  io::EventLoop loop;
};

TEST_F(MediaWorkersTest, GivesEachWorkerAPortThatAnswersBindingAlone) {
  WorkerThreads threads(3);
  MediaWorkers media(loop, threads, nullptr, {});
  ASSERT_TRUE(media.listen(at(kLoopback)));
  ASSERT_EQ(media.ports().size(), 3u);
  TestPeer client(loop, kLoopback);
  for (const std::uint16_t number : media.ports()) {
    client.send(port(number), as_text(request(stun::Method::kAllocate)));
    client.send(port(number), as_text(request(stun::Method::kBinding)));
  }
  turn_until(loop, [&] { return client.received.size() == 3; });
  for (const MediaCounters& worker : media.counters()) {
    EXPECT_EQ(worker.binding.answered, 1u);
    EXPECT_EQ(worker.binding.dropped_unsupported, 1u);
    EXPECT_EQ(worker.udp.received, 2u);
  }
}

TEST_F(MediaWorkersTest, TakesPortsInARowOrNone) {
  WorkerThreads threads(2);
  MediaWorkers media(loop, threads, nullptr, {});
  const auto first = media.listen(at(kLoopback));
  ASSERT_TRUE(first);
  WorkerThreads others(2);
  MediaWorkers late(loop, others, nullptr, {});
  net::SocketAddress before = *first;
  before.port = static_cast<std::uint16_t>(before.port - 1);
  EXPECT_FALSE(late.listen(before));  // Its second port is taken.
  EXPECT_TRUE(late.ports().empty());
  TestPeer peer(loop, before.to_string());  // The first is free again.
}

TEST_F(MediaWorkersTest, IsReachedThroughTheRelay) {
  WorkerThreads threads(2);
  RelayWorkers relay(threads, {});
  MediaWorkers media(loop, threads, nullptr, {});
  const auto address = relay.listen(at(kLoopback));
  ASSERT_TRUE(address);
  ASSERT_TRUE(media.listen(at(kLoopback)));
  turn::ServerConfig server;  // Which allows nothing else of 127.0.0.1.
  server.users = {turn::make_user(server.realm, {"ada", "lovelace"})};
  server.relay_hosts = {{at(kLoopback).ip, at(kLoopback).ip}};
  server.peers.own = {at(kLoopback).ip};
  server.peers.media_ports = media.ports();
  relay.serve(std::move(server));
  turn::ClientConfig client;
  client.login = {"ada", "lovelace"};
  TurnUser user(loop, {.server = *address}, client);
  turn_until(loop, [&] { return user.is_allocated(); });
  user.send(port(media.ports().back()), as_text(request(stun::Method::kBinding)));
  turn_until(loop, [&] { return !user.received.empty(); });
}

}  // namespace
}  // namespace parley::server
