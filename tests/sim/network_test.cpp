#include "sim/network.h"

#include <gtest/gtest.h>

#include <string>

#include "stun/attributes.h"
#include "stun/message_builder.h"

namespace parley::sim {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

net::IpAddress ip(std::string_view text) {
  return net::IpAddress::parse(text).value();
}

net::SocketAddress at(std::string_view text) {
  return net::SocketAddress::parse(text).value();
}

net::Path udp(std::string_view local, std::string_view remote) {
  return {net::Transport::kUdp, at(local), at(remote)};
}

net::Path tcp(std::string_view local, std::string_view remote) {
  return {net::Transport::kTcp, at(local), at(remote)};
}

// The next thing that happens, and when; nothing if nothing does.
std::optional<std::pair<Duration, Arrival>> next(Network& network) {
  while (network.next_deadline() != kNever) {
    const Time now = std::max(network.next_deadline(), kStart);
    if (auto arrival = network.poll(now)) return std::pair{now - kStart, *std::move(arrival)};
  }
  return std::nullopt;
}

HostConfig behind(std::string_view inside, std::string_view outside, NatKind kind) {
  return {.addresses = {ip(inside)}, .nat = NatConfig{.kind = kind, .outside = ip(outside)}};
}

TEST(Nat, LetsInWhomItsKindLetsIn) {
  const net::SocketAddress inside = at("10.0.0.2:5000");
  const net::SocketAddress friendly = at("198.51.100.1:1");
  const net::SocketAddress other_port = at("198.51.100.1:2");
  const net::SocketAddress stranger = at("198.51.100.2:1");
  const auto lets_in = [&](NatKind kind, const net::SocketAddress& from) {
    Nat nat({.kind = kind, .outside = ip("203.0.113.1")}, 1);
    const auto outside = nat.translate_out(kStart, net::Transport::kUdp, inside, friendly);
    EXPECT_EQ(outside.ip, ip("203.0.113.1"));
    return nat.translate_in(kStart, net::Transport::kUdp, outside, from) == inside;
  };
  for (const NatKind kind : {NatKind::kFullCone, NatKind::kAddressRestricted,
                             NatKind::kPortRestricted, NatKind::kSymmetric}) {
    EXPECT_TRUE(lets_in(kind, friendly)) << to_string(kind);
  }
  EXPECT_TRUE(lets_in(NatKind::kFullCone, stranger));
  EXPECT_FALSE(lets_in(NatKind::kAddressRestricted, stranger));
  EXPECT_TRUE(lets_in(NatKind::kAddressRestricted, other_port));
  EXPECT_FALSE(lets_in(NatKind::kPortRestricted, other_port));
  EXPECT_FALSE(lets_in(NatKind::kSymmetric, other_port));
}

TEST(Nat, MayTellAddressesApartAndNotTheirPorts) {
  Nat nat({.kind = NatKind::kSymmetric, .outside = ip("203.0.113.1"), .tells_ports_apart = false},
          1);
  const auto out = [&](std::string_view to) {
    return nat.translate_out(kStart, net::Transport::kUdp, at("10.0.0.2:5000"), at(to));
  };
  EXPECT_EQ(out("198.51.100.1:1"), out("198.51.100.1:2"));
  EXPECT_NE(out("198.51.100.1:1"), out("198.51.100.2:1"));
}

TEST(Nat, OnlyASymmetricOneShowsEachDestinationAnotherPort) {
  for (const NatKind kind : {NatKind::kFullCone, NatKind::kPortRestricted, NatKind::kSymmetric}) {
    Nat nat({.kind = kind, .outside = ip("203.0.113.1")}, 1);
    const auto out = [&](std::string_view inside, std::string_view to) {
      return nat.translate_out(kStart, net::Transport::kUdp, at(inside), at(to));
    };
    const auto one = out("10.0.0.2:5000", "198.51.100.1:1");
    EXPECT_EQ(one, out("10.0.0.2:5000", "198.51.100.1:1"));
    EXPECT_EQ(one != out("10.0.0.2:5000", "198.51.100.1:2"), kind == NatKind::kSymmetric);
    EXPECT_NE(one, out("10.0.0.2:5001", "198.51.100.1:1"));
    nat.reboot();
    EXPECT_NE(one, out("10.0.0.2:5000", "198.51.100.1:1"));
  }
}

TEST(Nat, ForgetsAMappingThatIsNotUsed) {
  Nat nat({.outside = ip("203.0.113.1"), .mapping_timeout = 30s}, 1);
  const auto out = [&](Time now) {
    return nat.translate_out(now, net::Transport::kUdp, at("10.0.0.2:1"), at("198.51.100.1:1"));
  };
  const auto mapped = out(kStart);
  const auto in = [&](Time now) {
    return nat.translate_in(now, net::Transport::kUdp, mapped, at("198.51.100.1:1")).has_value();
  };
  EXPECT_TRUE(in(kStart + 29s));
  EXPECT_EQ(out(kStart + 29s), mapped);
  EXPECT_TRUE(in(kStart + 58s));
  EXPECT_FALSE(in(kStart + 59s));
  EXPECT_NE(out(kStart + 59s), mapped);
}

TEST(Network, CarriesADatagramOverBothLinks) {
  Network network(1);
  const HostId a = network.add_host({.addresses = {ip("203.0.113.11")}});
  const HostId b = network.add_host(
      {.addresses = {ip("203.0.113.12"), ip("2001:db8::12")}, .down = {.latency = 30ms}});
  network.send(kStart, a, udp("203.0.113.11:1", "203.0.113.12:2"), as_bytes("hello"));
  const auto arrived = next(network);
  ASSERT_TRUE(arrived.has_value());
  EXPECT_EQ(arrived->first, 40ms);
  EXPECT_EQ(arrived->second.host, b);
  EXPECT_EQ(arrived->second.path, udp("203.0.113.12:2", "203.0.113.11:1"));
  EXPECT_EQ(as_text(arrived->second.payload), "hello");
  EXPECT_FALSE(next(network).has_value());
}

TEST(Network, LosesWhatNobodyIsThereFor) {
  Network network(1);
  const HostId a = network.add_host({.addresses = {ip("203.0.113.11")}});
  network.add_host(behind("10.0.0.2", "203.0.113.1", NatKind::kFullCone));
  network.send(kStart, a, udp("203.0.113.11:1", "203.0.113.99:2"), as_bytes("x"));
  network.send(kStart, a, udp("203.0.113.11:1", "10.0.0.2:2"), as_bytes("x"));
  network.send(kStart, a, udp("203.0.113.77:1", "203.0.113.11:2"), as_bytes("x"));
  network.send(kStart, a, udp("203.0.113.11:1", "203.0.113.1:2"), as_bytes("x"));
  EXPECT_FALSE(next(network).has_value());
  EXPECT_EQ(network.counters().unroutable, 3u);
  EXPECT_EQ(network.counters().refused_by_nat, 1u);
}

TEST(Network, HostsBehindOneNatReachEachOtherInsideAndOutside) {
  Network network(1);
  network.add_stun_server(at("198.51.100.1:3478"));
  const HostId a = network.add_host(behind("10.0.0.2", "203.0.113.1", NatKind::kFullCone));
  const HostId b = network.add_host(behind("10.0.0.3", "203.0.113.1", NatKind::kFullCone));
  network.send(kStart, a, udp("10.0.0.2:1", "10.0.0.3:1"), as_bytes("inside"));
  EXPECT_EQ(next(network)->second.path, udp("10.0.0.3:1", "10.0.0.2:1"));
  const auto outside = network.nat_of(b).translate_out(kStart, net::Transport::kUdp,
                                                       at("10.0.0.3:1"), at("198.51.100.1:1"));
  network.send(kStart, a, {net::Transport::kUdp, at("10.0.0.2:1"), outside}, as_bytes("hairpin"));
  const auto arrived = next(network);
  ASSERT_TRUE(arrived.has_value());
  EXPECT_EQ(arrived->second.host, b);
  EXPECT_EQ(arrived->second.path.remote.ip, ip("203.0.113.1"));
}

TEST(Network, TellsAHostItsOutsideAddress) {
  Network network(1);
  network.add_stun_server(at("198.51.100.1:3478"));
  const HostId a = network.add_host(behind("10.0.0.2", "203.0.113.1", NatKind::kPortRestricted));
  const stun::MessageBuilder request(stun::Class::kRequest, stun::Method::kBinding, {7});
  network.send(kStart, a, udp("10.0.0.2:1", "198.51.100.1:3478"), request.view());
  const auto arrived = next(network);
  ASSERT_TRUE(arrived.has_value());
  EXPECT_EQ(arrived->first, 20ms);
  const auto answer = stun::MessageView::parse(arrived->second.payload).value();
  const auto mapped = stun::read_xor_address(*answer.find(stun::Attribute::kXorMappedAddress),
                                             answer.transaction_id());
  EXPECT_EQ(mapped->ip, ip("203.0.113.1"));
}

TEST(Network, RelaysToAndFromWhomTheHostHasSentTo) {
  Network network(1);
  network.add_relay(at("198.51.100.2:3478"));
  const HostId a = network.add_host(behind("10.0.0.2", "203.0.113.1", NatKind::kSymmetric));
  const HostId b = network.add_host({.addresses = {ip("203.0.113.12")}});
  const net::SocketAddress relayed = network.allocate(kStart, a, at("10.0.0.2:1"));
  const net::Path to_a{net::Transport::kUdp, at("203.0.113.12:1"), relayed};
  const net::Path to_b{net::Transport::kUdp, relayed, at("203.0.113.12:1")};
  network.send(kStart, b, to_a, as_bytes("too early"));
  EXPECT_FALSE(next(network).has_value());
  EXPECT_EQ(network.counters().refused_by_relay, 1u);
  network.send(kStart, a, to_b, as_bytes("hello"));
  const auto there = next(network);
  ASSERT_TRUE(there.has_value());
  EXPECT_EQ(there->second.host, b);
  EXPECT_EQ(there->second.path, to_a);
  network.send(kStart, b, to_a, as_bytes("and back"));
  const auto back = next(network);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->second.host, a);
  EXPECT_EQ(back->second.path, to_b);
  network.send(kStart, b, to_b, as_bytes("not b's"));
  EXPECT_FALSE(next(network).has_value());
}

