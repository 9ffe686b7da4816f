#include "server/links.h"

#include <gtest/gtest.h>

namespace parley::server {
namespace {

const std::vector<net::IpAddress> kLocal = {
    *net::IpAddress::parse("127.0.0.1"), *net::IpAddress::parse("192.168.1.5"),
    *net::IpAddress::parse("::1"), *net::IpAddress::parse("2001:db8::5")};

Links links(std::string_view address) {
  return links_to("https", *net::SocketAddress::parse(address), kLocal);
}

TEST(Links, OfALoopbackServerWorkHereOnly) {
  EXPECT_EQ(links("127.0.0.1:8080"), (Links{.here = {"https://localhost:8080"}}));
  EXPECT_EQ(links("[::1]:8080"), (Links{.here = {"https://localhost:8080"}}));
}

TEST(Links, OfAServerOnAllAddressesNameEach) {
  EXPECT_EQ(links("0.0.0.0:8443"),
            (Links{.here = {"https://localhost:8443"}, .network = {"https://192.168.1.5:8443"}}));
  EXPECT_EQ(links("[::]:8443"), links("0.0.0.0:8443"));
}

TEST(Links, NameAddressesOfIPv6WhereThereIsNoOther) {
  const std::vector<net::IpAddress> local = {kLocal[0], kLocal[2], kLocal[3]};
  EXPECT_EQ(links_to("https", *net::SocketAddress::parse("[::]:8443"), local).network,
            std::vector<std::string>{"https://[2001:db8::5]:8443"});
  EXPECT_TRUE(links_to("https", *net::SocketAddress::parse("0.0.0.0:8443"), local).network.empty());
}

TEST(Links, OfAServerOnOneAddressNameThat) {
  EXPECT_EQ(links("192.168.1.5:8443"), (Links{.network = {"https://192.168.1.5:8443"}}));
}

}  // namespace
}  // namespace parley::server
