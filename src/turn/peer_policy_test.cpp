#include "turn/peer_policy.h"

#include <gtest/gtest.h>

#include "turn/test_server.h"

namespace parley::turn {
namespace {

using test::address;
using test::ip;
using test::make_config;
using test::TestClient;
using test::TestServer;
using test::udp_from;

PeerPolicyConfig config_of_a_host() {
  return {.own = {ip("45.10.10.10"), ip("2a00:1::10")}, .media_ports = {40000}};
}

// Every way that an attacker may write an address that is none of their business.
constexpr std::string_view kForbidden[] = {
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    // IPv6 as such.
    "::",
    "::1",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "fc00::1",
    "fd00::1",
    "fd00:ec2::254",
    "ff02::1",
    "ff0e::1",
    "100::1",
    "2001:db8::1",
    "3fff::1",
    "2001::1",
    "2001:20::1",
    "4000::1",
    "5f00::1",
    // IPv4-mapped, IPv4-compatible, IPv4-translated.
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "::10.0.0.1",
    "::8.8.8.8",
    "::ffff:0:127.0.0.1",
    // NAT64, well known and local.
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b::45.10.10.10",
    "64:ff9b:1::8.8.8.8",
    // 6to4.
    "2002:7f00:1::",
    "2002:0a00:1::1",
    "2002:a9fe:a9fe::1",
    "2002:c0a8:101::1",
    "2002:2d0a:0a0a::1",
    // Teredo and ISATAP.
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2a00:2::5efe:10.0.0.1",
    "2a00:2::200:5efe:127.0.0.1",
};

constexpr std::string_view kPublic[] = {
    "8.8.8.8",          "9.255.255.255",   "11.0.0.0",
    "100.63.255.255",   "100.128.0.0",     "126.255.255.255",
    "128.0.0.0",        "169.253.255.255", "172.15.255.255",
    "172.32.0.0",       "191.255.255.255", "192.0.1.0",
    "192.167.255.255",  "192.169.0.0",     "223.255.255.255",
    "2606:2800:220::1", "2a00:2::1",       "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8", "2002:808:808::1", "2a00:2::5efe:8.8.8.8",
};

TEST(PeerPolicy, RefusesWhatIsNotPublicInEveryForm) {
  const PeerPolicy policy(config_of_a_host());
  for (const auto text : kForbidden) {
    EXPECT_FALSE(policy.allows(ip(text))) << text;
    EXPECT_FALSE(policy.allows(net::SocketAddress{ip(text), 50000}, false)) << text;
  }
}

TEST(PeerPolicy, AllowsWhatIsPublic) {
  const PeerPolicy policy(config_of_a_host());
  for (const auto text : kPublic) {
    EXPECT_TRUE(policy.allows(ip(text))) << text;
    EXPECT_TRUE(policy.allows(net::SocketAddress{ip(text), 1}, false)) << text;
    EXPECT_FALSE(policy.allows(net::SocketAddress{ip(text), 0}, false)) << text;
  }
}

TEST(PeerPolicy, AllowsOfThisHostOnlyRelaysAndMedia) {
  const PeerPolicy policy(config_of_a_host());
  EXPECT_TRUE(policy.allows(ip("45.10.10.10")));
  EXPECT_TRUE(policy.allows(address("45.10.10.10:50000"), true));
  EXPECT_TRUE(policy.allows(address("[2a00:1::10]:40000"), false));
  for (const char* other :
       {"45.10.10.10:22", "45.10.10.10:3478", "45.10.10.10:50000", "[2a00:1::10]:8443"}) {
    EXPECT_FALSE(policy.allows(address(other), false)) << other;
  }
}

TEST(PeerPolicy, AllowsItsOwnAddressEvenIfItIsPrivate) {
  const PeerPolicy policy({.own = {ip("192.168.1.5")}});
  EXPECT_TRUE(policy.allows(address("192.168.1.5:50000"), true));
  EXPECT_FALSE(policy.allows(address("192.168.1.6:50000"), false));
}

// With IPv6 each has a public address, and no router between us keeps ours from theirs.
TEST(PeerPolicy, RefusesNeighboursSaveThoseThatTheOperatorAllows) {
  PeerPolicyConfig config = config_of_a_host();
  config.neighbours = {*net::Network::parse("45.10.10.10/24"),
                       *net::Network::parse("2a00:1::10/64")};
  config.allow = {*net::Network::parse("2a00:1::77")};
  const PeerPolicy policy(config);
  EXPECT_FALSE(policy.allows(ip("45.10.10.11")));
  EXPECT_FALSE(policy.allows(ip("2a00:1::11")));
  EXPECT_FALSE(policy.allows(ip("64:ff9b::45.10.10.11")));
  EXPECT_FALSE(policy.allows(ip("2002:2d0a:0a0b::1")));
  EXPECT_TRUE(policy.allows(ip("45.10.10.10"))) << "this host";
  EXPECT_TRUE(policy.allows(ip("2a00:1::77"))) << "allowed";
  EXPECT_TRUE(policy.allows(ip("45.10.11.11")));
  EXPECT_TRUE(policy.allows(ip("2a00:1:0:1::11")));
}

TEST(PeerPolicy, ObeysTheOperator) {
  PeerPolicyConfig config = config_of_a_host();
  config.allow = {*net::Network::parse("10.1.0.0/16"), *net::Network::parse("fd01::/16")};
  config.deny = {*net::Network::parse("10.1.2.0/24"), *net::Network::parse("9.9.9.0/24")};
  config.nat64 = {*net::Network::parse("2a00:64::/96")};
  const PeerPolicy policy(config);
  EXPECT_TRUE(policy.allows(ip("10.1.0.1")));
  EXPECT_TRUE(policy.allows(ip("::ffff:10.1.0.1")));
  EXPECT_TRUE(policy.allows(ip("fd01::1")));
  EXPECT_FALSE(policy.allows(ip("10.2.0.1")));
  EXPECT_FALSE(policy.allows(ip("10.1.2.3"))) << "what is denied goes first";
  EXPECT_FALSE(policy.allows(ip("9.9.9.9")));
  EXPECT_FALSE(policy.allows(ip("64:ff9b::9.9.9.9")));
  EXPECT_FALSE(policy.allows(ip("2002:909:909::")));
  EXPECT_TRUE(policy.allows(ip("2a00:64::8.8.8.8")));
  EXPECT_FALSE(policy.allows(ip("2a00:64::127.0.0.1"))) << "its own NAT64 prefix";
}

// RFC 6052, 2.4, has these addresses, of 192.0.2.33; the same of hosts that are public and not.
TEST(PeerPolicy, SeesBehindEachLengthOfNat64Prefix) {
  PeerPolicyConfig config;
  for (const char* text :
       {"2a00:db8::/32", "2a00:db9:100::/40", "2a00:dba:122::/48", "2a00:dbb:122:300::/56",
        "2a00:dbc:122:344::/64", "2a00:dbd:122:344::/96"}) {
    config.nat64.push_back(*net::Network::parse(text));
    EXPECT_TRUE(is_nat64_prefix(config.nat64.back())) << text;
  }
  const PeerPolicy policy(config);
  for (const char* text :
       {"2a00:db8:808:808::", "2a00:db9:108:808:8::", "2a00:dba:122:808:8:800::",
        "2a00:dbb:122:308:8:808::", "2a00:dbc:122:344:8:808:800::", "2a00:dbd:122:344::8.8.8.8"}) {
    EXPECT_TRUE(policy.allows(ip(text))) << text;
  }
  for (const char* text :
       {"2a00:db8:a00:1::", "2a00:db9:10a:0:1::", "2a00:dba:122:a00:0:100::",
        "2a00:dbb:122:30a:0:1::", "2a00:dbc:122:344:a:0:100::", "2a00:dbd:122:344::10.0.0.1"}) {
    EXPECT_FALSE(policy.allows(ip(text))) << text;
  }
  for (const char* text : {"2a00::/16", "2a00::/95", "2a00::/128", "10.0.0.0/32"}) {
    EXPECT_FALSE(is_nat64_prefix(*net::Network::parse(text))) << text;
  }
}

// The same through the server: by permission, by channel, and by connection.
TEST(PeerPolicy, IsAskedForEachWayToAPeer) {
  for (const auto text : kForbidden) {
    if (text == "::ffff:127.0.0.1") continue;
    TestServer world;
    TestClient ada(world, udp_from("198.51.100.7:1234"));
    ada.allocate([](stun::MessageBuilder& m) {
      m.add_u32(stun::Attribute::kAdditionalAddressFamily, 2u << 24);
    });
    const net::SocketAddress peer{ip(text), 50000};
    EXPECT_EQ(ada.permit(peer).code(), 403) << text;
    EXPECT_EQ(ada.bind(0x4000, peer).code(), 403) << text;
    EXPECT_EQ(ada.send_data(peer, "x"), "") << text;
  }
}

TEST(PeerPolicy, LooksAtThePortsOfThisHostWithEachPacket) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate();
  TestClient bob(world, udp_from("198.51.100.8:1234"), {"bob", "builder"});
  bob.allocate();
  const net::SocketAddress relay = world.open.rbegin()->second.local;
  net::SocketAddress beside = relay;
  do {
    beside.port = static_cast<std::uint16_t>(beside.port + 1);
  } while (world.relay_at(beside) || beside.port < 49152);
  ASSERT_EQ(ada.permit(relay).code(), 0);
  EXPECT_EQ(ada.send_data(relay, "x"), "x");
  for (const net::SocketAddress& other :
       {beside, address("45.10.10.10:22"), address("45.10.10.10:3478")}) {
    EXPECT_EQ(ada.send_data(other, "x"), "") << other.to_string();
    EXPECT_EQ(ada.bind(0x4000, other).code(), 403) << other.to_string();
  }
  ASSERT_EQ(ada.bind(0x4000, relay).code(), 0);
  EXPECT_EQ(ada.send_channel(0x4000, "x"), "x");
  bob.refresh(0);
  EXPECT_EQ(ada.send_channel(0x4000, "x"), "") << "another program may have the port by now";
  EXPECT_EQ(ada.send_data(relay, "x"), "");
}

TEST(PeerPolicy, LearnsWhereThisHostIsNow) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate();
  ASSERT_EQ(ada.permit(address("93.184.216.34:22")).code(), 0);
  ASSERT_EQ(ada.bind(0x4000, address("93.184.216.34:22")).code(), 0);
  EXPECT_EQ(ada.send_channel(0x4000, "x"), "x");
  world.server.set_host({ip("93.184.216.34")}, {*net::Network::parse("93.184.216.34/24")});
  EXPECT_EQ(ada.send_data(address("93.184.216.34:22"), "x"), "") << "it is ours by now";
  EXPECT_EQ(ada.send_channel(0x4000, "x"), "");
  EXPECT_EQ(ada.permit(address("93.184.216.35:22")).code(), 403) << "a neighbour";
  EXPECT_EQ(ada.bind(0x4001, address("45.10.10.10:22")).code(), 403) << "ours as ever";
}

