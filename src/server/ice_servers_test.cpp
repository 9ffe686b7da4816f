#include "server/ice_servers.h"

#include <gtest/gtest.h>

namespace parley::server {
namespace {

std::string url(const IceServers& servers, std::string_view host) {
  const auto list = servers.for_client(host);
  return list.empty() ? "none" : list.front().urls.front();
}

TEST(IceServers, AreReachedByTheNameThatTheClientUsed) {
  const IceServers servers(3478, std::nullopt);
  EXPECT_EQ(url(servers, "meet.example.org"), "stun:meet.example.org:3478");
  EXPECT_EQ(url(servers, "localhost:8080"), "stun:localhost:3478");
  EXPECT_EQ(url(servers, "192.0.2.1:8080"), "stun:192.0.2.1:3478");
  EXPECT_EQ(url(servers, "[2001:db8::1]:8443"), "stun:[2001:db8::1]:3478");
  EXPECT_EQ(url(servers, "[2001:db8::1]"), "stun:[2001:db8::1]:3478");
}

TEST(IceServers, AreReachedByThePublicAddressWhereThereIsOne) {
  EXPECT_EQ(url(IceServers(3479, net::IpAddress::parse("203.0.113.7")), "x.ngrok.example"),
            "stun:203.0.113.7:3479");
  EXPECT_EQ(url(IceServers(3479, net::IpAddress::parse("2001:db8::7")), "x.ngrok.example"),
            "stun:[2001:db8::7]:3479");
}

TEST(IceServers, AreNoneWithoutStunOrAName) {
  EXPECT_EQ(url(IceServers(), "localhost"), "none");
  EXPECT_EQ(url(IceServers(3478, std::nullopt), ""), "none");
  EXPECT_EQ(url(IceServers(3478, std::nullopt), ":8080"), "none");
  EXPECT_EQ(url(IceServers(3478, std::nullopt), "[::1"), "none");
}

}  // namespace
}  // namespace parley::server
