// Client and server over a network in virtual time, with peers that answer.
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "sim/link.h"
#include "turn/client.h"
#include "turn/stream_framer.h"
#include "turn/test_server.h"

namespace parley::turn {
namespace {

using namespace std::chrono_literals;
using test::address;
using test::ip;
using test::kPeer;
using test::kPeer6;
using test::make_config;
using test::tcp_from;
using test::TestServer;
using test::udp_from;

// A client behind its two links to a server; a peer says back what it hears.
class World {
 public:
  World(ClientConfig config, const sim::LinkConfig& link, std::uint64_t seed,
        ServerConfig server_config = make_config(), net::Path path_ = udp_from("198.51.100.7:1234"))
      : server(std::move(server_config), seed),
        random(seed + 1),
        client(std::move(config), random),
        path(std::move(path_)),
        up_(link, seed + 2),
        down_(link, seed + 3) {}

  void run(Duration time) {
    const Time end = server.now + time;
    drain();
    while (true) {
      const Time next = std::min({client.next_deadline(), server.server.next_deadline(),
                                  up_.next_deadline(), down_.next_deadline()});
      if (next > end) break;
      server.now = std::max(server.now, next);
      step();
    }
    server.now = end;
  }

  template <class T>
  std::vector<T> told() const {
    std::vector<T> found;
    for (const auto& output : outputs) {
      if (const auto* value = std::get_if<T>(&output)) found.push_back(*value);
    }
    return found;
  }

  TestServer server;
  SeededRandom random;
  Client client;
  net::Path path;
  std::vector<ClientOutput> outputs;  // But for ToServer.
  std::uint64_t channel_packets = 0;  // From the client.
  bool is_echoing = true;

 private:
  void step() {
    const Time now = server.now;
    if (client.next_deadline() <= now) client.handle_timeout(now);
    server.advance(Duration::zero());
    while (auto packet = up_.poll(now)) to_server(*packet);
    while (auto packet = down_.poll(now)) client.handle_input(now, {.packet = *packet});
    drain();
  }

  void to_server(Bytes packet) {
    channel_packets += packet[0] >> 4 == 4;
    const auto to_peer = server.from_client(path, packet);
    if (to_peer && is_echoing) {
      const auto back = server.from_peer(to_peer->relay, to_peer->peer, as_text(to_peer->payload));
      if (!back.empty()) down_.send(server.now, back);
    }
  }

  void drain() {
    while (auto output = client.poll_output()) {
      if (auto* to_server = std::get_if<ToServer>(&*output)) {
        up_.send(server.now, to_server->packet);
      } else {
        outputs.push_back(*std::move(output));
      }
    }
    for (const SendToClient& packet : std::exchange(server.sent, {})) {
      if (packet.path == path) down_.send(server.now, packet.packet);
    }
  }