TEST(Network, ConnectsByTcpWhereSomebodyListens) {
  Network network(1);
  const HostId a = network.add_host(behind("10.0.0.2", "203.0.113.1", NatKind::kSymmetric));
  const HostId b =
      network.add_host({.addresses = {ip("203.0.113.12")}, .up = {.latency = 10ms, .loss = 1}});
  network.listen(b, at("203.0.113.12:80"));
  const net::Path asked = tcp("10.0.0.2:0", "203.0.113.12:80");
  network.connect(kStart, a, asked);
  const auto accepted = next(network);
  EXPECT_EQ(accepted->second.kind, Arrival::Kind::kConnected);
  EXPECT_EQ(accepted->second.host, b);
  const auto connected = next(network);
  EXPECT_EQ(connected->second.kind, Arrival::Kind::kConnected);
  EXPECT_EQ(connected->second.host, a);
  EXPECT_EQ(connected->second.asked, asked);
  network.send(kStart, b, accepted->second.path, as_bytes("never lost"));
  EXPECT_EQ(next(network)->second.path, connected->second.path);
  network.disconnect(kStart, a, connected->second.path);
  const auto closed = next(network);
  EXPECT_EQ(closed->second.kind, Arrival::Kind::kClosed);
  EXPECT_EQ(closed->second.path, accepted->second.path);
  network.send(kStart, b, accepted->second.path, as_bytes("too late"));
  EXPECT_FALSE(next(network).has_value());
}

