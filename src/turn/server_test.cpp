#include "turn/server.h"

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
using test::kServer;
using test::make_config;
using test::Reply;
using test::tcp_from;
using test::TestClient;
using test::TestServer;
using test::udp_from;

constexpr std::uint32_t kV6 = 2u << 24;

std::uint32_t lifetime(const Reply& reply) {
  return reply.view().find_u32(Attribute::kLifetime).value();
}

TEST(TurnServer, GivesAnAllocationToWhoKnowsThePassword) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  const Reply reply = ada.allocate();
  ASSERT_EQ(reply.code(), 0);
  const auto relayed = reply.xor_address(Attribute::kXorRelayedAddress);
  EXPECT_EQ(relayed.ip, ip("45.10.10.10"));
  EXPECT_GE(relayed.port, 49152);
  EXPECT_EQ(reply.xor_address(Attribute::kXorMappedAddress), address("198.51.100.7:1234"));
  EXPECT_EQ(lifetime(reply), 600u);
  EXPECT_EQ(stun::check_integrity(reply.view(), ada.key()), stun::Check::kValid);
  EXPECT_EQ(reply.text(Attribute::kSoftware), "Parley");
  EXPECT_EQ(world.open.size(), 1u);
  EXPECT_EQ(world.open.begin()->second.local, relayed);
}

// They are there for discovery (RFC 5780).
TEST(TurnServer, AnswersNothingButBindingAtItsOtherAddresses) {
  ServerConfig config = make_config();
  config.binding.discovery = {.primary = kServer, .alternate = address("45.10.10.11:3479")};
  TestServer server(config);
  net::Path path = udp_from("93.184.216.34:4000");
  path.local = config.binding.discovery->alternate;
  const auto ask = [&](Method method) {
    server.from_client(path, stun::MessageBuilder(stun::Class::kRequest, method, {}).take());
  };
  for (const Method method : {Method::kAllocate, Method::kRefresh, Method::kChannelBind}) {
    ask(method);
  }
  EXPECT_TRUE(server.sent.empty());
  EXPECT_EQ(server.server.counters().dropped_unsupported, 3u);
  ask(Method::kBinding);
  ASSERT_EQ(server.sent.size(), 1u);
  EXPECT_EQ(server.sent[0].path, path);
  path.local = kServer;
  ask(Method::kAllocate);
  EXPECT_EQ(server.sent.size(), 2u);
}

TEST(TurnServer, AnswersBindingRequestsToo) {
  TestServer world;
  TestClient client(world, udp_from("198.51.100.7:1234"));
  const Reply reply = client.send(Method::kBinding, [](auto&) {});
  EXPECT_EQ(reply.xor_address(Attribute::kXorMappedAddress), address("198.51.100.7:1234"));
}

TEST(TurnServer, RelaysIndicationsBothWays) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate();
  ASSERT_EQ(ada.permit(kPeer).code(), 0);
  EXPECT_EQ(ada.send_data(kPeer, "hello", true), "hello");
  EXPECT_EQ(ada.last_to_peer->peer, kPeer);
  EXPECT_EQ(ada.last_to_peer->relay, world.open.begin()->first);
  EXPECT_TRUE(ada.last_to_peer->dont_fragment);

  for (const std::string payload : {"", "1", "12", "123", "1234"}) {
    const Reply data(world.from_peer(world.open.begin()->first, kPeer, payload));
    ASSERT_TRUE(data.is_there());
    EXPECT_EQ(data.view().message_class(), stun::Class::kIndication);
    EXPECT_EQ(data.view().method(), Method::kData);
    EXPECT_EQ(data.xor_address(Attribute::kXorPeerAddress), kPeer);
    EXPECT_EQ(data.text(Attribute::kData), payload);
    EXPECT_EQ(world.last_path, ada.path);
  }
}

