#include "socketio/engineio/cors.h"

#include <gtest/gtest.h>

namespace parley::engineio {
namespace {

using Headers = std::vector<http::Header>;

constexpr std::string_view kPage = "http://localhost:5173";

Headers headers(const Cors& cors, std::string_view origin) {
  Headers headers;
  add_cors_headers(cors, allowed_origin(cors, origin), headers);
  return headers;
}

TEST(Cors, SaysNothingWhenItIsOff) {
  EXPECT_EQ(headers({}, kPage), Headers{});
}

TEST(Cors, NamesAListedOriginAndTellsCachesSo) {
  const Cors cors{.origins = {"https://a.example", std::string(kPage)}};
  EXPECT_EQ(headers(cors, kPage),
            (Headers{{"Vary", "Origin"}, {"Access-Control-Allow-Origin", std::string(kPage)}}));
}

TEST(Cors, LeavesOutAnOriginThatIsNotListed) {
  const Cors cors{.origins = {std::string(kPage)}, .credentials = true};
  EXPECT_EQ(headers(cors, "http://localhost:51730"), (Headers{{"Vary", "Origin"}}));
  EXPECT_EQ(headers(cors, ""), (Headers{{"Vary", "Origin"}}));
}

TEST(Cors, AllowsEverybodyByAStar) {
  EXPECT_EQ(headers({.origins = {"*"}}, kPage), (Headers{{"Access-Control-Allow-Origin", "*"}}));
  EXPECT_EQ(headers({.origins = {"*"}}, ""), (Headers{{"Access-Control-Allow-Origin", "*"}}));
}

TEST(Cors, NamesTheAskerWhereCredentialsMayComeAlong) {
  EXPECT_EQ(headers({.origins = {"*"}, .credentials = true}, kPage),
            (Headers{{"Vary", "Origin"},
                     {"Access-Control-Allow-Origin", std::string(kPage)},
                     {"Access-Control-Allow-Credentials", "true"}}));
  EXPECT_EQ(headers({.origins = {"*"}, .credentials = true}, ""), (Headers{{"Vary", "Origin"}}));
}

TEST(Cors, AnswersAPreflightWithTheHeadersThatWereAskedFor) {
  http::Request request{.method = http::Method::kOptions};
  request.headers = {{"Origin", kPage}, {"Access-Control-Request-Headers", "x-token"}};
  const http::Response response = preflight({.origins = {std::string(kPage)}}, request);
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.headers, (Headers{{"Vary", "Origin"},
                                       {"Access-Control-Allow-Origin", std::string(kPage)},
                                       {"Access-Control-Allow-Methods", "GET,POST,OPTIONS"},
                                       {"Access-Control-Allow-Headers", "x-token"},
                                       {"Access-Control-Max-Age", "600"}}));
}

TEST(Cors, AnswersTheWrongPreflightWithNoPermission) {
  http::Request request{.method = http::Method::kOptions};
  request.headers = {{"Origin", "https://evil.example"}};
  const http::Response response = preflight({.origins = {std::string(kPage)}}, request);
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.headers, (Headers{{"Vary", "Origin"}}));
}

}  // namespace
}  // namespace parley::engineio
