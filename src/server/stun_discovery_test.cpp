#include "server/stun_discovery.h"

#include <gtest/gtest.h>

namespace parley::server {
namespace {

Config config(std::string_view stun, std::string_view alternate,
              std::optional<std::uint16_t> port = {}) {
  Config config;
  config.stun.listen.address = net::SocketAddress::parse(stun).value();
  config.stun.alternate = {.ip = net::IpAddress::parse(alternate).value(), .port = port};
  return config;
}

std::string problem(const Config& config) {
  return check_stun_alternate(config).value_or("");
}

TEST(StunAlternate, MayBeMissing) {
  EXPECT_EQ(problem({}), "");
}

TEST(StunAlternate, IsAnotherAddressAndAnotherPort) {
  EXPECT_EQ(problem(config("192.0.2.1:3478", "192.0.2.2")), "");
  EXPECT_EQ(problem(config("192.0.2.1:3478", "192.0.2.2", 3480)), "");
  EXPECT_EQ(problem(config("[2001:db8::1]:3478", "2001:db8::2")), "");
  EXPECT_EQ(problem(config("127.0.0.1:0", "127.0.0.2", 0)), "");
  EXPECT_EQ(problem(config("192.0.2.1:3478", "192.0.2.1", 3479)),
            "stun.alternate must be another IP address than that of stun.listen, 192.0.2.1.");
  EXPECT_EQ(problem(config("192.0.2.1:3478", "192.0.2.2", 3478)),
            "stun.alternate must have another port than stun.listen, 3478.");
  EXPECT_EQ(problem(config("192.0.2.1:3478", "2001:db8::2")),
            "stun.alternate, 2001:db8::2, and stun.listen, 192.0.2.1:3478, must both be of IPv4 or "
            "both of IPv6.");
}

TEST(StunAlternate, NeedsOneAddressToBeBeside) {
  for (const auto* any : {"[::]:3478", "0.0.0.0:3478"}) {
    EXPECT_EQ(problem(config(any, "192.0.2.2")),
              "stun.alternate needs stun.listen to be one address, such as 192.0.2.1:3478, not " +
                  std::string(any) + ".");
  }
  Config off = config("192.0.2.1:3478", "192.0.2.2");
  off.stun.listen.enabled = false;
  EXPECT_EQ(problem(off), "stun.alternate is beside stun.listen, which is off.");
  off.single_port = true;
  EXPECT_EQ(problem(off), "stun.alternate is beside stun.listen, not beside a single_port.");
}

TEST(StunAlternate, IsKnownBehindAOneToOneNatByItsPublicAddress) {
  const auto ip = [](std::string_view text) { return net::IpAddress::parse(text).value(); };
  Config behind = config("10.0.0.1:3478", "10.0.0.2");
  EXPECT_FALSE(announced_stun(behind));
  behind.public_address = ip("203.0.113.7");
  EXPECT_EQ(problem(behind),
            "stun.alternate needs stun.alternate_public_address, as clients reach stun.listen, "
            "10.0.0.1, under public_address, 203.0.113.7.");
  behind.stun.alternate_public_address = ip("203.0.113.8");
  EXPECT_EQ(problem(behind), "");
  EXPECT_EQ(announced_stun(behind), (std::array{ip("203.0.113.7"), ip("203.0.113.8")}));
  behind.stun.alternate_public_address = ip("203.0.113.7");
  EXPECT_EQ(problem(behind),
            "stun.alternate_public_address must be another address than 203.0.113.7.");
  behind.stun.alternate_public_address = ip("2001:db8::8");
  EXPECT_EQ(problem(behind),
            "stun.alternate needs public addresses of the family of stun.listen, 10.0.0.1.");
}

TEST(StunAlternate, IsKnownAsItIsWhereThePublicAddressIsThatOfStun) {
  Config open = config("192.0.2.1:3478", "192.0.2.2");
  open.public_address = open.stun.listen.address.ip;
  EXPECT_EQ(problem(open), "");
  EXPECT_EQ(announced_stun(open),
            (std::array{open.stun.listen.address.ip, open.stun.alternate->ip}));
}

TEST(StunAlternate, IsOnePortAboveUnlessItIsSaid) {
  const auto at = [](const Config& config, std::uint16_t taken) {
    return stun_alternate(config, {config.stun.listen.address.ip, taken}).to_string();
  };
  EXPECT_EQ(at(config("192.0.2.1:3478", "192.0.2.2"), 3478), "192.0.2.2:3479");
  EXPECT_EQ(at(config("192.0.2.1:3478", "192.0.2.2", 5000), 3478), "192.0.2.2:5000");
  EXPECT_EQ(at(config("192.0.2.1:0", "192.0.2.2"), 41'000), "192.0.2.2:0");
  EXPECT_EQ(problem(config("192.0.2.1:65535", "192.0.2.2")),
            "stun.alternate needs a port: there is none above that of stun.listen, 65535.");
}

}  // namespace
}  // namespace parley::server
