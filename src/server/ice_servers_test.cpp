#include "server/ice_servers.h"

#include <gtest/gtest.h>

#include <fmt/core.h>

#include "turn/credentials.h"

namespace parley::server {
namespace {

using namespace std::chrono_literals;
using Urls = std::vector<std::string>;

constexpr UnixTime kNow{1'700'000'000s};

IceServers stun_only(std::optional<net::IpAddress> public_address = {}) {
  return IceServers({.port = 3478, .public_address = public_address});
}

IceServers with_turn(std::optional<net::IpAddress> public_address = {}) {
  return IceServers({.port = 3478,
                     .tls_port = 5349,
                     .turn = true,
                     .public_address = public_address,
                     .secret = "secret",
                     .user_key = {1, 2, 3}});
}

std::string stun_url(const IceServers& servers, std::string_view host) {
  const auto list = servers.for_client({.host = host}, kNow);
  return list.empty() ? "none" : list.front().urls.front();
}

TEST(IceServers, AreReachedByTheNameThatTheClientUsed) {
  const IceServers servers = stun_only();
  EXPECT_EQ(stun_url(servers, "meet.example.org"), "stun:meet.example.org:3478");
  EXPECT_EQ(stun_url(servers, "localhost:8080"), "stun:localhost:3478");
  EXPECT_EQ(stun_url(servers, "192.0.2.1:8080"), "stun:192.0.2.1:3478");
  EXPECT_EQ(stun_url(servers, "[2001:db8::1]:8443"), "stun:[2001:db8::1]:3478");
  EXPECT_EQ(stun_url(servers, "[2001:db8::1]"), "stun:[2001:db8::1]:3478");
}

TEST(IceServers, AreReachedByThePublicAddressWhereThereIsOne) {
  EXPECT_EQ(stun_url(stun_only(net::IpAddress::parse("203.0.113.7")), "x.ngrok.example"),
            "stun:203.0.113.7:3478");
  EXPECT_EQ(stun_url(stun_only(net::IpAddress::parse("2001:db8::7")), "x.ngrok.example"),
            "stun:[2001:db8::7]:3478");
}

TEST(IceServers, AreNoneWithoutPortsOrAName) {
  EXPECT_EQ(stun_url(IceServers(), "localhost"), "none");
  EXPECT_EQ(stun_url(stun_only(), ""), "none");
  EXPECT_EQ(stun_url(stun_only(), ":8080"), "none");
  EXPECT_EQ(stun_url(stun_only(), "[::1"), "none");
}

TEST(IceServers, HaveNoLoginForStunAlone) {
  const auto list = stun_only().for_client({.host = "localhost"}, kNow);
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].username, std::nullopt);
  EXPECT_EQ(list[0].credential, std::nullopt);
}

TEST(IceServers, OfferTheRelayByEveryTransport) {
  const auto list = with_turn().for_client({.host = "10.0.0.1:8080", .who = "ada"}, kNow);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].urls, Urls{"stun:10.0.0.1:3478"});
  EXPECT_EQ(list[1].urls,
            (Urls{"turn:10.0.0.1:3478?transport=udp", "turn:10.0.0.1:3478?transport=tcp",
                  "turns:10.0.0.1:5349?transport=tcp"}));
}

TEST(IceServers, NameTheCertificatesNameOverTls) {
  const IceServers servers = with_turn(net::IpAddress::parse("203.0.113.7"));
  const auto secure = servers.for_client({.host = "meet.example.org:8443", .https = true}, kNow);
  EXPECT_EQ(secure.at(1).urls,
            (Urls{"turn:203.0.113.7:3478?transport=udp", "turn:203.0.113.7:3478?transport=tcp",
                  "turns:meet.example.org:5349?transport=tcp"}));
  const auto plain = servers.for_client({.host = "meet.example.org:8080"}, kNow);
  EXPECT_EQ(plain.at(1).urls.back(), "turns:203.0.113.7:5349?transport=tcp");
  const auto nameless = servers.for_client({.host = ":8443", .https = true}, kNow);
  EXPECT_EQ(nameless.at(1).urls.back(), "turns:203.0.113.7:5349?transport=tcp");
}

TEST(IceServers, OfferWhatIsOnAlone) {
  const IceServers only_tls({.tls_port = 443, .turn = true, .secret = "secret"});
  const auto list = only_tls.for_client({.host = "a.example", .https = true}, kNow);
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].urls, Urls{"turns:a.example:443?transport=tcp"});

  const IceServers no_tls({.port = 3478, .turn = true, .secret = "secret"});
  EXPECT_EQ(no_tls.for_client({.host = "a.example"}, kNow).at(1).urls.size(), 2u);

  const IceServers no_turn({.port = 3478, .tls_port = 5349, .secret = "secret"});
  EXPECT_EQ(no_turn.for_client({.host = "a.example"}, kNow).size(), 1u);
}

class IceServersLogin : public testing::Test {
 protected:
  turn::Login login(std::string_view who, UnixTime now = kNow) const {
    const auto server = servers_.for_client({.host = "localhost", .who = who}, now).at(1);
    return {*server.username, *server.credential};
  }

  IceServers servers_ = with_turn();
};

TEST_F(IceServersLogin, IsKnownToTheRelayUntilItExpires) {
  const turn::Credentials relay("parley", {}, {"secret"});
  const turn::Login ada = login("ada");
  EXPECT_EQ(relay.keys(ada.username, kNow + 23h), std::vector{turn::make_keys("parley", ada)});
  EXPECT_TRUE(relay.keys(ada.username, kNow + 25h).empty());
}

TEST_F(IceServersLogin, CountsForOnePersonWhoeverElseAsks) {
  const auto user = [&](std::string_view who, UnixTime now) {
    return std::string(turn::user_of(login(who, now).username));
  };
  EXPECT_EQ(user("ada", kNow), user("ada", kNow + 1h));
  EXPECT_NE(user("ada", kNow), user("bob", kNow));
}

TEST_F(IceServersLogin, TellsNobodyWhoItIs) {
  const turn::Login ada = login("ada");
  EXPECT_EQ(ada.username.find("ada"), std::string::npos);
  EXPECT_EQ(turn::user_of(ada.username).size(), kPageUser.size() + 12);
  const IceServers elsewhere({.port = 3478, .turn = true, .secret = "secret"});
  const auto there = elsewhere.for_client({.host = "localhost", .who = "ada"}, kNow).at(1);
  EXPECT_NE(turn::user_of(*there.username), turn::user_of(ada.username));
}

TEST_F(IceServersLogin, MayBeForAShorterTime) {
  const auto list = servers_.for_client({.host = "localhost"}, kNow, 10min);
  EXPECT_TRUE(list.at(1).username->starts_with("1700000600:"));
}

TEST_F(IceServersLogin, IsMadeUnderTheNewestSecret) {
  const std::string before = login("ada").password;
  servers_.set_secret("newer");
  const turn::Login after = login("ada");
  EXPECT_NE(after.password, before);
  const turn::Credentials relay("parley", {}, {"newer", "secret"});
  EXPECT_EQ(relay.keys(after.username, kNow).front(), turn::make_keys("parley", after));
}

}  // namespace
}  // namespace parley::server