  sim::Link up_;
  sim::Link down_;
};

ClientConfig ada() {
  return {.login = {"ada", "lovelace"}};
}

const sim::LinkConfig kGood = {.latency = 20ms};
const sim::LinkConfig kBad = {
    .latency = 50ms, .jitter = 30ms, .reorder = true, .loss = 0.2, .duplicate = 0.05};

TEST(TurnRelay, AllocatesInTwoRoundTrips) {
  World world(ada(), kGood, 1);
  world.client.start(world.server.now);
  world.run(81ms);
  const auto allocated = world.told<Allocated>();
  ASSERT_EQ(allocated.size(), 1u);
  EXPECT_EQ(allocated[0].mapped, world.path.remote);
  ASSERT_EQ(allocated[0].relayed.size(), 1u);
  EXPECT_EQ(allocated[0].relayed[0], world.server.open.begin()->second.local);
  EXPECT_EQ(world.client.relayed_for(kPeer.ip), allocated[0].relayed[0]);
  EXPECT_EQ(world.client.relayed_for(kPeer6.ip), std::nullopt);
}

TEST(TurnRelay, CarriesPacketsBothWaysAndMovesToAChannel) {
  World world(ada(), kGood, 1);
  world.client.start(world.server.now);
  world.run(1s);
  for (int i = 0; i < 10; ++i) {
    world.client.send(world.server.now, kPeer, as_bytes(std::to_string(i)));
    world.run(100ms);
  }
  const auto received = world.told<Received>();
  ASSERT_EQ(received.size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(received[i].peer, kPeer);
    EXPECT_EQ(as_text(received[i].payload), std::to_string(i));
  }
  EXPECT_GE(world.channel_packets, 8u);
  EXPECT_EQ(world.server.server.counters().dropped_no_permission, 0u);
}

TEST(TurnRelay, DoesWithoutChannelsIfToldSo) {
  ClientConfig config = ada();
  config.channels = false;
  World world(config, kGood, 1);
  world.client.start(world.server.now);
  world.run(1s);
  for (int i = 0; i < 5; ++i) {
    world.client.send(world.server.now, kPeer, as_bytes("x"));
    world.run(100ms);
  }
  EXPECT_EQ(world.told<Received>().size(), 5u);
  EXPECT_EQ(world.channel_packets, 0u);
}

TEST(TurnRelay, LastsForHoursOverALossyNetwork) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    ClientConfig config = ada();
    config.ipv6 = true;
    World world(config, kBad, seed * 100);
    world.client.start(world.server.now);
    world.run(30s);
    ASSERT_EQ(world.told<Allocated>().size(), 1u) << seed;
    int sent = 0;
    for (int minute = 0; minute < 150; ++minute) {
      world.client.send(world.server.now, kPeer, as_bytes("x"));
      world.client.send(world.server.now, kPeer6, as_bytes("y"));
      sent += 2;
      world.run(1min);
    }
    const auto received = static_cast<int>(world.told<Received>().size());
    EXPECT_GT(received, sent * 5 / 10) << seed << ": 0.8 squared, of which some are doubled";
    EXPECT_TRUE(world.client.is_allocated()) << seed;
    world.client.close(world.server.now);
    world.run(60s);
    EXPECT_EQ(world.told<ClientClosed>().size(), 1u) << seed;
    EXPECT_EQ(world.server.server.held(), 0u) << seed;
    EXPECT_EQ(world.client.next_deadline(), kNever);
  }
}

TEST(TurnRelay, ForgetsPeersThatAreSilent) {
  World world(ada(), kGood, 1);
  world.client.start(world.server.now);
  world.run(1s);
  world.client.send(world.server.now, kPeer, as_bytes("x"));
  world.run(30min);
  EXPECT_TRUE(world.server.from_peer(world.server.open.begin()->first, kPeer, "late").empty());
  world.client.send(world.server.now, kPeer, as_bytes("again"));
  world.run(1s);
  EXPECT_EQ(world.told<Received>().size(), 2u);
}

TEST(TurnRelay, TakesItsOldChannelForAPeerThatComesBack) {
  World world(ada(), kGood, 1);
  world.client.start(world.server.now);
  world.run(1s);
  for (const Duration silence : {Duration{1s}, Duration{9min}, Duration{1s}}) {
    for (int i = 0; i < 3; ++i) {
      world.client.send(world.server.now, kPeer, as_bytes("x"));
      world.run(1s);
    }
    world.run(silence);
  }
  EXPECT_EQ(world.told<Received>().size(), 9u);
  EXPECT_EQ(world.server.server.counters().errors.count(stun::ErrorCode::kBadRequest), 0u);
}

TEST(TurnRelay, TellsOfPeersThatAreRefused) {
  World world(ada(), kGood, 1);
  world.client.start(world.server.now);
  world.run(1s);
  world.client.send(world.server.now, address("10.0.0.1:5000"), as_bytes("x"));
  world.client.send(world.server.now, kPeer6, as_bytes("x"));
  world.run(1s);
  const auto refused = world.told<PeerRefused>();
  ASSERT_EQ(refused.size(), 2u);
  EXPECT_EQ(refused[0].peer, ip("10.0.0.1"));
  EXPECT_EQ(refused[0].code, stun::ErrorCode::kForbidden);
  EXPECT_EQ(refused[1].code, stun::ErrorCode::kPeerAddressFamilyMismatch);
  EXPECT_EQ(world.client.counters().dropped_refused, 2u);
  const auto requests = world.server.server.counters().requests;
  for (int i = 0; i < 5; ++i) {
    world.client.send(world.server.now, address("10.0.0.1:5000"), as_bytes("x"));
    world.run(1s);
  }
  EXPECT_EQ(world.server.server.counters().requests, requests) << "it does not ask each time";
  world.run(30s);
  world.client.send(world.server.now, address("10.0.0.1:5000"), as_bytes("x"));
  world.run(1s);
  EXPECT_EQ(world.told<PeerRefused>().size(), 3u) << "but once in a while";
}