// A relayed address of UDP is none of TCP.
TEST(PeerPolicy, ConnectsOfThisHostOnlyToRelaysOverTcp) {
  TestServer world;
  TestClient udp(world, udp_from("198.51.100.8:1234"), {"bob", "builder"});
  udp.allocate();
  const net::SocketAddress no_tcp = world.open.begin()->second.local;
  TestClient bob(world, test::tcp_from("198.51.100.8:1234"), {"bob", "builder"});
  ASSERT_EQ(bob.ask(stun::Method::kAllocate, TestClient::tcp()).code(), 0);
  const net::SocketAddress relay = world.open.rbegin()->second.local;
  TestClient ada(world, test::tcp_from("198.51.100.7:1234"));
  ASSERT_EQ(ada.ask(stun::Method::kAllocate, TestClient::tcp()).code(), 0);
  const auto connect = [&](const net::SocketAddress& peer) {
    return ada.ask(stun::Method::kConnect, TestClient::peer(peer));
  };
  EXPECT_EQ(connect(no_tcp).code(), 403);
  EXPECT_EQ(connect(address("45.10.10.10:55555")).code(), 403);
  EXPECT_FALSE(connect(relay).is_there()) << "it is being connected";
  ASSERT_EQ(world.connects.size(), 1u);
  EXPECT_EQ(world.connects[0].peer, relay);
}

