#include "http/uri.h"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

std::optional<std::string> decoded(std::string_view encoded) {
  std::string path = "what was there before";
  return decode_path(encoded, path) ? std::optional(path) : std::nullopt;
}

TEST(HttpUri, TakesATargetApart) {
  const auto plain = parse_target("/a/b?c=d?e");
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(plain->path, "/a/b");
  EXPECT_EQ(plain->query, "c=d?e");
  EXPECT_EQ(plain->authority, "");
  EXPECT_EQ(parse_target("HTTPS://h:1/p?q")->authority, "h:1");
  EXPECT_EQ(parse_target("http://h")->path, "/");
  EXPECT_EQ(parse_target("*")->path, "*");
  for (const std::string_view bad : {"", "a", "h:1", "ws://h/", "://h", "http://", "http://?q"}) {
    EXPECT_FALSE(parse_target(bad).has_value()) << bad;
  }
}

TEST(HttpUri, DecodesPaths) {
  EXPECT_EQ(decoded("/socket.io/"), "/socket.io/");
  EXPECT_EQ(decoded("/room/caf%C3%A9%20x"), "/room/caf\xC3\xA9 x");
  EXPECT_EQ(decoded("/a%2fb%2Fc"), "/a/b/c");
  EXPECT_EQ(decoded("/a+b"), "/a+b");
  EXPECT_EQ(decoded("*"), "*");
}

TEST(HttpUri, RefusesPathsThatNobodyWantsToSee) {
  for (const std::string_view bad :
       {"/%", "/%4", "/%4g", "/%g4", "/%00", "/a%0Ab", "/%7f", "/%FF", "/%C3", "/%ED%A0%80"}) {
    EXPECT_EQ(decoded(bad), std::nullopt) << bad;
  }
}

TEST(HttpUri, NeverLeavesTheRoot) {
  EXPECT_EQ(decoded("/a/./b/../c"), "/a/c");
  EXPECT_EQ(decoded("/.."), "/");
  EXPECT_EQ(decoded("/../../etc/passwd"), "/etc/passwd");
  EXPECT_EQ(decoded("/a/%2e%2E/b"), "/b");
  EXPECT_EQ(decoded("/a%2f..%2f..%2fb"), "/b");
  EXPECT_EQ(decoded("/a/."), "/a/");
  EXPECT_EQ(decoded("/a/.."), "/");
  EXPECT_EQ(decoded("/a/..b/...."), "/a/..b/....");
  EXPECT_EQ(decoded("//.//a"), "///a");
}

TEST(HttpUri, FindsQueryParameters) {
  constexpr std::string_view kQuery = "EIO=4&sid=a%2Bb+c&flag&empty=&sid=second&%6Eame=x&bad=%zz%4";
  EXPECT_EQ(find_query_parameter(kQuery, "EIO"), "4");
  EXPECT_EQ(find_query_parameter(kQuery, "sid"), "a+b c");
  EXPECT_EQ(find_query_parameter(kQuery, "flag"), "");
  EXPECT_EQ(find_query_parameter(kQuery, "empty"), "");
  EXPECT_EQ(find_query_parameter(kQuery, "name"), "x");
  EXPECT_EQ(find_query_parameter(kQuery, "bad"), "%zz%4");
  EXPECT_EQ(find_query_parameter(kQuery, "eio"), std::nullopt);
  EXPECT_EQ(find_query_parameter("", "EIO"), std::nullopt);
}

}  // namespace
}  // namespace parley::http
