#include "peer/ice_servers.h"

#include <gtest/gtest.h>

namespace parley::peer {
namespace {

using ice::RelayProtocol;

TEST(IceServerUrl, SaysWhichServerAndHow) {
  const auto parse = [](std::string_view url) { return IceServerUrl::parse(url).value(); };
  EXPECT_EQ(parse("stun:a.example"),
            (IceServerUrl{.is_turn = false, .host = "a.example", .port = 3478}));
  EXPECT_EQ(parse("turn:192.0.2.1:99?transport=tcp"),
            (IceServerUrl{true, RelayProtocol::kTcp, "192.0.2.1", 99}));
  EXPECT_EQ(parse("turn:[2001:db8::1]:99?transport=udp"),
            (IceServerUrl{true, RelayProtocol::kUdp, "2001:db8::1", 99}));
  EXPECT_EQ(parse("turns:a.example"), (IceServerUrl{true, RelayProtocol::kTls, "a.example", 5349}));
  EXPECT_EQ(parse("turns:[::1]?transport=tcp"),
            (IceServerUrl{true, RelayProtocol::kTls, "::1", 5349}));
}

TEST(IceServerUrl, RefusesWhatIsNone) {
  for (const char* const url :
       {"", "turn", "turn:", "http://a", "turn:a:0", "turn:a:x", "turn:a:70000", "turn:[::1",
        "turn:[a]", "turn:[::1]3", "turn:a?transport=sctp", "turns:a?transport=udp",
        "stun:a?transport=tcp", "turn:a b", "turn://a"}) {
    EXPECT_FALSE(IceServerUrl::parse(url)) << url;
  }
}

TEST(IceServers, KnowAddressesAtOnceAndNamesLater) {
  IceServers servers({{.urls = {"stun:192.0.2.1", "stun:a.example"}},
                      {.urls = {"turn:a.example?transport=tcp", "turns:b.example", "nonsense"},
                       .username = "ada",
                       .credential = "lovelace"}});
  EXPECT_EQ(servers.stun().size(), 1u);
  EXPECT_TRUE(servers.relays().empty());
  ASSERT_EQ(servers.problems().size(), 1u);
  EXPECT_EQ(servers.problems()[0].url, "nonsense");
  EXPECT_EQ(servers.names(), (std::vector<std::string>{"a.example", "b.example"}));

  const auto ip = [](std::string_view text) { return net::IpAddress::parse(text).value(); };
  EXPECT_TRUE(
      servers.resolve("a.example", {ip("192.0.2.7"), ip("192.0.2.8"), ip("2001:db8::7")}).empty());
  EXPECT_EQ(servers.stun().size(), 3u);
  ASSERT_EQ(servers.relays().size(), 2u);
  EXPECT_EQ(servers.relays()[0].address.to_string(), "192.0.2.7:3478");
  EXPECT_EQ(servers.relays()[1].address.to_string(), "[2001:db8::7]:3478");
  EXPECT_EQ(servers.relays()[0].login.username, "ada");
  EXPECT_EQ(servers.relays()[0].url, "turn:a.example?transport=tcp");

  const auto problems = servers.resolve("b.example", {});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].url, "turns:b.example");
  EXPECT_TRUE(servers.names().empty());
}

}  // namespace
}  // namespace parley::peer