TEST(TurnRelay, BoundsItsPeersAndWhatWaits) {
  ClientConfig config = ada();
  config.max_peers = 3;
  config.max_waiting = 2;
  World world(config, kGood, 1);
  world.client.start(world.server.now);
  world.run(1s);
  for (std::uint8_t i = 0; i < 10; ++i) {
    const net::SocketAddress peer{net::IpAddress::v4({93, 184, 216, i}), 1};
    for (int n = 0; n < 3; ++n) world.client.send(world.server.now, peer, as_bytes("x"));
  }
  EXPECT_EQ(world.client.counters().dropped_full, 3u + 21u);
  world.run(1s);
  EXPECT_EQ(world.told<Received>().size(), 6u);
}

TEST(TurnRelay, FailsForAWrongPasswordAtOnce) {
  World world({.login = {"ada", "wrong"}}, kGood, 1);
  world.client.start(world.server.now);
  world.run(1s);
  const auto failed = world.told<ClientFailed>();
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].why, ClientFailure::kRefused);
  EXPECT_EQ(failed[0].code, stun::ErrorCode::kUnauthenticated);
  EXPECT_EQ(world.client.next_deadline(), kNever);
}

TEST(TurnRelay, FailsWhereNobodyAnswers) {
  World world(ada(), {.loss = 1}, 1);
  world.client.start(world.server.now);
  world.run(39s);
  EXPECT_TRUE(world.outputs.empty());
  world.run(1s);
  ASSERT_EQ(world.told<ClientFailed>().size(), 1u) << "RFC 8489, 6.2.1: after 39.5 s";
  EXPECT_EQ(world.told<ClientFailed>()[0].why, ClientFailure::kTimeout);
}

TEST(TurnRelay, GoesWhereItIsSent) {
  World world(ada(), kGood, 1);
  world.server.server.set_alternates({address("45.10.10.11:3478")});
  world.client.start(world.server.now);
  world.run(1s);
  const auto failed = world.told<ClientFailed>();
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].why, ClientFailure::kRedirect);
  EXPECT_EQ(failed[0].alternate, address("45.10.10.11:3478"));
  EXPECT_EQ(failed[0].alternate_domain, "");
}

TEST(TurnRelay, TellsWhoseCertificateIsThereWhereItIsSent) {
  World world(ada(), kGood, 1);
  world.server.server.set_alternates({address("45.10.10.11:5349")}, "other.example.org");
  world.client.start(world.server.now);
  world.run(1s);
  const auto failed = world.told<ClientFailed>();
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].alternate_domain, "other.example.org");
}

TEST(TurnRelay, NoticesAnAllocationThatIsLost) {
  World world(ada(), kGood, 1);
  world.client.start(world.server.now);
  world.run(1s);
  world.server.server.client_closed(world.server.now, world.path);  // As a restart would.
  world.server.drain();
  world.run(10min);
  const auto failed = world.told<ClientFailed>();
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].why, ClientFailure::kLost);
  EXPECT_EQ(failed[0].code, stun::ErrorCode::kAllocationMismatch);
}

TEST(TurnRelay, FollowsItsClientToAnotherPath) {
  ClientConfig config = ada();
  config.mobility = true;
  World world(config, kGood, 1);
  world.client.start(world.server.now);
  world.run(1s);
  world.client.send(world.server.now, kPeer, as_bytes("1"));
  world.run(1s);
  world.path = udp_from("203.0.113.9:99");
  world.client.path_changed(world.server.now);
  world.run(1s);
  EXPECT_EQ(world.told<Moved>().size(), 1u);
  world.client.send(world.server.now, kPeer, as_bytes("2"));
  world.run(1s);
  EXPECT_EQ(world.told<Received>().size(), 2u);
  EXPECT_EQ(world.server.last_path, world.path);
  EXPECT_EQ(world.server.server.allocations(), 1u);
}

