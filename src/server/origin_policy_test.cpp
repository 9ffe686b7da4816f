#include "server/origin_policy.h"

#include <gtest/gtest.h>

namespace parley::server {
namespace {

bool allows(std::vector<std::string> allowed, std::string_view origin, bool secure = false,
            std::string host = "meet.example.org") {
  http::Request request;
  request.host = std::move(host);
  request.secure = secure;
  if (!origin.empty()) request.headers.emplace_back("Origin", origin);
  return OriginPolicy(std::move(allowed)).allows(request);
}

TEST(OriginPolicy, LetsOurOwnPagesIn) {
  EXPECT_TRUE(allows({}, "http://meet.example.org"));
  EXPECT_TRUE(allows({}, "https://meet.example.org", true));
  EXPECT_TRUE(allows({}, "http://localhost:8080", false, "localhost:8080"));
}

TEST(OriginPolicy, KeepsOtherPagesOut) {
  EXPECT_FALSE(allows({}, "https://evil.example"));
  EXPECT_FALSE(allows({}, "http://meet.example.org.evil.example"));
  EXPECT_FALSE(allows({}, "http://meet.example.org:81"));
  EXPECT_FALSE(allows({}, "https://meet.example.org", false));  // The scheme is part of it.
  EXPECT_FALSE(allows({}, "null"));
}

TEST(OriginPolicy, LetsInWhomTheOperatorNames) {
  EXPECT_TRUE(allows({"https://a.example", "https://b.example"}, "https://b.example"));
  EXPECT_FALSE(allows({"https://a.example"}, "https://a.example:444"));
  EXPECT_TRUE(allows({"*"}, "https://any.example"));
}

TEST(OriginPolicy, LetsInWhatIsNoBrowser) {
  EXPECT_TRUE(allows({}, ""));
}

bool allows_change(std::vector<std::string> allowed, std::string_view origin, bool cookie) {
  http::Request request;
  request.host = "meet.example.org";
  if (!origin.empty()) request.headers.emplace_back("Origin", origin);
  if (cookie) request.headers.emplace_back("Cookie", "a=b");
  return OriginPolicy(std::move(allowed)).allows_change(request);
}

TEST(OriginPolicy, LetsOurPagesAndProgramsChangeThings) {
  EXPECT_TRUE(allows_change({}, "http://meet.example.org", true));
  EXPECT_TRUE(allows_change({}, "http://meet.example.org", false));
  EXPECT_TRUE(allows_change({"https://a.example"}, "https://a.example", true));
  EXPECT_TRUE(allows_change({}, "", false));
}

TEST(OriginPolicy, LetsNoOtherPageChangeThings) {
  for (const bool cookie : {false, true}) {
    EXPECT_FALSE(allows_change({}, "https://evil.example", cookie));
    EXPECT_FALSE(allows_change({}, "null", cookie));
    EXPECT_FALSE(allows_change({}, "*", cookie));
    EXPECT_FALSE(allows_change({}, "http://meet.example.org.evil.example", cookie));
  }
  EXPECT_FALSE(allows_change({}, "", true));
}

TEST(OriginPolicy, LetsNoPageActForSomebodyBecauseAnyMayConnect) {
  EXPECT_TRUE(allows_change({"*"}, "https://any.example", false));
  EXPECT_FALSE(allows_change({"*"}, "https://any.example", true));
  EXPECT_FALSE(allows_change({"*"}, "null", true));
}

}  // namespace
}  // namespace parley::server
