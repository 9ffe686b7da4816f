#include "net/address.h"

#include <gtest/gtest.h>

#include <unordered_set>

namespace parley::net {
namespace {

IpAddress ip(std::string_view text) {
  return IpAddress::parse(text).value();
}

TEST(IpAddress, IsWrittenAsItWasRead) {
  for (const char* text : {"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::1"}) {
    EXPECT_EQ(ip(text).to_string(), text);
  }
}

TEST(IpAddress, IsWrittenInTheShortFormOfRfc5952) {
  EXPECT_EQ(ip("2001:DB8:0:0:0:0:0:0A").to_string(), "2001:db8::a");
}

TEST(IpAddress, RefusesWhatIsNoAddress) {
  for (const std::string_view text :
       {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", " 1.2.3.4", "1.2.3.4 ", "[::1]", "fe80::1%eth0",
        "localhost", ":::", "1:2:3:4:5:6:7:8:9"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
  EXPECT_FALSE(IpAddress::parse(std::string_view("1.2.3.4\0", 8)));
}

TEST(IpAddress, TakesAMappedAddressForTheIpv4AddressThatItIs) {
  EXPECT_EQ(ip("::ffff:192.0.2.1"), ip("192.0.2.1"));
  EXPECT_TRUE(ip("::ffff:192.0.2.1").is_v4());
  EXPECT_TRUE(ip("::fffe:192.0.2.1").is_v6());
}

TEST(IpAddress, ShowsItsBytesInNetworkOrder) {
  EXPECT_EQ(ip("1.2.3.4").bytes().size(), 4u);
  EXPECT_EQ(ip("1.2.3.4").bytes()[3], 4);
  EXPECT_EQ(ip("2001:db8::9").bytes().size(), 16u);
  EXPECT_EQ(ip("2001:db8::9").bytes()[15], 9);
}

TEST(IpAddress, TellsAnyAndLoopbackFromTheRest) {
  EXPECT_TRUE(ip("0.0.0.0").is_any());
  EXPECT_TRUE(ip("::").is_any());
  EXPECT_FALSE(ip("::1").is_any());
  EXPECT_TRUE(ip("127.0.0.1").is_loopback());
  EXPECT_TRUE(ip("127.255.0.1").is_loopback());
  EXPECT_TRUE(ip("::1").is_loopback());
  EXPECT_FALSE(ip("::2").is_loopback());
  EXPECT_FALSE(ip("1::1").is_loopback());
  EXPECT_FALSE(ip("128.0.0.1").is_loopback());
}

TEST(IpAddress, KnowsThePrivateBlocksToTheirLastAddress) {
  for (const char* text :
       {"10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0",
        "192.168.255.255", "169.254.1.1", "fc00::", "fdff::1", "fe80::", "febf::1"}) {
    EXPECT_TRUE(ip(text).is_private()) << text;
  }
  for (const char* text : {"9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0",
                           "192.167.255.255", "192.169.0.0", "fbff::1", "fe00::", "fec0::"}) {
    EXPECT_FALSE(ip(text).is_private()) << text;
  }
}

TEST(Network, ContainsWhatSharesItsPrefix) {
  const Network network = Network::parse("198.51.100.64/27").value();
  EXPECT_TRUE(network.contains(ip("198.51.100.64")));
  EXPECT_TRUE(network.contains(ip("198.51.100.95")));
  EXPECT_FALSE(network.contains(ip("198.51.100.63")));
  EXPECT_FALSE(network.contains(ip("198.51.100.96")));
  EXPECT_FALSE(network.contains(ip("198.51.101.64")));
}

TEST(Network, NeverMixesTheFamilies) {
  EXPECT_FALSE(Network::parse("0.0.0.0/0").value().contains(ip("::1")));
  EXPECT_FALSE(Network::parse("::/0").value().contains(ip("127.0.0.1")));
  EXPECT_TRUE(Network::parse("::/0").value().contains(ip("2001:db8::1")));
}

TEST(Network, IsOneAddressWithoutASlash) {
  EXPECT_EQ(Network::parse("192.0.2.1"), (Network{ip("192.0.2.1"), 32}));
  EXPECT_EQ(Network::parse("::1"), (Network{ip("::1"), 128}));
  EXPECT_EQ(Network::parse("::1")->to_string(), "::1/128");
}

TEST(Network, RefusesABadPrefix) {
  for (const char* text : {"10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x",
                           "10.0.0.0/ 8", "/8", "x/8"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
}

TEST(SocketAddress, IsWrittenAsItWasRead) {
  for (const char* text : {"127.0.0.1:8080", "[::1]:8080", "0.0.0.0:0", "[2001:db8::1]:65535"}) {
    EXPECT_EQ(SocketAddress::parse(text).value().to_string(), text);
  }
}

TEST(SocketAddress, RefusesWhatIsAmbiguousOrOutOfRange) {
  for (const char* text :
       {"", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1",
        "::1:80", "[::1]", "[127.0.0.1]:80", "[::1:80", "[]:1"}) {
    EXPECT_FALSE(SocketAddress::parse(text)) << text;
  }
}

TEST(SocketAddress, CanBeAKey) {
  const std::unordered_set<SocketAddress> set = {
      {ip("127.0.0.1"), 1}, {ip("127.0.0.1"), 1}, {ip("127.0.0.1"), 2}, {ip("::1"), 1}};
  EXPECT_EQ(set.size(), 3u);
}

}  // namespace
}  // namespace parley::net