TEST(TurnRelay, IsLostWithItsPathWithoutATicket) {
  World world(ada(), kGood, 1);
  world.client.start(world.server.now);
  world.run(1s);
  world.client.path_changed(world.server.now);
  world.run(1s);
  EXPECT_EQ(world.told<ClientFailed>().at(0).why, ClientFailure::kLost);
}

TEST(TurnRelay, ReservesAPairOfPorts) {
  ClientConfig config = ada();
  config.even_port = true;
  config.reserve_next = true;
  World world(config, kGood, 1);
  world.client.start(world.server.now);
  world.run(1s);
  const auto allocated = world.told<Allocated>();
  ASSERT_EQ(allocated.size(), 1u);
  EXPECT_EQ(allocated[0].relayed[0].port % 2, 0);
  EXPECT_TRUE(allocated[0].reservation.has_value());
}

TEST(TurnRelay, TellsOfIcmpErrors) {
  World world(ada(), kGood, 1);
  world.client.start(world.server.now);
  world.run(1s);
  world.client.send(world.server.now, kPeer, as_bytes("1"));
  world.run(1s);
  world.server.server.icmp_error(world.server.now, world.server.open.begin()->first, kPeer,
                                 {.type = 3, .code = 1});
  world.server.drain();
  world.run(1s);
  const auto told = world.told<PeerUnreachable>();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].peer, kPeer);
  EXPECT_EQ(told[0].type, 3);
  EXPECT_EQ(told[0].code, 1);
}

TEST(TurnRelay, RepeatsNothingOverAStream) {
  ClientConfig config = ada();
  config.server = net::Transport::kTcp;
  World world(config, {.latency = 2s}, 1, make_config(), tcp_from("198.51.100.7:1234"));
  world.client.start(world.server.now);
  world.run(9s);
  ASSERT_EQ(world.told<Allocated>().size(), 1u);
  EXPECT_EQ(world.server.server.counters().requests, 2u);
  for (const char* payload : {"1", "22", "333", "4444", "55555"}) {
    world.client.send(world.server.now, kPeer, as_bytes(payload));
    world.run(10s);
  }
  EXPECT_EQ(world.told<Received>().size(), 5u);
  EXPECT_EQ(as_text(world.told<Received>()[4].payload), "55555");
  world.client.server_closed();
  world.run(1s);
  EXPECT_EQ(world.told<ClientFailed>().at(0).why, ClientFailure::kLost);
}

TEST(TurnRelay, ConnectsToPeersOverTcp) {
  ClientConfig config = ada();
  config.server = net::Transport::kTcp;
  config.peers = net::Transport::kTcp;
  World world(config, kGood, 1, make_config(), tcp_from("198.51.100.7:1234"));
  world.client.start(world.server.now);
  world.run(1s);
  ASSERT_EQ(world.told<Allocated>().size(), 1u);
  world.client.connect(world.server.now, kPeer);
  world.client.connect(world.server.now, address("10.0.0.1:80"));
  world.run(1s);
  ASSERT_EQ(world.server.connects.size(), 1u);
  ASSERT_EQ(world.told<ConnectFailed>().size(), 1u);
  EXPECT_EQ(world.told<ConnectFailed>()[0].code, stun::ErrorCode::kForbidden);
  world.server.server.peer_connected(world.server.now, world.server.connects[0].connection);
  world.server.drain();
  world.run(1s);
  const auto connected = world.told<PeerConnected>();
  ASSERT_EQ(connected.size(), 1u);
  EXPECT_EQ(connected[0].peer, kPeer);

  // Its data has a connection of its own.
  world.client.bind(world.server.now, connected[0].connection);
  const auto output = world.client.poll_output();
  ASSERT_TRUE(output.has_value());
  const auto& request = std::get<ToServer>(*output);
  EXPECT_EQ(request.connection, connected[0].connection);
  world.server.sent.clear();
  world.server.from_client(tcp_from("198.51.100.7:1235"), request.packet);
  ASSERT_EQ(world.server.joined.size(), 1u);
  world.client.handle_input(world.server.now, {.packet = world.server.sent.at(0).packet,
                                               .connection = request.connection});
  world.run(1ms);
  EXPECT_EQ(world.told<Bound>().at(0).connection, request.connection);
}

}  // namespace
}  // namespace parley::turn