TEST(Network, RefusesAConnectionWhereNobodyListens) {
  Network network(1);
  const HostId a = network.add_host({.addresses = {ip("203.0.113.11")}});
  network.add_host({.addresses = {ip("203.0.113.12")}});
  const net::Path asked = tcp("203.0.113.11:0", "203.0.113.12:80");
  network.connect(kStart, a, asked);
  const auto refused = next(network);
  EXPECT_EQ(refused->second.kind, Arrival::Kind::kClosed);
  EXPECT_EQ(refused->second.asked, asked);
}

TEST(Network, AHostThatMovesIsReachedAtItsNewAddressOnly) {
  Network network(1);
  const HostId a = network.add_host({.addresses = {ip("203.0.113.11")}});
  const HostId b = network.add_host({.addresses = {ip("203.0.113.12")}});
  const auto send = [&](std::string_view to) {
    network.send(kStart, a, {net::Transport::kUdp, at("203.0.113.11:1"), at(to)}, as_bytes("x"));
  };
  send("203.0.113.12:1");
  network.poll(kStart + 15ms);  // On its way down.
  network.move(b, {ip("203.0.113.13")}, std::nullopt);
  EXPECT_FALSE(next(network).has_value());
  send("203.0.113.12:1");
  EXPECT_FALSE(next(network).has_value());
  send("203.0.113.13:1");
  EXPECT_TRUE(next(network).has_value());
  network.set_down(b, true);
  send("203.0.113.13:1");
  EXPECT_FALSE(next(network).has_value());
}

}  // namespace
}  // namespace parley::sim
