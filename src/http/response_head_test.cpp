#include "http/response_head.h"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

std::string head_of(const Response& response, const ResponseFraming& framing = {}) {
  std::string head = "kept|";
  append_response_head(head, response, framing, "DATE");
  return head.substr(5);
}

TEST(HttpResponseHead, WritesStatusFieldsAndLength) {
  const Response response = Response::text(200, "body").with("X-One", "1");
  EXPECT_EQ(head_of(response),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nX-One: 1\r\n"
            "Date: DATE\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(head_of({.status = 404}),
            "HTTP/1.1 404 Not Found\r\nDate: DATE\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(head_of({.status = 299}),
            "HTTP/1.1 299 Unknown\r\nDate: DATE\r\nContent-Length: 0\r\n\r\n");
}

TEST(HttpResponseHead, SaysWhetherTheConnectionStays) {
  EXPECT_FALSE(head_of({}).contains("Connection"));
  EXPECT_TRUE(head_of({}, {.keep_alive = false}).contains("\r\nConnection: close\r\n"));
  EXPECT_TRUE(head_of({}, {.http_1_0 = true}).contains("\r\nConnection: keep-alive\r\n"));
  EXPECT_TRUE(head_of({}, {.http_1_0 = true, .keep_alive = false}).contains("Connection: close"));
  EXPECT_FALSE(head_of({.status = 101}, {.keep_alive = false}).contains("Connection"));
}

TEST(HttpResponseHead, KnowsWhatHasNoBody) {
  const Response response = Response::text(200, "body");
  EXPECT_TRUE(has_body(response, {}));
  EXPECT_FALSE(has_body(response, {.head_request = true}));
  EXPECT_TRUE(head_of(response, {.head_request = true}).contains("Content-Length: 4\r\n"));
  for (const int status : {101, 204, 304}) {
    EXPECT_FALSE(has_body(Response::text(status, "body"), {}));
    EXPECT_FALSE(head_of(Response::text(status, "body")).contains("Content-Length"));
  }
}

TEST(HttpResponseHead, LetsNoValueForgeAField) {
  const std::string value("a\r\nSet-Cookie: b\0c", 18);
  EXPECT_TRUE(head_of(Response{}.with("X", value)).contains("X: a  Set-Cookie: b c\r\n"));
}

TEST(HttpResponseHead, WritesDatesAsTheRfcHasThem) {
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(1709210096), "Thu, 29 Feb 2024 12:34:56 GMT");
}

}  // namespace
}  // namespace parley::http
