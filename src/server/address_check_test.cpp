#include "server/address_check.h"

#include <gtest/gtest.h>

namespace parley::server {
namespace {

using Warnings = std::vector<std::string>;

net::IpAddress ip(std::string_view text) {
  return net::IpAddress::parse(text).value();
}

HostAddresses home() {
  return {.all = {ip("127.0.0.1"), ip("10.0.0.5"), ip("::1"), ip("fd00::5")},
          .primary_v4 = ip("10.0.0.5"),
          .primary_v6 = ip("fd00::5")};
}

HostAddresses hosted() {
  return {.all = {ip("127.0.0.1"), ip("8.0.0.5"), ip("2a00::5")},
          .primary_v4 = ip("8.0.0.5"),
          .primary_v6 = ip("2a00::5")};
}

Config announcing(std::string_view address) {
  Config config;
  config.public_address = ip(address);
  return config;
}

Config::Listen listen(std::string_view address) {
  return {.address = net::SocketAddress::parse(address).value()};
}

Warnings check(const Config& config, const HostAddresses& host = hosted(),
               std::vector<std::string> page_names = {}) {
  return check_addresses(address_facts(config, host, 4, std::move(page_names)));
}

// The beginning of the only one.
std::string only(const Warnings& warnings) {
  EXPECT_EQ(warnings.size(), 1u) << testing::PrintToString(warnings);
  return warnings.empty() ? "" : warnings.front();
}

void expect_start(const std::string& text, std::string_view start) {
  EXPECT_EQ(text.substr(0, start.size()), start);
}

TEST(AddressCheck, HasNothingAgainstTheDefaults) {
  EXPECT_EQ(check({}), Warnings{});
  EXPECT_EQ(check({}, home()), Warnings{});
  EXPECT_EQ(check({}, {}), Warnings{});
}

TEST(AddressCheck, HasNothingAgainstAPublicAddressOfOursOrOfTheNats) {
  EXPECT_EQ(check(announcing("8.0.0.5")), Warnings{});
  EXPECT_EQ(check(announcing("2a00::5")), Warnings{});
  EXPECT_EQ(check(announcing("8.8.8.8"), home()), Warnings{});
}

TEST(AddressCheck, FindsAddressesThatReachNobody) {
  const auto flaw = [](std::string_view address) {
    const std::string text = only(check(announcing(address)));
    const std::size_t from = text.find("which is ") + 9;
    return text.substr(from, text.find(": clients", from) - from);
  };
  EXPECT_EQ(flaw("224.0.0.1"), "a group of hosts (multicast)");
  EXPECT_EQ(flaw("ff02::1"), "a group of hosts (multicast)");
  EXPECT_EQ(flaw("203.0.113.7"), "an example out of documentation");
  EXPECT_EQ(flaw("2001:db8::7"), "an example out of documentation");
  EXPECT_EQ(flaw("100.64.0.1"), "one that a provider shares among its customers");
  EXPECT_EQ(flaw("240.0.0.1"), "reserved");
  EXPECT_EQ(flaw("192.168.1.2"), "private and not of this host (those are 8.0.0.5, 2a00::5)");
  EXPECT_EQ(flaw("fe80::1"), "private and not of this host (those are 8.0.0.5, 2a00::5)");
}

TEST(AddressCheck, SaysWhatToDoAboutIt) {
  EXPECT_EQ(only(check(announcing("127.0.0.1"), home())),
            "public_address is 127.0.0.1, which is this computer to itself: clients cannot reach "
            "STUN and TURN there. Set public_address to the address under which people reach this "
            "host, or leave it out.");
}

TEST(AddressCheck, BelievesWhatThisHostHas) {
  EXPECT_EQ(check(announcing("10.0.0.5"), home()), Warnings{});
  const HostAddresses lab{.all = {ip("203.0.113.7")}, .primary_v4 = ip("203.0.113.7")};
  EXPECT_EQ(check(announcing("203.0.113.7"), lab), Warnings{});
}

TEST(AddressCheck, FindsAFamilyThatNobodyListensOn) {
  Config config = announcing("2a00::5");
  config.stun.listen = listen("0.0.0.0:3478");
  EXPECT_EQ(only(check(config)),
            "Clients are sent to public_address 2a00::5, but stun.listen is 0.0.0.0:3478, which "
            "takes IPv4 alone. Set stun.listen = \"[::]:3478\".");
  config = announcing("8.0.0.5");
  config.turn.tls = listen("[2a00::5]:5349");
  expect_start(only(check(config)),
               "Clients are sent to public_address 8.0.0.5, but turn.tls is [2a00::5]:5349, which "
               "takes IPv6 alone.");
}

TEST(AddressCheck, FindsThatOnlyThisComputerIsHeard) {
  Config config = announcing("8.0.0.5");
  config.stun.listen = listen("127.0.0.1:3478");
  expect_start(only(check(config)),
               "Clients are sent to public_address 8.0.0.5, but stun.listen is 127.0.0.1:3478, "
               "which hears this computer alone.");
  config.stun.listen.enabled = false;
  EXPECT_EQ(check(config), Warnings{});
  config.public_address.reset();
  config.stun.listen = listen("127.0.0.1:3478");
  EXPECT_EQ(check(config), Warnings{});
}

TEST(AddressCheck, FindsThatAnotherAddressIsHeard) {
  HostAddresses two = hosted();
  two.all.push_back(ip("8.0.0.6"));
  Config config = announcing("8.0.0.6");
  config.stun.listen = listen("8.0.0.5:3478");
  expect_start(only(check(config, two)),
               "Clients are sent to public_address 8.0.0.6, but stun.listen is 8.0.0.5:3478, which "
               "is another address of this host.");
  // A NAT may well lead there.
  config.public_address = ip("8.8.8.8");
  EXPECT_EQ(check(config, two), Warnings{});
}

TEST(AddressCheck, FindsListenersAmongTheRelaysPorts) {
  Config config;
  config.https.listen = listen("0.0.0.0:50000");
  EXPECT_EQ(only(check(config)),
            "https.listen is 0.0.0.0:50000, among the ports of relayed addresses, 49152 to 65535: "
            "what opens your firewall for these opens it for that, too. Move it, or set "
            "turn.first_port and turn.last_port.");
  config.https.listen = listen("127.0.0.1:50000");
  EXPECT_EQ(check(config), Warnings{});  // The relay is on another address.
  config.https.listen = listen("0.0.0.0:50000");
  config.turn.enabled = false;
  EXPECT_EQ(check(config), Warnings{});
}

TEST(AddressCheck, FindsTheOtherPortOfStunAmongTheRelaysPorts) {
  Config config;
  config.stun.listen = listen("8.0.0.5:3478");
  config.stun.alternate = {.ip = ip("8.0.0.6"), .port = 50'000};
  expect_start(only(check(config)), "stun.alternate is 8.0.0.5:50000, among the ports");
  config.stun.alternate->port.reset();
  EXPECT_EQ(check(config), Warnings{});
}

TEST(AddressCheck, KnowsThatEachWorkerHasAMediaPort) {
  Config config;
  config.media.listen = listen("0.0.0.0:49148");
  EXPECT_EQ(check(config), Warnings{});  // To 49151.
  config.media.listen = listen("0.0.0.0:49149");
  expect_start(only(check(config)), "media.listen is 0.0.0.0:49149, among the ports");
}

TEST(AddressCheck, CountsThePortsOfTheRelay) {
  Config config;
  config.turn.first_port = 50'000;
  config.turn.last_port = 50'999;
  EXPECT_EQ(only(check(config)),
            "turn.first_port to turn.last_port are 1000 ports, fewer than turn.max_allocations, "
            "10000.");
  config.turn.max_allocations = 1'000;
  EXPECT_EQ(check(config), Warnings{});
}

TEST(AddressCheck, FindsAPublicPageWithAPrivateRelay) {
  EXPECT_EQ(only(check({}, home(), {"server", "localhost", "meet.example.org"})),
            "The page is reached as meet.example.org, but the relay has no public address "
            "(10.0.0.5, fd00::5): people elsewhere will not reach it. Set public_address = \"IP\" "
            "to the address of your router or cloud, and forward UDP and TCP 3478, TCP 5349, UDP "
            "and TCP 40000 to 40003, UDP 49152 to 65535 to this host.");
  EXPECT_EQ(check({}, home(), {"server.local", "10.0.0.5"}), Warnings{});
  EXPECT_EQ(check({}, hosted(), {"meet.example.org"}), Warnings{});
  EXPECT_EQ(check(announcing("8.8.8.8"), home(), {"meet.example.org"}), Warnings{});
  EXPECT_EQ(check(announcing("10.0.0.5"), home(), {"meet.example.org"}).size(), 1u);
  Config peers_alone;
  peers_alone.media.sfu = false;
  EXPECT_EQ(only(check(peers_alone, home(), {"meet.example.org"})).find("40000"),
            std::string::npos);
  Config off;
  off.turn.enabled = false;
  EXPECT_EQ(check(off, home(), {"meet.example.org"}), Warnings{});
}

TEST(AddressCheck, LooksAtHttpsWhereItsPortIsTheOnlyOne) {
  Config config = announcing("2a00::5");
  config.single_port = true;
  config.stun.listen = listen("127.0.0.1:3478");  // Nobody listens there.
  EXPECT_EQ(check(config), Warnings{});
  config.https.listen = listen("0.0.0.0:8443");
  expect_start(only(check(config)),
               "Clients are sent to public_address 2a00::5, but https.listen is 0.0.0.0:8443, "
               "which takes IPv4 alone. Set https.listen = \"[::]:8443\".");
  config.public_address = std::nullopt;
  EXPECT_NE(only(check(config, home(), {"meet.example.org"}))
                .find("forward UDP and TCP 8443, UDP 49152 to 65535 to this host"),
            std::string::npos);
}

TEST(AddressCheck, HearsLaterByWhichNameThePageIsReached) {
  const AddressFacts facts = address_facts({}, home(), 4, {});
  EXPECT_EQ(check_page_name(facts, "meet.example.org"),
            check({}, home(), {"meet.example.org"}).front());
  EXPECT_EQ(check_page_name(facts, "server.local"), std::nullopt);
  EXPECT_EQ(check_page_name(address_facts({}, hosted(), 4, {}), "meet.example.org"), std::nullopt);
}

TEST(AddressCheck, TellsPublicNames) {
  for (const char* name : {"meet.example.org", "example.com", "8.8.8.8", "2a00::1"}) {
    EXPECT_TRUE(is_public_name(name)) << name;
  }
  for (const char* name : {"localhost", "server", "server.local", "nas.home.arpa", "nas.lan",
                           "a.internal", "10.0.0.5", "127.0.0.1", "fd00::1", ""}) {
    EXPECT_FALSE(is_public_name(name)) << name;
  }
}

}  // namespace
}  // namespace parley::server