TEST(TurnServer, RelaysIndicationsOfIpv6) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  const Reply reply =
      ada.allocate([](MessageBuilder& m) { m.add_u32(Attribute::kRequestedAddressFamily, kV6); });
  EXPECT_EQ(reply.xor_address(Attribute::kXorRelayedAddress).ip, ip("2a00:1::10"));
  ASSERT_EQ(ada.permit(kPeer6).code(), 0);
  EXPECT_EQ(ada.send_data(kPeer6, "hello"), "hello");
  const Reply data(world.from_peer(world.open.begin()->first, kPeer6, "world"));
  EXPECT_EQ(data.xor_address(Attribute::kXorPeerAddress), kPeer6);
  EXPECT_EQ(data.text(Attribute::kData), "world");
}

TEST(TurnServer, RelaysThroughChannelsInPlace) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate();
  ASSERT_EQ(ada.bind(0x4001, kPeer).code(), 0);
  EXPECT_EQ(ada.send_channel(0x4001, "hello"), "hello");
  EXPECT_EQ(ada.last_to_peer->peer, kPeer);
  const std::vector<std::uint8_t> expected = {0x40, 0x01, 0, 5, 'w', 'o', 'r', 'l', 'd'};
  EXPECT_EQ(world.from_peer(world.open.begin()->first, kPeer, "world"), expected);
  EXPECT_EQ(ada.send_channel(0x4002, "hello"), "");
  EXPECT_EQ(world.server.counters().dropped_no_channel, 1u);
  // Another port of the same host has no channel.
  net::SocketAddress other = kPeer;
  ++other.port;
  const Reply data(world.from_peer(world.open.begin()->first, other, "world"));
  EXPECT_EQ(data.view().method(), Method::kData);
}

TEST(TurnServer, PadsChannelDataOverStreams) {
  TestServer world;
  TestClient ada(world, tcp_from("198.51.100.7:1234"));
  ada.allocate();
  ASSERT_EQ(ada.bind(0x4001, kPeer).code(), 0);
  const std::vector<std::uint8_t> expected = {0x40, 0x01, 0, 5, 'w', 'o', 'r', 'l', 'd', 0, 0, 0};
  EXPECT_EQ(world.from_peer(world.open.begin()->first, kPeer, "world"), expected);
}

TEST(TurnServer, TakesNothingWithoutPermission) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate();
  EXPECT_EQ(ada.send_data(kPeer, "hello"), "");
  EXPECT_TRUE(world.from_peer(world.open.begin()->first, kPeer, "x").empty());
  EXPECT_EQ(world.server.counters().dropped_no_permission, 2u);
}

TEST(TurnServer, LetsPermissionsAndChannelsEndByTheirTimes) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate([](MessageBuilder& m) { m.add_u32(Attribute::kLifetime, 3600); });
  const RelayId relay = world.open.begin()->first;
  ada.bind(0x4000, kPeer);
  world.advance(5min - 1us);
  EXPECT_FALSE(world.from_peer(relay, kPeer, "x").empty());
  world.advance(1us);
  EXPECT_TRUE(world.from_peer(relay, kPeer, "x").empty());
  EXPECT_EQ(ada.send_data(kPeer, "x"), "");
  // The channel lives on for what the client sends.
  world.advance(5min - 1us);
  EXPECT_EQ(ada.send_channel(0x4000, "x"), "x");
  world.advance(1us);
  EXPECT_EQ(ada.send_channel(0x4000, "x"), "");
  // And may then be given to another peer.
  net::SocketAddress other = kPeer;
  ++other.port;
  EXPECT_EQ(ada.bind(0x4000, other).code(), 0);
}

TEST(TurnServer, RefreshesPermissionsAndChannels) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate([](MessageBuilder& m) { m.add_u32(Attribute::kLifetime, 3600); });
  for (int i = 0; i < 6; ++i) {
    ASSERT_EQ(ada.bind(0x4000, kPeer).code(), 0);
    world.advance(4min);
    EXPECT_FALSE(world.from_peer(world.open.begin()->first, kPeer, "x").empty());
  }
}

TEST(TurnServer, EndsAnAllocationByItsLifetime) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate();
  world.advance(10min - 1us);
  EXPECT_EQ(world.open.size(), 1u);
  world.advance(1us);
  EXPECT_TRUE(world.open.empty());
  EXPECT_EQ(world.server.held(), 0u);
  EXPECT_EQ(ada.refresh(600).code(), 437);
}

