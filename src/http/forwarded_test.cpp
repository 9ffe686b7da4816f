#include "http/forwarded.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parley::http {
namespace {

using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

net::SocketAddress address(std::string_view text) {
  return net::SocketAddress::parse(text).value();
}

const std::vector<net::Network> kTrusted = {*net::Network::parse("10.0.0.0/8"),
                                            *net::Network::parse("::1")};

Request request_from(std::string_view peer, Headers headers, bool over_tls = false) {
  Request request{.headers = std::move(headers), .host = "inside:8080"};
  set_origin(request, address(peer), over_tls, kTrusted);
  return request;
}

std::string client(std::string_view peer, Headers headers) {
  return request_from(peer, std::move(headers)).peer.ip.to_string();
}

TEST(HttpForwarded, BelievesNobodyElse) {
  const Request request = request_from("192.0.2.1:5", {{"X-Forwarded-For", "198.51.100.7"},
                                                       {"X-Forwarded-Proto", "https"},
                                                       {"X-Forwarded-Host", "meet.example"}});
  EXPECT_EQ(request.peer, address("192.0.2.1:5"));
  EXPECT_EQ(request.origin(), "http://inside:8080");
}

TEST(HttpForwarded, BelievesATrustedProxy) {
  const Request request = request_from("10.1.2.3:5", {{"x-forwarded-for", "198.51.100.7"},
                                                      {"x-forwarded-proto", "https"},
                                                      {"x-forwarded-host", "meet.example"}});
  EXPECT_EQ(request.peer.ip.to_string(), "198.51.100.7");
  EXPECT_EQ(request.origin(), "https://meet.example");
}

TEST(HttpForwarded, TakesTheRightmostAddressThatIsNoProxy) {
  EXPECT_EQ(client("10.0.0.1:1", {{"X-Forwarded-For", "1.1.1.1, 2.2.2.2, 10.0.0.9"}}), "2.2.2.2");
  EXPECT_EQ(client("10.0.0.1:1", {{"X-Forwarded-For", "10.0.0.7,10.0.0.9"}}), "10.0.0.7");
  EXPECT_EQ(client("10.0.0.1:1", {{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", "2.2.2.2"}}),
            "2.2.2.2");
  EXPECT_EQ(client("10.0.0.1:1", {{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", "10.0.0.2"}}),
            "1.1.1.1");
  EXPECT_EQ(client("10.0.0.1:1", {{"X-Forwarded-For", "1.1.1.1, nonsense, 10.0.0.2"}}), "10.0.0.2");
  EXPECT_EQ(client("10.0.0.1:1", {}), "10.0.0.1");
}

TEST(HttpForwarded, ReadsAddressesWithPortsAndBrackets) {
  EXPECT_EQ(client("[::1]:1", {{"X-Forwarded-For", "192.0.2.1:4711"}}), "192.0.2.1");
  EXPECT_EQ(client("[::1]:1", {{"X-Forwarded-For", "[2001:db8::1]:4711"}}), "2001:db8::1");
  EXPECT_EQ(client("[::1]:1", {{"X-Forwarded-For", "[2001:db8::1]"}}), "2001:db8::1");
  EXPECT_EQ(client("[::1]:1", {{"X-Forwarded-For", "2001:db8::1"}}), "2001:db8::1");
}

TEST(HttpForwarded, KnowsItsOwnTls) {
  EXPECT_EQ(request_from("192.0.2.1:5", {}, true).origin(), "https://inside:8080");
  EXPECT_EQ(request_from("10.0.0.1:5", {{"X-Forwarded-Proto", "http"}}, true).secure, false);
}

TEST(HttpForwarded, ComparesOriginsForPages) {
  EXPECT_TRUE(request_from("192.0.2.1:5", {}).is_same_origin());
  EXPECT_TRUE(request_from("192.0.2.1:5", {{"Origin", "http://INSIDE:8080"}}).is_same_origin());
  EXPECT_FALSE(request_from("192.0.2.1:5", {{"Origin", "https://inside:8080"}}).is_same_origin());
  EXPECT_FALSE(request_from("192.0.2.1:5", {{"Origin", "null"}}).is_same_origin());
}

}  // namespace
}  // namespace parley::http
