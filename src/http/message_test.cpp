#include "http/message.h"

#include <gtest/gtest.h>

#include "http/json_body.h"
#include "http/text.h"

namespace parley::http {
namespace {

TEST(HttpMessage, FindsHeadersWhateverTheirCase) {
  const Request request{.headers = {{"Accept", "first"}, {"ACCEPT", "second"}, {"X", ""}}};
  EXPECT_EQ(request.header("accept"), "first");
  EXPECT_EQ(request.header("x"), "");
  EXPECT_EQ(request.header("accep"), std::nullopt);
}

TEST(HttpMessage, GivesParameters) {
  const Request request{.query = "a=1&b=%20", .path_parameters = {{"name", "lobby"}}};
  EXPECT_EQ(request.query_parameter("b"), " ");
  EXPECT_EQ(request.path_parameter("name"), "lobby");
  EXPECT_DEATH(request.path_parameter("other"), "assertion failed");
}

TEST(HttpMessage, WritesProblems) {
  const Response problem = Response::problem(422, "Unprocessable Content", "too \"long\"", "name");
  EXPECT_EQ(problem.status, 422);
  EXPECT_EQ(problem.headers, (std::vector<Header>{{"Content-Type", "application/problem+json"}}));
  EXPECT_EQ(
      problem.body.text(),
      R"({"title":"Unprocessable Content","status":422,"detail":"too \"long\"","field":"name"})");
  EXPECT_EQ(Response::problem(404, "Not Found", "").body.text(),
            R"({"title":"Not Found","status":404})");
}

struct Named {
  std::string name;

  static constexpr auto fields() { return std::tuple(field("name", &Named::name)); }
};

Request json_request(std::string_view content_type, std::string_view body) {
  return {.headers = {{"Content-Type", content_type}}, .body = as_bytes(body)};
}

TEST(HttpMessage, ReadsJsonBodies) {
  const auto named =
      parse_body_as<Named>(json_request("application/json; charset=utf-8", R"({"name":"Ada"})"));
  ASSERT_TRUE(named.has_value());
  EXPECT_EQ(named->name, "Ada");
  EXPECT_TRUE(parse_json_body(json_request("application/merge-patch+json", "[]")).has_value());
}

TEST(HttpMessage, SaysWhatIsWrongWithAJsonBody) {
  EXPECT_EQ(parse_json_body(json_request("text/plain", "{}")).error().status, 415);
  EXPECT_EQ(parse_json_body({.body = as_bytes("{}")}).error().status, 415);
  EXPECT_EQ(parse_json_body(json_request("application/json", "{")).error().status, 400);
  const auto wrong = parse_body_as<Named>(json_request("application/json", R"({"name":1})"));
  EXPECT_EQ(wrong.error().status, 400);
  EXPECT_TRUE(wrong.error().body.text().contains(R"("field":"name")"));
}

TEST(HttpText, SplitsListsAndTrims) {
  EXPECT_EQ(trim(" \t a b\t "), "a b");
  EXPECT_EQ(trim(" \t"), "");
  EXPECT_EQ(split("a ; b;c", ';'), (std::pair<std::string_view, std::string_view>("a", "b;c")));
  EXPECT_EQ(split("a", ';'), (std::pair<std::string_view, std::string_view>("a", "")));
  std::string joined;
  for_each_element(" a,, b ,",
                   [&](std::string_view element) { joined += "<" + std::string(element) + ">"; });
  EXPECT_EQ(joined, "<a><b>");
  EXPECT_TRUE(list_contains("keep-alive, Upgrade", "upgrade"));
  EXPECT_FALSE(list_contains("upgraded", "upgrade"));
}

}  // namespace
}  // namespace parley::http
