#include "server/settings.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace parley::server {
namespace {

std::string problem(std::string_view key, const SettingValue& value) {
  Config config;
  return apply(*find_setting(key), value, config).value_or("");
}

template <class T>
SettingValue texts(std::initializer_list<T> list) {
  return std::vector<std::string>(list.begin(), list.end());
}

TEST(Settings, HaveDistinctKeysAndFlags) {
  for (const Setting& a : all_settings()) {
    EXPECT_FALSE(a.meaning.empty()) << a.key;
    for (const Setting& b : all_settings()) {
      if (&a == &b) continue;
      EXPECT_NE(a.key, b.key);
      EXPECT_TRUE(a.flag.empty() || a.flag != b.flag) << a.flag;
    }
  }
}

TEST(Settings, SayWhatAnAddressMustBe) {
  const std::string must = "must be an address and port such as 127.0.0.1:8080 or [::1]:8080, not ";
  EXPECT_EQ(problem("http.listen", "8080"), must + "\"8080\"");
  EXPECT_EQ(problem("http.listen", "localhost:8080"), must + "\"localhost:8080\"");
  EXPECT_EQ(problem("http.listen", "off"), must + "\"off\"");
  EXPECT_EQ(problem("http.listen", std::int64_t{8080}), must + "8080");
  EXPECT_EQ(problem("https.listen", "no"),
            "must be an address and port such as 0.0.0.0:8443 or [::]:8443, or \"off\", not "
            "\"no\"");
}

TEST(Settings, TakeAddressesAndOff) {
  Config config;
  EXPECT_FALSE(config.https.listen.asked_for);
  EXPECT_FALSE(apply(*find_setting("https.listen"), "[::1]:0", config));
  EXPECT_EQ(config.https.listen.address.to_string(), "[::1]:0");
  EXPECT_TRUE(config.https.listen.asked_for);
  EXPECT_FALSE(apply(*find_setting("https.listen"), "off", config));
  EXPECT_FALSE(config.https.listen.enabled);
  EXPECT_FALSE(apply(*find_setting("stun.listen"), "off", config));
  EXPECT_FALSE(config.stun.listen.enabled);
}

TEST(Settings, TakeASecondAddressOfStunWithAPortOrWithout) {
  Config config;
  for (const auto* text : {"192.0.2.2:3479", "192.0.2.2", "[2001:db8::2]:0", "2001:db8::2"}) {
    EXPECT_FALSE(apply(*find_setting("stun.alternate"), text, config)) << text;
  }
  EXPECT_EQ(config.stun.alternate->ip.to_string(), "2001:db8::2");
  EXPECT_FALSE(config.stun.alternate->port);
  EXPECT_FALSE(apply(*find_setting("stun.alternate"), "192.0.2.2:3479", config));
  EXPECT_EQ(config.stun.alternate->port, 3479);
  for (const auto* text : {"off", "", "192.0.2.2:", "stun.example.org", "[::]:3479"}) {
    EXPECT_TRUE(apply(*find_setting("stun.alternate"), text, config)) << text;
  }
}

TEST(Settings, SayWhatANumberMustBe) {
  const std::string must = "must be a whole number from 2 to 2000, not ";
  EXPECT_EQ(problem("rooms.max_participants", std::int64_t{1}), must + "1");
  EXPECT_EQ(problem("rooms.max_participants", std::int64_t{2001}), must + "2001");
  EXPECT_EQ(problem("rooms.max_participants", "many"), must + "\"many\"");
  EXPECT_EQ(problem("rooms.max_participants", "16x"), must + "\"16x\"");
  EXPECT_EQ(problem("rooms.max_participants", true), must + "true");
  EXPECT_EQ(problem("rooms.max_participants", texts({"2"})), must + "an array");
  EXPECT_EQ(problem("rooms.max_participants", std::int64_t{2}), "");
  EXPECT_EQ(problem("rooms.max_participants", "2000"), "");
}

TEST(Settings, SayWhatTheOthersMustBe) {
  EXPECT_EQ(problem("public_address", "meet.example.org"),
            "must be an IP address such as 203.0.113.7, not \"meet.example.org\"");
  EXPECT_EQ(problem("public_address", "0.0.0.0"),
            "must be an IP address such as 203.0.113.7, not \"0.0.0.0\"");
  EXPECT_EQ(problem("stun.alternate", "0.0.0.0:3479"),
            "must be an IP address of this host, such as 192.0.2.2 or 192.0.2.2:3479, not "
            "\"0.0.0.0:3479\"");
  EXPECT_EQ(problem("log.level", "loud"),
            "must be one of trace, debug, info, warning, error, off, not \"loud\"");
  EXPECT_EQ(problem("data", ""), "must be a text, not \"\"");
  EXPECT_EQ(problem("data", std::int64_t{5}), "must be a text, not 5");
  EXPECT_EQ(problem("test_hooks", "yes"), "must be true or false, not \"yes\"");
  EXPECT_EQ(problem("http.trusted_proxies", texts({"10.0.0.0/8", "proxy"})),
            "must be addresses or blocks such as 10.0.0.0/8, not \"proxy\"");
  EXPECT_EQ(problem("http.trusted_proxies", "10.0.0.0/8"),
            "must be an array of texts, not \"10.0.0.0/8\"");
}

TEST(Settings, TakeOriginsAsBrowsersWriteThem) {
  EXPECT_EQ(
      problem("http.allowed_origins",
              texts({"https://meet.example.org", "http://localhost:5173", "http://[::1]:80", "*"})),
      "");
  for (const char* origin : {"meet.example.org", "https://", "https://a/", "https://A.example",
                             "ftp://a.example", "https://a.example/path", "null"}) {
    EXPECT_EQ(problem("http.allowed_origins", texts({origin})),
              std::string("must be origins such as https://meet.example.org, in small letters and "
                          "without a path, not \"") +
                  origin + "\"");
  }
}

TEST(Settings, NeverRepeatAPassword) {
  EXPECT_EQ(problem("turn.users", texts({"secret"})), "must be NAME:PASSWORD");
  EXPECT_EQ(problem("turn.users", texts({"ada:"})), "must be NAME:PASSWORD");
  EXPECT_EQ(problem("turn.users", texts({":secret"})), "must be NAME:PASSWORD");
  EXPECT_EQ(problem("turn.users", texts({"ada:sec:ret"})), "");
}

TEST(Settings, NeverRepeatASecret) {
  EXPECT_EQ(problem("turn.secrets", texts({"a secret", ""})), "must be texts that are not empty");
  EXPECT_EQ(problem("turn.secrets", texts({"new", "old"})), "");
}

TEST(Settings, SayWhoMayBeRelayedOverTcp) {
  using turn::TcpFor;
  Config config;
  const Setting& tcp = *find_setting("turn.tcp");
  EXPECT_EQ(config.turn.tcp, TcpFor::kUsers);
  for (const auto& [text, meant] :
       {std::pair{"off", TcpFor::kNobody}, {"all", TcpFor::kAll}, {"users", TcpFor::kUsers}}) {
    EXPECT_EQ(apply(tcp, std::string(text), config), std::nullopt);
    EXPECT_EQ(config.turn.tcp, meant);
  }
  EXPECT_EQ(problem("turn.tcp", "guests"), "must be one of off, users, all, not \"guests\"");
}

TEST(Settings, TakeNat64PrefixesFromWhichAnAddressCanBeTold) {
  Config config;
  EXPECT_EQ(apply(*find_setting("turn.nat64"), texts({"2a00:64::/96"}), config), std::nullopt);
  EXPECT_EQ(config.turn.nat64, std::vector{net::Network::parse("2a00:64::/96").value()});
  EXPECT_EQ(problem("turn.nat64", texts({"2a00:64::/80"})),
            "must be IPv6 prefixes of 32, 40, 48, 56, 64 or 96 bits, not \"2a00:64::/80\"");
}

TEST(Settings, SetTheRelay) {
  Config config;
  const auto set = [&](std::string_view key, const SettingValue& value) {
    EXPECT_EQ(apply(*find_setting(key), value, config), std::nullopt) << key;
  };
  set("turn.enabled", false);
  set("turn.tls", "[::1]:443");
  set("turn.realm", "example.org");
  set("turn.secrets", texts({"new", "old"}));
  set("turn.allow_peers", texts({"10.0.0.0/8"}));
  set("turn.deny_peers", texts({"203.0.113.0/24", "2001:db8::/32"}));
  set("turn.first_port", std::int64_t{50'000});
  set("turn.last_port", std::int64_t{50'999});
  set("turn.max_allocations", std::int64_t{900});
  set("turn.user_allocations", std::int64_t{10});
  set("turn.user_mbit", std::int64_t{20});
  set("turn.address_allocations", std::int64_t{30});
  set("turn.address_mbit", std::int64_t{40});
  set("turn.credential_lifetime", std::int64_t{3'600});
  const Config::Turn& turn = config.turn;
  EXPECT_FALSE(turn.enabled);
  EXPECT_EQ(turn.tls.address.to_string(), "[::1]:443");
  EXPECT_TRUE(turn.tls.asked_for);
  EXPECT_EQ(turn.realm, "example.org");
  EXPECT_EQ(turn.secrets, (std::vector<std::string>{"new", "old"}));
  EXPECT_EQ(turn.allow_peers.size(), 1u);
  EXPECT_EQ(turn.deny_peers.size(), 2u);
  EXPECT_EQ(turn.first_port, 50'000);
  EXPECT_EQ(turn.last_port, 50'999);
  EXPECT_EQ(turn.max_allocations, 900);
  EXPECT_EQ(turn.user_allocations, 10);
  EXPECT_EQ(turn.user_mbit, 20);
  EXPECT_EQ(turn.address_allocations, 30);
  EXPECT_EQ(turn.address_mbit, 40);
  EXPECT_EQ(turn.credential_lifetime, std::chrono::hours{1});
}

TEST(Settings, SayWhereMediaGoes) {
  Config config;
  EXPECT_EQ(config.rooms.mesh_limit, 2);
  EXPECT_TRUE(config.media.sfu);
  EXPECT_EQ(apply(*find_setting("rooms.mesh_limit"), std::int64_t{4}, config), std::nullopt);
  EXPECT_EQ(apply(*find_setting("media.sfu"), false, config), std::nullopt);
  EXPECT_EQ(config.rooms.mesh_limit, 4);
  EXPECT_FALSE(config.media.sfu);
  EXPECT_EQ(problem("rooms.mesh_limit", std::int64_t{0}),
            "must be a whole number from 1 to 1000, not 0");
}

TEST(Settings, TakePortsThatThereAre) {
  EXPECT_EQ(problem("turn.first_port", std::int64_t{0}),
            "must be a whole number from 1 to 65535, not 0");
  EXPECT_EQ(problem("turn.last_port", std::int64_t{65'536}),
            "must be a whole number from 1 to 65535, not 65536");
}

TEST(Settings, KnowTheKeyThatWasMeant) {
  EXPECT_EQ(similar_key("http.lisen"), "http.listen");
  EXPECT_EQ(similar_key("rooms.max_participant"), "rooms.max_participants");
  EXPECT_EQ(similar_key("colour"), std::nullopt);
}

}  // namespace
}  // namespace parley::server
