#include "server/relay_addresses.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace parley::server {
namespace {

net::IpAddress ip(std::string_view text) {
  return net::IpAddress::parse(text).value();
}

// A cloud's host: private addresses towards the world, which a one-to-one NAT may translate.
HostAddresses cloud() {
  return {.all = {ip("127.0.0.1"), ip("172.17.0.1"), ip("10.0.0.5"), ip("::1"), ip("fd00::5")},
          .primary_v4 = ip("10.0.0.5"),
          .primary_v6 = ip("fd00::5")};
}

HostAddresses alone() {
  return {.all = {ip("127.0.0.1"), ip("::1")}};
}

// "local" or "local=announced", each.
std::string hosts(const Config& config, const HostAddresses& host = cloud()) {
  std::string text;
  for (const turn::RelayHost& relay : relay_hosts(config, host)) {
    if (!text.empty()) text += ' ';
    text += relay.local.to_string();
    if (relay.announced != relay.local) text += '=' + relay.announced.to_string();
  }
  return text;
}

Config announcing(std::string_view address) {
  Config config;
  config.public_address = ip(address);
  return config;
}

Config listening_on(std::string_view address) {
  Config config;
  config.stun.listen.address.ip = ip(address);
  return config;
}

TEST(RelayHosts, AreThePrimaryAddresses) {
  EXPECT_EQ(hosts({}), "10.0.0.5 fd00::5");
  HostAddresses without_v6 = cloud();
  without_v6.primary_v6.reset();
  EXPECT_EQ(hosts({}, without_v6), "10.0.0.5");
}

TEST(RelayHosts, HaveThePublicAddressWhereItIsOnThisHost) {
  EXPECT_EQ(hosts(announcing("172.17.0.1")), "172.17.0.1 fd00::5");
  EXPECT_EQ(hosts(announcing("fd00::5")), "10.0.0.5 fd00::5");
}

TEST(RelayHosts, StandBehindANatWhereItIsElsewhere) {
  EXPECT_EQ(hosts(announcing("198.51.100.1")), "10.0.0.5=198.51.100.1 fd00::5");
  EXPECT_EQ(hosts(announcing("2001:db8::1")), "10.0.0.5 fd00::5=2001:db8::1");
}

TEST(RelayHosts, AreOnTheOneAddressThatIsListenedOn) {
  EXPECT_EQ(hosts(listening_on("172.17.0.1")), "172.17.0.1");
  EXPECT_EQ(hosts(listening_on("127.0.0.1")), "127.0.0.1");
  EXPECT_EQ(hosts(listening_on("::1")), "::1");
  Config config = listening_on("10.0.0.5");
  config.public_address = ip("198.51.100.1");
  EXPECT_EQ(hosts(config), "10.0.0.5=198.51.100.1");
  config.public_address = ip("172.17.0.1");
  EXPECT_EQ(hosts(config), "10.0.0.5=172.17.0.1");
}

TEST(RelayHosts, AreOfTheFamiliesThatAreListenedOn) {
  EXPECT_EQ(hosts(listening_on("0.0.0.0")), "10.0.0.5");
  EXPECT_EQ(hosts(listening_on("::")), "10.0.0.5 fd00::5");
}

TEST(RelayHosts, GoByTlsWhereThereIsNothingElse) {
  Config config;
  config.stun.listen.enabled = false;
  config.turn.tls.address.ip = ip("172.17.0.1");
  EXPECT_EQ(hosts(config), "172.17.0.1");
}

TEST(RelayHosts, GoByHttpsWhereItsPortIsTheOnlyOne) {
  Config config = listening_on("10.0.0.5");
  config.single_port = true;
  config.https.listen.address.ip = ip("172.17.0.1");
  EXPECT_EQ(hosts(config), "172.17.0.1");
}

TEST(RelayHosts, AreLoopbackOnAHostThatIsAlone) {
  EXPECT_EQ(hosts({}, alone()), "127.0.0.1 ::1");
  EXPECT_EQ(hosts({}, {}), "");
}

std::string media_at(const Config& config, const HostAddresses& host) {
  std::string all;
  for (const net::IpAddress& one : media_addresses(config, host)) {
    all += (all.empty() ? "" : " ") + one.to_string();
  }
  return all;
}

TEST(MediaAddresses, AreThoseOfTheRelayWhereMediaListens) {
  EXPECT_EQ(media_at({}, cloud()), "10.0.0.5 fd00::5");
  EXPECT_EQ(media_at({}, alone()), "127.0.0.1 ::1");
  Config config;
  config.media.listen.address.ip = ip("0.0.0.0");
  EXPECT_EQ(media_at(config, cloud()), "10.0.0.5");
  EXPECT_EQ(media_at(config, alone()), "127.0.0.1");
  config.media.listen.address.ip = ip("172.17.0.1");
  EXPECT_EQ(media_at(config, cloud()), "172.17.0.1");
  config.single_port = true;
  config.https.listen.address.ip = ip("0.0.0.0");
  EXPECT_EQ(media_at(config, cloud()), "10.0.0.5");
}

TEST(MediaAddresses, AreBothSidesOfANat) {
  EXPECT_EQ(media_at(announcing("198.51.100.1"), cloud()), "198.51.100.1 fd00::5 10.0.0.5");
  EXPECT_EQ(media_at(announcing("172.17.0.1"), cloud()), "172.17.0.1 fd00::5");
  Config config = announcing("198.51.100.1");
  config.media.listen.address.ip = ip("0.0.0.0");
  EXPECT_EQ(media_at(config, cloud()), "198.51.100.1 10.0.0.5");
}

TEST(PeerPolicyOfTheServer, KnowsItsOwnAddresses) {
  const turn::PeerPolicy policy(peer_policy(announcing("198.51.100.1"), cloud(), {40'000}));
  for (const char* own : {"10.0.0.5", "172.17.0.1", "198.51.100.1", "fd00::5"}) {
    EXPECT_TRUE(policy.allows(net::SocketAddress{ip(own), 50'000}, true)) << own;
    EXPECT_TRUE(policy.allows(net::SocketAddress{ip(own), 40'000}, false)) << own;  // Media.
    EXPECT_FALSE(policy.allows(net::SocketAddress{ip(own), 8'080}, false)) << own;
  }
  EXPECT_TRUE(policy.allows(net::SocketAddress{ip("8.8.8.8"), 53}, false));
  EXPECT_FALSE(policy.allows(net::SocketAddress{ip("10.0.0.6"), 50'000}, false));
}

TEST(PeerPolicyOfTheServer, KeepsNeighboursOut) {
  HostAddresses host = cloud();
  host.all.push_back(ip("2a00::5"));
  host.networks = {net::Network::parse("10.0.0.5/24").value(),
                   net::Network::parse("2a00::5/64").value()};
  const turn::PeerPolicy policy(peer_policy({}, host, {}));
  EXPECT_FALSE(policy.allows(ip("2a00::6")));
  EXPECT_TRUE(policy.allows(ip("2a00::5")));
  EXPECT_TRUE(policy.allows(ip("2a00:0:0:1::6")));
  Config config;
  config.turn.allow_peers = {net::Network::parse("2a00::/64").value()};
  EXPECT_TRUE(turn::PeerPolicy(peer_policy(config, host, {})).allows(ip("2a00::6")));
}

// Whatever this host has: each network has one of its addresses, and room for another.
TEST(HostAddressesOfThisHost, HaveTheirNetworks) {
  const HostAddresses host = HostAddresses::of_this_host();
  for (const net::Network& network : host.networks) {
    EXPECT_NE(std::ranges::find(host.all, network.address), host.all.end()) << network.to_string();
    EXPECT_FALSE(network.address.is_loopback());
    EXPECT_GT(network.prefix, 0u);
    EXPECT_LT(network.prefix, network.address.bytes().size() * 8);
  }
}

TEST(PeerPolicyOfTheServer, KeepsLoopbackOutSaveWhereTheRelayIsThere) {
  const turn::PeerPolicy policy(peer_policy({}, cloud(), {40'000}));
  EXPECT_FALSE(policy.allows(ip("127.0.0.1")));
  EXPECT_FALSE(policy.allows(ip("::1")));
  const turn::PeerPolicy there(peer_policy(listening_on("127.0.0.1"), cloud(), {40'000}));
  EXPECT_TRUE(there.allows(net::SocketAddress{ip("127.0.0.1"), 50'000}, true));
  EXPECT_FALSE(there.allows(net::SocketAddress{ip("127.0.0.1"), 8'080}, false));
  EXPECT_FALSE(there.allows(ip("127.0.0.2")));
}

TEST(PeerPolicyOfTheServer, HasLoopbackForTests) {
  Config config;
  config.test_hooks = true;
  const turn::PeerPolicy policy(peer_policy(config, cloud(), {}));
  EXPECT_TRUE(policy.allows(net::SocketAddress{ip("127.0.0.1"), 8'080}, false));
  EXPECT_TRUE(policy.allows(net::SocketAddress{ip("127.1.2.3"), 8'080}, false));
  EXPECT_TRUE(policy.allows(net::SocketAddress{ip("::1"), 8'080}, false));
}

TEST(PeerPolicyOfTheServer, DoesWhatTheOperatorSays) {
  Config config;
  config.turn.allow_peers = {net::Network::parse("10.0.0.0/24").value()};
  config.turn.deny_peers = {net::Network::parse("8.8.0.0/16").value()};
  config.turn.nat64 = {net::Network::parse("2a00:64::/96").value()};
  const turn::PeerPolicy policy(peer_policy(config, cloud(), {}));
  EXPECT_TRUE(policy.allows(net::SocketAddress{ip("10.0.0.6"), 8'080}, false));
  EXPECT_FALSE(policy.allows(ip("8.8.8.8")));
  EXPECT_FALSE(policy.allows(ip("2a00:64::8.8.8.8")));
  EXPECT_FALSE(policy.allows(ip("2a00:64::192.168.1.1")));
}

}  // namespace
}  // namespace parley::server