TEST(TurnServer, RefreshesAnAllocation) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate();
  world.advance(9min);
  EXPECT_EQ(lifetime(ada.refresh(std::nullopt)), 600u);
  world.advance(9min);
  EXPECT_EQ(lifetime(ada.refresh(1000)), 1000u);
  EXPECT_EQ(lifetime(ada.refresh(10)), 600u) << "never less than the default";
  EXPECT_EQ(lifetime(ada.refresh(1'000'000)), 3600u) << "nor more than the longest";
  world.advance(3600s - 1us);
  EXPECT_EQ(world.server.allocations(), 1u);
  EXPECT_EQ(lifetime(ada.refresh(0)), 0u);
  EXPECT_EQ(world.server.held(), 0u);
  EXPECT_TRUE(world.open.empty());
}

TEST(TurnServer, AnswersARepeatedAllocateTheSame) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  const Reply first = ada.allocate();
  const auto fill = [&](MessageBuilder& m) {
    TestClient::udp()(m);
    ada.seal(m);
  };
  const Reply again = ada.send_as(ada.last_id, Method::kAllocate, fill);
  EXPECT_EQ(again.code(), 0);
  EXPECT_EQ(again.xor_address(Attribute::kXorRelayedAddress),
            first.xor_address(Attribute::kXorRelayedAddress));
  EXPECT_EQ(world.server.allocations(), 1u);
  EXPECT_EQ(ada.allocate().code(), 437) << "another transaction";
}

TEST(TurnServer, LeavesARepeatedAllocateUnansweredWhileSocketsOpen) {
  TestServer world;
  world.hold_relays = true;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  EXPECT_FALSE(ada.allocate().is_there());
  const auto fill = [&](MessageBuilder& m) {
    TestClient::udp()(m);
    ada.seal(m);
  };
  EXPECT_FALSE(ada.send_as(ada.last_id, Method::kAllocate, fill).is_there());
  EXPECT_EQ(ada.send_data(kPeer, "x"), "");
  EXPECT_TRUE(world.from_peer(world.open.begin()->first, kPeer, "x").empty());
  world.sent.clear();
  world.server.relay_opened(world.now, world.open.begin()->first);
  world.drain();
  EXPECT_EQ(ada.reply_to(ada.last_id).code(), 0);
}

TEST(TurnServer, TriesOtherPortsWhileSomeAreTaken) {
  TestServer world;
  world.ports_in_use = 15;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  EXPECT_EQ(ada.allocate().code(), 0);
  world.ports_in_use = 16;
  TestClient bob(world, udp_from("198.51.100.8:1234"), {"bob", "builder"});
  EXPECT_EQ(bob.allocate().code(), 508);
  EXPECT_EQ(world.server.allocations(), 1u);
  EXPECT_EQ(world.open.size(), 1u);
}

TEST(TurnServer, GivesBothFamiliesToWhoAsksForTheAdditionalOne) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  const Reply reply =
      ada.allocate([](MessageBuilder& m) { m.add_u32(Attribute::kAdditionalAddressFamily, kV6); });
  std::vector<net::SocketAddress> relayed;
  for (const auto& attribute : reply.view().attributes()) {
    if (attribute.type != Attribute::kXorRelayedAddress) continue;
    relayed.push_back(*stun::read_xor_address(attribute.value, reply.view().transaction_id()));
  }
  ASSERT_EQ(relayed.size(), 2u);
  EXPECT_EQ(relayed[0].ip, ip("45.10.10.10"));
  EXPECT_EQ(relayed[1].ip, ip("2a00:1::10"));
  EXPECT_EQ(ada.bind(0x4000, kPeer).code(), 0);
  EXPECT_EQ(ada.bind(0x4001, kPeer6).code(), 0);
  ada.send_channel(0x4000, "x");
  EXPECT_EQ(ada.last_to_peer->relay, world.relay_at(relayed[0]));
  ada.send_channel(0x4001, "x");
  EXPECT_EQ(ada.last_to_peer->relay, world.relay_at(relayed[1]));

  const auto v4 = [](MessageBuilder& m) {
    m.add_u32(Attribute::kRequestedAddressFamily, 1u << 24);
  };
  EXPECT_EQ(ada.refresh(0, v4).code(), 0) << "lets go of one";
  EXPECT_EQ(world.open.size(), 1u);
  EXPECT_EQ(ada.refresh(600, v4).code(), 443);
  EXPECT_EQ(ada.permit(kPeer).code(), 443);
  EXPECT_EQ(ada.send_channel(0x4000, "x"), "");
  EXPECT_EQ(ada.send_channel(0x4001, "x"), "x");
}