// As the workers of one host do.
TEST(PeerPolicy, ReachesTheRelaysOfOtherServersOfThisHost) {
  RelayPorts ports;
  ServerConfig config = make_config();
  config.relay_hosts = {{ip("10.0.0.5"), ip("45.10.10.10")}};
  config.relay_ports = &ports;
  TestServer first(config, 1);
  TestServer second(config, 2);
  TestClient ada(first, udp_from("198.51.100.7:1234"));
  ada.allocate();
  TestClient bob(second, udp_from("198.51.100.8:1234"), {"bob", "builder"});
  bob.allocate();
  net::SocketAddress relay = second.open.begin()->second.local;
  relay.ip = ip("45.10.10.10");
  ada.permit(relay);
  EXPECT_EQ(ada.send_data(relay, "x"), "x");
  bob.refresh(0);
  EXPECT_EQ(ada.send_data(relay, "x"), "");
}

// The port is another server's: it stays so.
TEST(PeerPolicy, LeavesOthersThePortsThatItCouldNotOpen) {
  RelayPorts ports;
  ServerConfig config = make_config();
  config.relay_hosts = {{ip("45.10.10.10"), ip("45.10.10.10")}};
  config.relay_ports = &ports;
  config.first_port = config.last_port = 50000;
  TestServer first(config);
  TestServer second(config);
  TestClient ada(first, udp_from("198.51.100.7:1234"));
  ASSERT_EQ(ada.allocate().code(), 0);
  second.ports_in_use = 100;
  TestClient bob(second, udp_from("198.51.100.8:1234"), {"bob", "builder"});
  EXPECT_EQ(bob.allocate().code(), 508);
  EXPECT_TRUE(ports.has(net::Transport::kUdp, address("45.10.10.10:50000")));
}

}  // namespace
}  // namespace parley::turn
