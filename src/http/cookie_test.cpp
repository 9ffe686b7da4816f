#include "http/cookie.h"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

using namespace std::chrono_literals;

TEST(Cookie, IsFoundByItsName) {
  EXPECT_EQ(find_cookie("a=1; b=2;c=3", "a"), "1");
  EXPECT_EQ(find_cookie("a=1; b=2;c=3", "b"), "2");
  EXPECT_EQ(find_cookie("a=1; b=2;c=3", "c"), "3");
  EXPECT_EQ(find_cookie(" a = 1 ", "a"), "1");
  EXPECT_EQ(find_cookie("a=x=y==", "a"), "x=y==");
  EXPECT_EQ(find_cookie(";;a=1;", "a"), "1");
}

TEST(Cookie, IsNotThereUnderAnotherName) {
  for (const char* const field :
       {"", ";", "=", "a", "A=1", "aa=1", "b=a", "b=1; xa=2", "a=", "a;b=1"}) {
    EXPECT_EQ(find_cookie(field, "a"), std::nullopt) << field;
  }
}

TEST(Cookie, CountsAsMissingWhereItIsThereTwice) {
  EXPECT_EQ(find_cookie("a=1; a=2", "a"), std::nullopt);
  EXPECT_EQ(find_cookie("a=1; b=2; a=1", "a"), std::nullopt);
  EXPECT_EQ(find_cookie("a; a=1", "a"), std::nullopt);
}

TEST(SetCookie, IsForNoScriptAndNoOtherHost) {
  EXPECT_EQ((SetCookie{.name = "n", .value = "v", .max_age = 15min, .secure = true}).to_string(),
            "n=v; Path=/; Max-Age=900; HttpOnly; SameSite=Lax; Secure");
  EXPECT_EQ((SetCookie{.name = "n", .path = "/api/auth", .same_site = SetCookie::SameSite::kStrict})
                .to_string(),
            "n=; Path=/api/auth; Max-Age=0; HttpOnly; SameSite=Strict");
}

}  // namespace
}  // namespace parley::http