TEST(TurnServer, TellsWhichFamilyItCouldNotGive) {
  ServerConfig config = make_config();
  config.relay_hosts.pop_back();
  TestServer world(config);
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  const Reply reply =
      ada.allocate([](MessageBuilder& m) { m.add_u32(Attribute::kAdditionalAddressFamily, kV6); });
  EXPECT_EQ(reply.code(), 0);
  EXPECT_EQ(reply.view().find_u32(Attribute::kAddressErrorCode), 2u << 24 | 4u << 8 | 40u);
}

TEST(TurnServer, ReservesTheNextPort) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  const std::uint8_t reserve = 0x80;
  const Reply rtp = ada.allocate([&](MessageBuilder& m) {
    m.add(Attribute::kEvenPort, {&reserve, 1});
  });
  const auto even = rtp.xor_address(Attribute::kXorRelayedAddress);
  EXPECT_EQ(even.port % 2, 0);
  const auto token = rtp.view().find_u64(Attribute::kReservationToken);
  ASSERT_TRUE(token.has_value());
  EXPECT_EQ(world.open.size(), 2u);
  const auto with_token = [&](MessageBuilder& m) {
    m.add_u64(Attribute::kReservationToken, *token);
  };
  TestClient second(world, udp_from("198.51.100.7:1235"));
  const Reply rtcp = second.allocate(with_token);
  EXPECT_EQ(rtcp.xor_address(Attribute::kXorRelayedAddress).port, even.port + 1);
  TestClient third(world, udp_from("198.51.100.7:1236"));
  EXPECT_EQ(third.allocate(with_token).code(), 508) << "it is good once";
  ada.refresh(0);
  second.refresh(0);
  EXPECT_EQ(world.server.held(), 0u);
}

TEST(TurnServer, KeepsAReservationForHalfAMinute) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  const std::uint8_t reserve = 0x80;
  ada.allocate([&](MessageBuilder& m) { m.add(Attribute::kEvenPort, {&reserve, 1}); });
  ada.refresh(0);
  EXPECT_EQ(world.open.size(), 1u);
  world.advance(30s);
  EXPECT_TRUE(world.open.empty());
  EXPECT_EQ(world.server.held(), 0u);
}

TEST(TurnServer, ForgetsAReservationWhoseSocketDies) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  const std::uint8_t reserve = 0x80;
  ada.allocate([&](MessageBuilder& m) { m.add(Attribute::kEvenPort, {&reserve, 1}); });
  ada.refresh(0);
  ASSERT_EQ(world.open.size(), 1u);
  const RelayId reserved = world.open.begin()->first;
  world.open.clear();
  world.server.relay_failed(world.now, reserved);
  world.drain();
  EXPECT_EQ(world.server.held(), 0u);
}

TEST(TurnServer, TriesAnotherPairWhereEitherPortIsTaken) {
  for (const int taken : {1, 2, 3}) {
    TestServer world;
    world.ports_in_use = taken;
    TestClient ada(world, udp_from("198.51.100.7:1234"));
    const std::uint8_t reserve = 0x80;
    const Reply reply = ada.allocate([&](MessageBuilder& m) {
      m.add(Attribute::kEvenPort, {&reserve, 1});
    });
    EXPECT_EQ(reply.code(), 0) << taken;
    EXPECT_EQ(world.open.size(), 2u) << taken;
  }
}

