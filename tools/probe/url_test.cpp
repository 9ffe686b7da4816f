#include "probe/url.h"

#include <gtest/gtest.h>

namespace parley::probe {
namespace {

std::string normal(std::string_view text) {
  const auto url = parse_web_url(text);
  return url ? url->to_string() : "no URL";
}

TEST(WebUrl, TakesWhatPeopleWrite) {
  EXPECT_EQ(normal("meet.example.org"), "https://meet.example.org");
  EXPECT_EQ(normal("https://meet.example.org:443/"), "https://meet.example.org");
  EXPECT_EQ(normal("http://192.0.2.1:8080"), "http://192.0.2.1:8080");
  EXPECT_EQ(normal("http://meet.example.org:443"), "http://meet.example.org:443");
  EXPECT_EQ(normal("[2001:db8::1]:8443"), "https://[2001:db8::1]:8443");
  EXPECT_EQ(normal("https://[2001:db8::1]"), "https://[2001:db8::1]");
}

TEST(WebUrl, KeepsTheBaseAndLeavesOutTheRoom) {
  EXPECT_EQ(normal("https://example.org/meet/"), "https://example.org/meet");
  EXPECT_EQ(normal("https://example.org/room/standup?a=b"), "https://example.org");
  EXPECT_EQ(normal("https://example.org?a=b"), "https://example.org");
  EXPECT_EQ(normal("https://example.org/meet#top"), "https://example.org/meet");
}

TEST(WebUrl, RefusesWhatIsNone) {
  for (const auto* text :
       {"", "ftp://example.org", "https://", "https://:80", "a b", "example:0", "example:x",
        "example:65536", "[::1", "[192.0.2.1]", "[::1]x", "https://a@b"}) {
    EXPECT_EQ(normal(text), "no URL") << text;
  }
}

TEST(IceUrl, TellsTheWayAndTheDefaultPorts) {
  const auto stun = parse_ice_url("stun:example.org");
  ASSERT_TRUE(stun);
  EXPECT_EQ(*stun, (Doctor::Server{.host = "example.org", .port = 3478}));
  const auto udp = parse_ice_url("turn:example.org:5000?transport=udp");
  ASSERT_TRUE(udp);
  EXPECT_EQ(*udp, (Doctor::Server{.relays = true, .host = "example.org", .port = 5000}));
  const auto tcp = parse_ice_url("turn:[2001:db8::1]?transport=tcp");
  ASSERT_TRUE(tcp);
  EXPECT_EQ(*tcp, (Doctor::Server{
                      .relays = true, .way = Way::kTcp, .host = "2001:db8::1", .port = 3478}));
  const auto tls = parse_ice_url("turns:example.org?transport=tcp");
  ASSERT_TRUE(tls);
  EXPECT_EQ(*tls, (Doctor::Server{
                      .relays = true, .way = Way::kTls, .host = "example.org", .port = 5349}));
}

TEST(IceUrl, RefusesWhatWeCannotTry) {
  EXPECT_FALSE(parse_ice_url("turns:example.org?transport=udp"));
  EXPECT_FALSE(parse_ice_url("http:example.org"));
  EXPECT_FALSE(parse_ice_url("turn:"));
  EXPECT_FALSE(parse_ice_url("turn:example.org:99999"));
}

}  // namespace
}  // namespace parley::probe