TEST(TurnServer, ForgetsAClientWhoseStreamEnds) {
  TestServer world;
  TestClient ada(world, tcp_from("198.51.100.7:1234"));
  ada.allocate();
  world.server.client_closed(world.now, ada.path);
  world.drain();
  EXPECT_EQ(world.server.held(), 0u);
  EXPECT_TRUE(world.open.empty());
}

TEST(TurnServer, ForgetsARelayWhoseSocketDies) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate();
  const RelayId relay = world.open.begin()->first;
  world.open.clear();
  world.server.relay_failed(world.now, relay);
  world.drain();
  EXPECT_EQ(world.server.held(), 0u);
}

TEST(TurnServer, PassesIcmpErrorsOn) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate();
  ada.permit(kPeer);
  world.sent.clear();
  world.server.icmp_error(world.now, world.open.begin()->first, kPeer,
                          {.type = 3, .code = 4, .data = 1400});
  world.drain();
  ASSERT_EQ(world.sent.size(), 1u);
  const Reply data(world.sent[0].packet);
  EXPECT_EQ(data.xor_address(Attribute::kXorPeerAddress), kPeer);
  EXPECT_EQ(data.view().find_u64(Attribute::kIcmp), std::uint64_t{3u << 9 | 4u} << 32 | 1400u);
  world.server.icmp_error(world.now, world.open.begin()->first, kPeer6, {.type = 3});
  world.drain();
  EXPECT_EQ(world.sent.size(), 1u) << "none of whom it did not ask for";
}

TEST(TurnServer, LetsTwoClientsMeetThroughTheirRelayedAddresses) {
  ServerConfig config = make_config();
  config.relay_hosts = {{ip("10.0.0.5"), ip("45.10.10.10")}};  // Behind a one-to-one NAT.
  TestServer world(config);
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  TestClient bob(world, udp_from("198.51.100.8:1234"), {"bob", "builder"});
  const auto of_ada = ada.allocate().xor_address(Attribute::kXorRelayedAddress);
  const auto of_bob = bob.allocate().xor_address(Attribute::kXorRelayedAddress);
  EXPECT_EQ(of_ada.ip, ip("45.10.10.10"));
  ASSERT_EQ(ada.bind(0x4000, of_bob).code(), 0);
  ASSERT_EQ(bob.permit(of_ada).code(), 0);
  EXPECT_EQ(ada.send_channel(0x4000, "hello"), "hello");
  const net::SocketAddress local{ip("10.0.0.5"), of_bob.port};
  EXPECT_EQ(ada.last_to_peer->peer, local);
  const Reply data(world.from_peer(world.relay_at(local), {ip("10.0.0.5"), of_ada.port}, "hello"));
  EXPECT_EQ(data.xor_address(Attribute::kXorPeerAddress), of_ada);
}

TEST(TurnServer, SendsNewClientsElsewhereWhileItIsEmptied) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate();
  const auto v4 = address("45.10.10.11:3478");
  const auto v6 = address("[2a00:1::11]:3478");
  const auto sent_to = [&](const char* from) {
    TestClient bob(world, udp_from(from), {"bob", "builder"});
    const Reply reply = bob.allocate();
    std::vector<net::SocketAddress> servers;
    if (reply.code() != 300) return servers;
    for (const auto& attribute : reply.view().attributes()) {
      if (attribute.type == Attribute::kAlternateServer) {
        servers.push_back(stun::read_address(attribute.value).value());
      }
    }
    return servers;
  };
  world.server.set_alternates({v4, v6});
  EXPECT_EQ(sent_to("198.51.100.8:1234"), (std::vector{v4, v6})) << "the own family first";
  EXPECT_EQ(sent_to("[2a00:2::1]:1234"), (std::vector{v6, v4}));
  world.server.set_alternates({v6});
  EXPECT_TRUE(sent_to("198.51.100.8:1235").empty()) << "it may not reach that one";
  EXPECT_EQ(ada.refresh(600).code(), 0) << "who is here stays";
}

}  // namespace
}  // namespace parley::turn
